"""What a pack is once it is read: plain frozen values, in the order in which the pack's author wrote them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from trim.engine import codec, hashing
from trim.engine.durations import Duration
from trim.engine.instrument import INCOMPLETE as INCOMPLETE
from trim.engine.instrument import NOT_ASKED as NOT_ASKED
from trim.engine.instrument import PREFERRED_NOT_TO_ANSWER as PREFERRED_NOT_TO_ANSWER
from trim.engine.instrument import SPECIAL_ANSWERS as SPECIAL_ANSWERS
from trim.engine.instrument import Anchor as Anchor
from trim.engine.instrument import Band as Band
from trim.engine.instrument import Choice as Choice
from trim.engine.instrument import Instrument as Instrument
from trim.engine.instrument import Item as Item
from trim.engine.instrument import ItemKind as ItemKind
from trim.engine.instrument import Section as Section
from trim.engine.wording import Text

LANGUAGE = 1
"""The version of the workflow language that this engine writes; it reads every older one."""
FIRST_LANGUAGE = 1
"""What compiled text is written in that names no version: it must stay the same when LANGUAGE grows."""

INCIDENT = "incident"
"""A case comes of an incident where its lifecycle says nothing else."""

ALL = "all"
"""In `cancels`, `pauses` and `resumes`: every open step."""

StateKind = Literal["waiting", "active", "final"]
Calendar = Literal["calendar", "working_days"]


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Field:
    """One question of an action's form; `when` (a condition) hides it where it has no meaning."""

    name: str
    label: Text
    field_class: str
    hint: Text | None = None
    required: bool = False
    choices: tuple[Choice, ...] = ()
    max_length: int | None = None
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition that must hold before an action, and what to tell the person where it does not."""

    when: str
    otherwise: Text


@dataclass(frozen=True, slots=True)
class Branch:
    """Where an action leads; the first branch whose condition holds is taken and opens its own steps."""

    state: str
    when: str | None = None
    starts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """Where a thing can stand; its word is public metadata, so it may say nothing about a person's health."""

    name: str
    label: Text
    kind: StateKind = "active"
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person does; `to` empty or None means the state stays.

    `label` bids ("Close the case"), `done` tells ("Case closed"); without it the label tells too.
    """

    name: str
    label: Text
    from_: tuple[str, ...]
    by: tuple[str, ...]
    to: tuple[Branch, ...] | None = None
    hint: Text | None = None
    form: tuple[Field, ...] = ()
    requires: tuple[Requirement, ...] = ()
    completes: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    cancels: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    instrument: str | None = None
    step: str | None = None
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    resets: tuple[str, ...] = ()
    danger: bool = False
    needs_confirm: Text | None = None
    done: Text | None = None

    @property
    def told(self) -> Text:
        """The words of a history: what was done."""
        return self.done or self.label

    @property
    def may_start(self) -> tuple[str, ...]:
        """Every step that it may start, wherever it leads."""
        return (*self.starts, *(name for branch in self.to or () for name in branch.starts))


@dataclass(frozen=True, slots=True)
class Window:
    """When a step should be done, reckoned from its anchor; `least_gap` is kept from the previous interview."""

    anchor: str
    due: Duration
    earliest: Duration | None = None
    latest: Duration | None = None
    least_gap: Duration | None = None
    calendar: Calendar = "calendar"


@dataclass(frozen=True, slots=True)
class OtherWindow:
    """A window that takes the place of a step's own one where its condition holds."""

    when: str
    window: Window


@dataclass(frozen=True, slots=True)
class Overdue:
    """What happens after a step's latest bound (or after `due` where it has none)."""

    remind: tuple[Duration, ...] = ()
    escalate_after: Duration | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Repeats:
    """How a step comes back once it is done: on the days of its series (`every`), else counted from the doing.

    It ends after `times`, at a length of time from the first (`until`), or where the condition `while_` fails.
    """

    every: Duration | None = None
    times: int | None = None
    until: Duration | None = None
    while_: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is expected to happen within a window; `who` is the role whose work list shows it.

    `remind` are lengths of time before `due` at which that role is reminded.
    """

    name: str
    label: Text
    window: Window
    who: str
    hint: Text | None = None
    instrument: str | None = None
    when: str | None = None
    instead: tuple[OtherWindow, ...] = ()
    remind: tuple[Duration, ...] = ()
    overdue: Overdue | None = None
    repeats: Repeats | None = None

    @property
    def windows(self) -> tuple[Window, ...]:
        """Its own window, then those that may take its place."""
        return (self.window, *(other.window for other in self.instead))


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The states and actions of one kind of thing: an incident, a case, a referral, an escalation.

    `opened_by` are the ways in which a case may come: of an incident, by request, by a concern, linked to another.
    """

    name: str
    label: Text
    initial: str
    states: Mapping[str, State]
    actions: Mapping[str, Action]
    steps: Mapping[str, Step] = field(default_factory=_nothing)
    starts: tuple[str, ...] = ()
    hint: Text | None = None
    opened_by: tuple[str, ...] = (INCIDENT,)

    def open_states(self) -> tuple[str, ...]:
        """Give the names of all states that are not final."""
        return tuple(state.name for state in self.states.values() if state.kind != "final")


@dataclass(frozen=True, slots=True)
class EscalationRule:
    """When the programme must look at a case, who must, and within what time."""

    name: str
    label: Text
    to: str
    when: str | None = None
    at: tuple[str, ...] = ()
    by_action: str | None = None
    levels: Mapping[str, Duration] = field(default_factory=_nothing)
    answer_within: Duration | None = None
    hint: Text | None = None

    def within(self, level: str | None = None) -> Duration | None:
        """Give the time for an answer: that of the level, else the rule's, else the shortest of all levels."""
        if level is not None and level in self.levels:
            return self.levels[level]
        return self.answer_within or min(self.levels.values(), key=lambda one: one.rough_seconds, default=None)


@dataclass(frozen=True, slots=True)
class Confidentiality:
    """What is explained before every interview; a new version is explained anew (CARE 29)."""

    version: str = field(metadata={"wording": True})
    opening: Text
    limits: tuple[Text, ...]
    closing: Text
    confirm: Text


@dataclass(frozen=True, slots=True)
class ContactPlace:
    """A place for a telephone number or address that the organisation fills in; a pack never holds the number."""

    name: str
    label: Text
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class VariableType:
    """A value that conditions may read; `source` is case, form (known once the form is filled in) or engine."""

    name: str
    type: str
    source: str = "case"


@dataclass(frozen=True, slots=True)
class Pack:
    """An organisation's whole process. Two packs with equal behaviour hash decide everything alike."""

    name: str
    version: str = field(metadata={"wording": True})
    title: Text
    summary: Text
    confidentiality: Confidentiality
    lifecycles: Mapping[str, Lifecycle] = field(default_factory=_nothing)
    instruments: Mapping[str, Instrument] = field(default_factory=_nothing)
    escalations: Mapping[str, EscalationRule] = field(default_factory=_nothing)
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=_nothing)
    contacts: tuple[ContactPlace, ...] = ()
    texts: Mapping[str, Text] = field(default_factory=_nothing)
    variables: Mapping[str, VariableType] = field(default_factory=_nothing)
    language: int = FIRST_LANGUAGE
    behaviour_hash: str = field(default="", metadata={"derived": True})
    wording_hash: str = field(default="", metadata={"derived": True})

    def sealed(self) -> Pack:
        """Give this pack with both hashes reckoned from what it holds."""
        return replace(self, behaviour_hash=hashing.behaviour_hash(self), wording_hash=hashing.wording_hash(self))

    def choice(self, group: str, value: str) -> Choice | None:
        """Find a choice of a group; None where the pack does not know it."""
        return next((choice for choice in self.choices.get(group, ()) if choice.value == value), None)

    def to_json(self) -> str:
        """Write the pack as canonical JSON, without its hashes: they are reckoned anew on reading."""
        return codec.dumps(codec.encode(self))

    @classmethod
    def from_json(cls, text: str) -> Pack:
        """Read what to_json wrote; raises ValueError for a pack of a newer language.

        A text that was read before gives the same pack: packs cannot change, and reckoning the hashes takes time.
        """
        return _from_json(text)


@lru_cache(maxsize=32)
def _from_json(text: str) -> Pack:
    data = json.loads(text)
    if data.get("language", FIRST_LANGUAGE) > LANGUAGE:
        raise ValueError(f"this pack is written in language {data['language']}, this engine reads up to {LANGUAGE}")
    return codec.decode(Pack, data).sealed()
