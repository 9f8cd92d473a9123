"""Opens and ends the steps of a thing: which clock a step runs on, and what a decision does to those that are open."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from trim.engine import clockwork, machine
from trim.engine.clockwork import Span
from trim.engine.definition import Pack, Window

Ending = Literal["done", "cancelled"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A step with its clock; `anchor` names the happening that it runs from (CARE 22).

    `window` says which window of the step held: 0 its own, 1 the first of `instead`. `gap_from_at` is the interview
    before, where the window keeps a gap from it. With both the clock can be reckoned again (`reckoned`).
    """

    name: str
    anchor: str
    anchor_at: datetime
    span: Span
    opened_at: datetime
    window: int = 0
    gap_from_at: datetime | None = None


def opened(
    pack: Pack,
    *,
    lifecycle: str,
    step: str,
    anchors: Mapping[str, datetime],
    variables: Mapping[str, Any],
    zone: ZoneInfo,
    now: datetime,
    holidays: Container[date] = (),
) -> Opened:
    """Reckon a step's clock from the happenings that are known; `anchors` hold at least "now".

    `holidays` are the days on which nobody works, for windows in working days. Raises ConditionFailed where it cannot
    be told which window holds.
    """
    window = machine.window_of(pack, lifecycle=lifecycle, step=step, variables=variables)
    # A self-referral has no incident: its clock runs from the day the case was opened, and the step says so.
    anchor = next(one for one in (window.anchor, "case.opened_at", "now") if one in anchors)
    gap_from_at = anchors.get("previous_interview.at") if window.least_gap else None
    span = clockwork.span(window, anchors[anchor], zone, previous_at=gap_from_at, holidays=holidays)
    which = windows_of(pack, lifecycle, step).index(window)
    return Opened(step, anchor, anchors[anchor], span, now, which, gap_from_at)


def windows_of(pack: Pack, lifecycle: str, step: str) -> tuple[Window, ...]:
    """Give every window that a step may take: its own, then those that take its place. Raises KeyError."""
    return pack.lifecycles[lifecycle].steps[step].windows


def reckoned(
    window: Window,
    *,
    anchor_at: datetime,
    gap_from_at: datetime | None,
    zone: ZoneInfo,
    holidays: Container[date] = (),
) -> Span:
    """Reckon a clock that was opened before once more, on whatever calendar holds now: it answers as `opened` did."""
    return clockwork.span(window, anchor_at, zone, previous_at=gap_from_at, holidays=holidays)


def ending(decision: machine.Decision, step: str) -> Ending | None:
    """Say what a decision does to an open step; None leaves it running."""
    if step in decision.completes:
        return "done"
    return "cancelled" if decision.cancels_all or step in decision.cancels else None


def is_early(earliest: Iterable[tuple[str, datetime | None]], completes: Iterable[str], at: datetime) -> bool:
    """Say whether `at` lies before the earliest bound of an open step that an action completes."""
    names = set(completes)
    return any(name in names and bound is not None and at < bound for name, bound in earliest)
