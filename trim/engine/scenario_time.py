"""Instants of a scenario: written in the wall-clock time of its zone, and shown in it again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from trim.engine.durations import Duration, InvalidDuration
from trim.engine.reader import Reader
from trim.engine.scenario import Bound
from trim.engine.source import Source

UNREADABLE = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands in for an instant that could not be read; a scenario with one is never played."""


def instant(read: Reader, source: Source | None, zone: ZoneInfo) -> datetime:
    """Read an instant such as 2026-03-03T09:00, in the scenario's zone."""
    if source is None:
        return UNREADABLE
    try:
        local = datetime.fromisoformat(read.string(source))
    except ValueError:
        read.fault(source, f"“{source.value}” is not an instant.", "Write for example 2026-03-03T09:00.")
        return UNREADABLE
    return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)


def bound(read: Reader, source: Source, zone: ZoneInfo) -> Bound:
    """Read a bound: P28D from its anchor, an instant, a day, or none."""
    text = read.string(source)
    if text == "none":
        return Bound(text)
    try:
        return Bound(text, after=Duration.parse(text))
    except InvalidDuration:
        pass
    try:
        day = date.fromisoformat(text)
        return Bound(text, at=datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC), day=True)
    except ValueError:
        pass
    try:
        local = datetime.fromisoformat(text)
        return Bound(text, at=(local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC))
    except ValueError:
        cure = "Write a length of time (P28D), an instant (2026-03-03T09:00), a day (2026-03-03) or none."
        read.fault(source, f"“{text}” is no bound.", cure)
        return Bound(text)


def meets(expected: Bound, came: datetime | None, anchor_at: datetime, zone: ZoneInfo) -> bool:
    """Say whether an instant is the one expected; a length of time counts from `anchor_at`."""
    wanted = expected.after.after(anchor_at, zone) if expected.after else expected.at
    if wanted is None or came is None:
        return wanted is came
    if expected.day:
        return wanted.astimezone(zone).date() == came.astimezone(zone).date()
    return wanted == came


def shown(at: datetime | None, zone: ZoneInfo) -> str:
    """Write an instant for the author of a scenario."""
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if at else "none"


def wanted(expected: Bound, anchor: str, anchor_at: datetime, zone: ZoneInfo) -> str:
    """Write a bound, with the instant that its length of time leads to."""
    if expected.after is None:
        return expected.text
    return f"{expected.text} after {anchor} ({shown(expected.after.after(anchor_at, zone), zone)})"
