"""ISO 8601 durations: years to days are counted on the wall clock, hours to seconds in absolute time."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

#: Of a duration; the schema for editors takes it from here.
PATTERN = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?",
)


class InvalidDuration(ValueError):
    """Raised for a text that is no ISO 8601 duration of whole, positive parts."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time; months and days keep their calendar meaning until they meet a date."""

    months: int = 0
    days: int = 0
    seconds: int = 0

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read "P28D", "PT72H", "P3M" or "P1DT12H"; raises InvalidDuration."""
        match = PATTERN.fullmatch(text.strip())
        parts = {name: int(value) for name, value in (match.groupdict() if match else {}).items() if value}
        if not parts or text.strip().endswith("T"):
            raise InvalidDuration(text)
        return cls(
            months=parts.get("years", 0) * 12 + parts.get("months", 0),
            days=parts.get("weeks", 0) * 7 + parts.get("days", 0),
            seconds=parts.get("hours", 0) * 3600 + parts.get("minutes", 0) * 60 + parts.get("seconds", 0),
        )

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        hours, rest = divmod(self.seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        date = "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (self.days, "D")) if n)
        time = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
        if not date and not time:
            return "PT0S"
        return f"P{date}T{time}" if time else f"P{date}"

    @property
    def rough_seconds(self) -> int:
        """Give a length for comparing two durations (a month as 30.44 days); never for reckoning a date."""
        return round(self.months * 30.44 * 86400) + self.days * 86400 + self.seconds

    def after(self, at: datetime, zone: ZoneInfo) -> datetime:
        """Give the instant this long after `at` (aware), as aware UTC.

        Days and months keep the wall-clock hour of the zone, over a change to summer time too; a day that the
        month does not have becomes its last day. An hour that the clock skips is read with the offset before it.
        """
        moment = at.astimezone(UTC)
        if self.months or self.days:
            local = at.astimezone(zone).replace(tzinfo=None, fold=0)
            local = _months_later(local, self.months) + timedelta(days=self.days)
            moment = local.replace(tzinfo=zone).astimezone(UTC)
        return moment + timedelta(seconds=self.seconds)

    def before(self, at: datetime, zone: ZoneInfo) -> datetime:
        """Give the instant this long before `at` (aware), as aware UTC; days and months keep the wall-clock hour."""
        moment = at.astimezone(UTC)
        if self.months or self.days:
            local = at.astimezone(zone).replace(tzinfo=None, fold=0)
            local = _months_later(local, -self.months) - timedelta(days=self.days)
            moment = local.replace(tzinfo=zone).astimezone(UTC)
        return moment - timedelta(seconds=self.seconds)


def _months_later(local: datetime, months: int) -> datetime:
    years, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + years, month + 1
    return local.replace(year=year, month=month, day=min(local.day, calendar.monthrange(year, month)[1]))
