"""Opens and ends the steps of a thing: which clock a step runs on, and what a decision does to those that are open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from trim.engine import clockwork, machine
from trim.engine.clockwork import Span
from trim.engine.definition import Pack

Ending = Literal["done", "cancelled"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A step with its clock; `anchor` names the happening that it runs from (CARE 22)."""

    name: str
    anchor: str
    anchor_at: datetime
    span: Span
    opened_at: datetime


def opened(
    pack: Pack,
    *,
    lifecycle: str,
    step: str,
    anchors: Mapping[str, datetime],
    variables: Mapping[str, Any],
    zone: ZoneInfo,
    now: datetime,
) -> Opened:
    """Reckon a step's clock from the happenings that are known; `anchors` hold at least "now".

    Raises ConditionFailed where it cannot be told which window holds.
    """
    window = machine.window_of(pack, lifecycle=lifecycle, step=step, variables=variables)
    # A self-referral has no incident: its clock runs from the day the case was opened, and the step says so.
    anchor = next(one for one in (window.anchor, "case.opened_at", "now") if one in anchors)
    span = clockwork.span(window, anchors[anchor], zone, previous_at=anchors.get("previous_interview.at"))
    return Opened(step, anchor, anchors[anchor], span, now)


def ending(decision: machine.Decision, step: str) -> Ending | None:
    """Say what a decision does to an open step; None leaves it running."""
    if step in decision.completes:
        return "done"
    return "cancelled" if decision.cancels_all or step in decision.cancels else None


def is_early(earliest: Iterable[tuple[str, datetime | None]], completes: Iterable[str], at: datetime) -> bool:
    """Say whether `at` lies before the earliest bound of an open step that an action completes."""
    names = set(completes)
    return any(name in names and bound is not None and at < bound for name, bound in earliest)
