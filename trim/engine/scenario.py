"""What a scenario of a pack is once it is read: given what, when somebody does what, expect what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from trim.domain.working_days import NO_FREE_DAYS, FreeDays
from trim.engine.durations import Duration
from trim.engine.source import Source


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Target:
    """What a step is about: a lifecycle, and for an escalation the rule that raised it."""

    lifecycle: str
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.lifecycle}.{self.rule}" if self.rule else self.lifecycle


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to an interview: all of them, some with 0 for the rest, or a total spread evenly over the items."""

    total: int | None = None
    points: Mapping[str, int] | None = None
    given: Mapping[str, str | int] | None = None
    stopped_early: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """What happens in one step: time passes, something becomes known, somebody does something; each may be left out."""

    place: Source
    target: Target
    after: Duration | None = None
    since: str | None = None
    at: datetime | None = None
    by: tuple[str, ...] = ()
    do: str | None = None
    values: Mapping[str, Any] = field(default_factory=_nothing)
    answers: Answers | None = None
    knowing: Mapping[str, Any] = field(default_factory=_nothing)
    anchors: Mapping[str, datetime] = field(default_factory=_nothing)
    variables: Mapping[str, Any] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Bound:
    """An instant that is expected: a length of time from an anchor, an instant, a whole day, or none at all."""

    text: str
    after: Duration | None = None
    at: datetime | None = None
    day: bool = False


@dataclass(frozen=True, slots=True)
class ExpectedStep:
    """A step that should be open; a bound that is not named here is not looked at."""

    anchor: str | None = None
    bounds: Mapping[str, Bound] = field(default_factory=_nothing)
    standing: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class ExpectedEscalation:
    """An escalation that should have been raised by the step."""

    to: str | None = None
    level: str | None = None
    within: Bound | None = None


@dataclass(frozen=True, slots=True)
class ExpectedRefusal:
    """A refusal that should come: its code, a part of what the person is told, the fields that are wrong."""

    code: str | None = None
    says: str | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """One line of `expect`; `kind` is its key and `value` what stands there, read."""

    kind: str
    place: Source
    value: Any


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scenario."""

    when: When
    expect: tuple[Expectation, ...]

    @property
    def refusal(self) -> Expectation | None:
        """The refusal that is expected, if one is."""
        return next((one for one in self.expect if one.kind == "refused"), None)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story that a pack should tell. A `binding` one holds for every pack that extends this one."""

    title: str
    lifecycle: str
    zone: ZoneInfo
    now: datetime
    anchors: Mapping[str, datetime]
    variables: Mapping[str, Any]
    steps: tuple[Step, ...]
    binding: bool = False
    #: Days on which nobody works, besides Saturdays and Sundays: for windows that a pack counts in working days.
    free_days: FreeDays = NO_FREE_DAYS


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """An expectation that did not come true."""

    file: str
    line: int
    key: str
    expected: str
    came: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: expected {self.expected}; came {self.came}."


def found(place: Source, expected: str, came: str) -> Finding:
    """Give a finding at a place of a scenario's file."""
    return Finding(place.file, place.line, place.key, expected, came)
