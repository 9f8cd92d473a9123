"""The things of a scenario as they stand, and what one step of it brought."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from trim.engine.opening import Opened
from trim.engine.scenario import Target
from trim.engine.scenario_interview import Held
from trim.engine.scenario_moving import Going


@dataclass(slots=True)
class Thing:
    """A case, an incident, a referral, an escalation or a step of an agreed plan as it stands."""

    target: Target
    state: str
    steps: dict[str, Opened] = field(default_factory=dict)
    going: Going = field(default_factory=Going)
    to: str = ""
    level: str = ""
    answer_by: datetime | None = None
    #: Of a step of the agreed plan: its day, and what was running on it when the case ended.
    planned_for: datetime | None = None
    stopped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action did not happen; `fields` are those of its form that cannot be taken."""

    code: str
    told: tuple[str, ...]
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f", {', '.join(self.fields)}" if self.fields else ""
        return f"refused ({self.code}{where}): {' '.join(self.told)}".rstrip(": ")


@dataclass(slots=True)
class Outcome:
    """What one step of a scenario brought."""

    thing: Thing
    refusal: Refusal | None = None
    shown: tuple[str, ...] = ()
    done: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    raised: list[Thing] = field(default_factory=list)
    held: Held | None = None


class NotThere(LookupError):
    """Raised when a step is about a thing that does not exist in the scenario, such as a referral nobody proposed."""
