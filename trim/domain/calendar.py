"""Days, quarters and the organisation's zone; instants are always aware UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: How the record of a case names that its clocks were moved with the organisation's calendar; no pack has an action of
#: that name, because names of actions bid.
CLOCKS_MOVED = "clocks_moved"


def quarter(instant: datetime) -> str:
    """`2026-Q4`: the finest time that a statistical fact may carry (law 10)."""
    return f"{instant.year}-Q{(instant.month - 1) // 3 + 1}"


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of that day in the organisation's zone, as UTC."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of the next day in the organisation's zone, as UTC."""
    return start_of_day(day + timedelta(days=1), zone)


def assumed_instant(day: date, zone: ZoneInfo) -> datetime:
    """Noon of a day whose time nobody recorded: what windows assume, and pages say so.

    Noon errs by at most twelve hours either way; midnight would start every clock up to a day early.
    """
    return datetime.combine(day, time(12), tzinfo=zone).astimezone(UTC)
