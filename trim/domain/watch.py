"""What an auditor is shown as worth a look: patterns of access, and from where on each counts.

A pattern is no accusation: a busy week looks like curiosity. So the figures are ours (docs/decisions/0018), every
organisation can set its own, and each page says what it counted. Names are neutral (CARE 14).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from trim.domain.calendar import end_of_day, start_of_day

#: The longest time that a page looks at: whatever the trail's length, a page costs the same.
LONGEST_DAYS = 30


class Pattern(StrEnum):
    """The patterns, in the order in which they are shown."""

    MANY_CASES = "many_cases"
    AT_NIGHT = "at_night"
    OUTSIDE_UNITS = "outside_units"
    AFTER_SUPPORT = "after_support"
    MANY_REFUSALS = "many_refusals"
    MANY_SEARCHES = "many_searches"


@dataclass(frozen=True, slots=True)
class Watch:
    """From where on a pattern counts, per account and day; hours are those of the organisation's clock."""

    #: Different cases opened in a day. A coordinator of a large unit sees a dozen; more is a list read through.
    many_cases: int = 20
    #: Different cases opened in one night. One is enough to be named: nights on duty explain most of them.
    at_night: int = 1
    night_from: int = 22
    night_until: int = 6
    #: Refused pages in a day; a wrong link now and then is nothing.
    many_refusals: int = 5
    #: Searches for people in a day; naming those exposed to one large incident takes some twenty.
    many_searches: int = 40

    def windows(self, pattern: Pattern, span: Span, zone: ZoneInfo) -> list[Window]:
        """The stretches of time in which this pattern is counted, the newest first."""
        if pattern is not Pattern.AT_NIGHT:
            return [Window(day, start_of_day(day, zone), end_of_day(day, zone)) for day in span.days()]
        nights = []
        for day in span.days():
            # The night that begins in the evening of that day; from 0 on, it lies in the morning.
            next_day = day + timedelta(days=1) if self.night_until <= self.night_from else day
            nights.append(Window(day, _at(day, self.night_from, zone), _at(next_day, self.night_until, zone)))
        return nights

    def least(self, pattern: Pattern) -> int:
        """How often it must have happened to be shown; once where any is worth a look."""
        return {
            Pattern.MANY_CASES: self.many_cases,
            Pattern.AT_NIGHT: self.at_night,
            Pattern.MANY_REFUSALS: self.many_refusals,
            Pattern.MANY_SEARCHES: self.many_searches,
        }.get(pattern, 1)


@dataclass(frozen=True, slots=True)
class Window:
    """One stretch of time, named by the day on which it begins."""

    day: date
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a page looks at: at most LONGEST_DAYS, `last` among them."""

    last: date
    length: int = LONGEST_DAYS

    @property
    def first(self) -> date:
        """The earliest day."""
        return self.last - timedelta(days=min(max(self.length, 1), LONGEST_DAYS) - 1)

    def days(self) -> list[date]:
        """Every day of it, the newest first."""
        return [self.last - timedelta(days=back) for back in range((self.last - self.first).days + 1)]


#: What may be set, with the least and the greatest value that makes sense.
LIMITS: Mapping[str, tuple[int, int]] = {
    "many_cases": (2, 1000),
    "at_night": (1, 1000),
    "night_from": (0, 23),
    "night_until": (0, 23),
    "many_refusals": (1, 1000),
    "many_searches": (1, 10_000),
}


def watch_from(values: Mapping[str, int]) -> Watch:
    """The figures that an organisation has set; those it has not keep ours."""
    known = {one.name for one in fields(Watch)}
    return Watch(**{name: int(value) for name, value in values.items() if name in known})


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
