"""When somebody is told: at once, at the next moment they can be reached, or together with the rest at their hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

DAY_MINUTES: Final = 24 * 60
EVERY_DAY: Final = frozenset(range(1, 8))

#: Kinds of notices that do not wait for the person's hour: a question that somebody has to answer within a clock.
PROMPT: Final = frozenset(
    {
        "asked_to_support",
        "escalation",
        "escalation_answer_due",
        "escalation_passed_on",
        "escalation_unanswered",
        "escalation_without_answer",
        "nobody_on_duty",
        "nobody_to_ask",
        "person_returns",
        "reminder_undelivered",
        "step_escalated",
    }
)

#: States of a step in which a notice about it says something; once it is in another the notice is dropped unsent.
_OPEN: Final = frozenset({"open"})
_MATTERS_WHILE: Final = MappingProxyType(
    {"step_look_again": frozenset({"paused"}), "reminder_undelivered": frozenset({"open", "paused"})}
)

#: Kinds that reach somebody on leave, besides what is urgent: who was noted as away by somebody else has to know it.
PASSING_LEAVE: Final = frozenset({"leave_noted"})

#: Waits after each try that failed, our own choice: a mail server that is restarted is met again within minutes, one
#: that is mended in the morning within the day. After the last one it is given up (some 16 hours in all).
WAITS: Final = tuple(timedelta(minutes=one) for one in (1, 5, 15, 30, 60, 120, 240, 480))
#: The same for a pager, where an hour is long: 31 minutes in all, while the mail goes on by itself.
PAGER_WAITS: Final = tuple(timedelta(seconds=one) for one in (30, 60, 120, 300, 600, 750))


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody wants to be told of what is not urgent; minutes count from local midnight.

    Mail comes every day unless the person takes days off: windows after trauma run over weekends too (CARE 23).
    """

    digest_minute: int = 7 * 60 + 30
    quiet_from: int = 21 * 60
    quiet_until: int = 7 * 60
    days: frozenset[int] = EVERY_DAY

    def is_quiet(self, minute: int) -> bool:
        """Whether nothing comes at that minute of the day; the quiet hours may pass midnight."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= minute < self.quiet_until
        return minute >= self.quiet_from or minute < self.quiet_until


DEFAULT: Final = Wishes()


def next_moment(wishes: Wishes, zone: ZoneInfo, now: datetime, *, prompt: bool) -> datetime:
    """The first instant from `now` on at which somebody may be told, in aware UTC.

    What is prompt comes as soon as it is not quiet on one of their days; the rest at their hour on one of their days.
    """
    local = now.astimezone(zone)
    if prompt and _is_open(wishes, local):
        return now
    minute = wishes.quiet_until if prompt else wishes.digest_minute
    found = []
    # Eight days: with one day a week whose moment has just passed, the next is a week away.
    for ahead in range(8):
        day = local.date() + timedelta(days=ahead)
        for candidate in {minute, 0 if prompt else minute}:
            at = _instant(day, candidate, zone)
            if at >= now and (_is_open(wishes, at.astimezone(zone)) if prompt else day.isoweekday() in wishes.days):
                found.append(at)
        if found:
            return min(found)
    # Somebody who is reachable at no moment of the week: then at once, rather than never.
    return now


def matters_while(kind: str) -> frozenset[str]:
    """In which states of its step a notice still matters: a reminder while it is open, a pause's end while it lasts."""
    return _MATTERS_WHILE.get(kind, _OPEN)


def wait_after(tries: int, waits: tuple[timedelta, ...] = WAITS) -> timedelta | None:
    """How long to wait after that many tries failed; None when it is given up."""
    return waits[tries - 1] if tries <= len(waits) else None


def _is_open(wishes: Wishes, local: datetime) -> bool:
    return local.isoweekday() in wishes.days and not wishes.is_quiet(local.hour * 60 + local.minute)


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """A minute of a local day; one that a change of the clocks leaves out is the instant right after it."""
    return datetime.combine(day, time(minute // 60, minute % 60), zone).astimezone(UTC)
