"""When a running clock wants something of somebody: before it is due, when it is due, once it is late.

Plain reckoning from a step's rules and its instants; what then happens, and to whom, is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from trim.engine.definition import Step
from trim.engine.durations import Duration

StageKind = Literal["remind", "due", "overdue", "escalate"]

#: Of two stages at one instant the milder comes first.
_ORDER: dict[StageKind, int] = {"remind": 0, "due": 1, "overdue": 2, "escalate": 3}


@dataclass(frozen=True, slots=True)
class Stage:
    """One moment of a clock. `name` tells it apart from every other of the step: `remind:PT12H`, `overdue:P1D`."""

    kind: StageKind
    name: str
    at: datetime
    #: Whom an escalation goes to, in the pack's words.
    to: str | None = None


def stages_of(
    step: Step | None, *, due_at: datetime, latest_at: datetime | None, opened_at: datetime, zone: ZoneInfo
) -> tuple[Stage, ...]:
    """Every stage of a clock in the order of time; a reminder that would lie before the clock began is none.

    `step` None is a step that its pack does not know any more: it is still told when it is due.
    """
    found = [Stage("due", "due", due_at)]
    if step is not None:
        found += [Stage("remind", f"remind:{one}", one.before(due_at, zone)) for one in step.remind]
        late_from = latest_at or due_at
        if step.overdue is not None:
            found += [_late(one, late_from, zone) for one in step.overdue.remind]
            if step.overdue.escalate_after is not None:
                at = step.overdue.escalate_after.after(late_from, zone)
                found.append(Stage("escalate", "escalate", at, step.overdue.to))
    kept = (one for one in found if one.kind != "remind" or one.at > opened_at)
    return tuple(sorted(kept, key=lambda one: (one.at, _ORDER[one.kind], one.name)))


def _late(after: Duration, late_from: datetime, zone: ZoneInfo) -> Stage:
    return Stage("overdue", f"overdue:{after}", after.after(late_from, zone))
