"""What the organisation has set: its name, its zone, whom to call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from trim.domain.watch import Watch, watch_from
from trim.domain.working_days import FreeDays, WorkCalendar, calendar_from

#: Setting: how far the clock of a demonstration was put forward, in seconds.
CLOCK_AHEAD = "clock_ahead_seconds"


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """A number to call in a crisis, as the organisation set it."""

    label: str
    phone: str
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """The organisation's settings, read once per unit of work."""

    name: str = "Trim"
    zone_name: str = "UTC"
    demonstration: bool = False
    crisis_lines: tuple[CrisisLine, ...] = ()
    #: How close in time two reports of one unit and kind must be to be shown as possibly the same, in hours.
    duplicate_hours: int = 48
    #: Where signed checkpoints of the trail are mailed to: auditors, data protection, a works council.
    auditors_addresses: tuple[str, ...] = ()
    #: From where on a pattern of access is shown to the auditor.
    watch: Watch = field(default_factory=Watch)
    #: How long a private link to one's own ledger works, in days.
    private_link_days: int = 30
    #: Country, region and own closing days, for windows that a pack counts in working days (CARE 23).
    work_calendar: WorkCalendar = field(default_factory=WorkCalendar)

    @property
    def free_days(self) -> FreeDays:
        """The days on which nobody works, besides Saturdays and Sundays."""
        return FreeDays(self.work_calendar)

    #: How far the clock of a demonstration was put forward, in seconds; 0 everywhere else (CARE 34).
    clock_ahead_seconds: int = 0

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days begin and windows of days run."""
        return ZoneInfo(self.zone_name)


def from_settings(settings: Mapping[str, Any]) -> Organisation:
    """The organisation out of its setting rows; what is not set keeps its default."""
    return Organisation(
        name=settings.get("organisation_name", "Trim"),
        zone_name=settings.get("zone", "UTC"),
        demonstration=bool(settings.get("demonstration", False)),
        crisis_lines=tuple(CrisisLine(**line) for line in settings.get("crisis_lines", [])),
        duplicate_hours=int(settings.get("duplicate_hours", 48)),
        auditors_addresses=tuple(settings.get("auditors_addresses", ())),
        watch=watch_from(settings.get("watch", {})),
        private_link_days=int(settings.get("private_link_days", 30)),
        clock_ahead_seconds=int(settings.get(CLOCK_AHEAD, 0)) if settings.get("demonstration") else 0,
        work_calendar=calendar_from(settings),
    )
