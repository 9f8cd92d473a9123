"""Turns a window and its anchor into instants; never reads the clock."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from trim.engine.definition import Window
from trim.engine.durations import Duration

Standing = Literal["early", "ready", "due", "overdue"]


class UnanchoredWindow(ValueError):
    """Raised when an anchor is not an aware instant."""


@dataclass(frozen=True, slots=True)
class Span:
    """The instants (aware UTC) of one step; work before `earliest_at` asks for a reason, it is not refused."""

    earliest_at: datetime | None
    due_at: datetime
    latest_at: datetime | None

    def standing(self, now: datetime) -> Standing:
        """Say where `now` lies: before the earliest, before due, past due, or past the latest bound."""
        if self.earliest_at is not None and now < self.earliest_at:
            return "early"
        if now <= self.due_at:
            return "ready"
        return "due" if self.latest_at is not None and now <= self.latest_at else "overdue"

    @property
    def overdue_from(self) -> datetime:
        """Give the instant after which the step is overdue."""
        return self.latest_at or self.due_at


def span(
    window: Window,
    anchor_at: datetime,
    zone: ZoneInfo,
    *,
    previous_at: datetime | None = None,
    holidays: Container[date] = (),
) -> Span:
    """Reckon a window from its anchor (aware), in the organisation's zone; raises UnanchoredWindow.

    Days and months keep the wall-clock hour, hours are absolute. `previous_at`, the previous interview, moves
    every bound to at least `least_gap` after it. `holidays`, the days on which nobody works besides Saturdays and
    Sundays, matter only to a window in working days.

    The bounds always stand in their order. A pack's lengths cannot promise that by themselves: over the end of summer
    time P1D is longer than PT24H, in February P30D is longer than P1M, and twenty working days may outlast a month.
    The later instant holds then: nobody is hurried, and nothing is due before it may be done without a reason.
    """
    if anchor_at.tzinfo is None:
        raise UnanchoredWindow(f"the anchor {window.anchor} has no time zone")

    def after(duration: Duration) -> datetime:
        if window.calendar == "working_days":
            return _working_days_after(anchor_at, duration, zone, holidays)
        return duration.after(anchor_at, zone)

    earliest = after(window.earliest) if window.earliest else None
    due = after(window.due)
    latest = after(window.latest) if window.latest else None
    if window.least_gap and previous_at is not None:
        floor = window.least_gap.after(previous_at, zone)
        earliest = max(earliest, floor) if earliest else floor
    due = max(due, earliest) if earliest else due
    return Span(earliest, due, max(latest, due) if latest else None)


def _working_days_after(anchor_at: datetime, duration: Duration, zone: ZoneInfo, holidays: Container[date]) -> datetime:
    """Count the duration's days over Monday to Friday without holidays; months and hours stay calendar time.

    Where months or hours end on a day on which nobody works, the bound moves to the next working day at that hour.
    """
    local = Duration(months=duration.months).after(anchor_at, zone).astimezone(zone).replace(tzinfo=None, fold=0)
    left = duration.days
    while left:
        local += timedelta(days=1)
        if _is_working_day(local.date(), holidays):
            left -= 1
    reckoned = anchor_at.astimezone(UTC)
    if duration.months or duration.days:
        reckoned = local.replace(tzinfo=zone).astimezone(UTC)
    reckoned += timedelta(seconds=duration.seconds)
    local = reckoned.astimezone(zone).replace(tzinfo=None, fold=0)
    if _is_working_day(local.date(), holidays):
        return reckoned
    while not _is_working_day(local.date(), holidays):
        local += timedelta(days=1)
    return local.replace(tzinfo=zone).astimezone(UTC)


def _is_working_day(day: date, holidays: Container[date]) -> bool:
    return day.weekday() < 5 and day not in holidays
