"""When an interview can have been held: not in the future, not before its incident, between its neighbours."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from trim.domain.errors import Reason

IN_FUTURE = Reason("in_future", "The interview cannot be in the future.", "L’entretien ne peut pas être dans le futur.")
BEFORE_INCIDENT = Reason(
    "before_incident",
    "The interview cannot be before the incident.",
    "L’entretien ne peut pas avoir eu lieu avant l’événement.",
)
BEFORE_PREVIOUS = Reason(
    "before_previous",
    "The interview cannot be before the last one.",
    "L’entretien ne peut pas avoir eu lieu avant le précédent.",
)
AFTER_NEXT = Reason(
    "after_next",
    "The interview cannot be after the next one.",
    "L’entretien ne peut pas avoir eu lieu après le suivant.",
)
WHEN_MISSING = Reason("missing", "Enter when you talked.", "Indiquez quand vous avez parlé.")


def problem_of(
    held_at: Any,
    *,
    now: datetime,
    zone: ZoneInfo,
    occurred_at: datetime | None = None,
    time_known: bool = True,
    previous_at: datetime | None = None,
    following_at: datetime | None = None,
) -> Reason | None:
    """Say what is wrong with the instant of an interview; None where nothing is. `occurred_at` is its incident's."""
    if not isinstance(held_at, datetime):
        return WHEN_MISSING
    if held_at > now:
        return IN_FUTURE
    if occurred_at is not None and held_at < occurred_at:
        # Without a known time noon was assumed: a talk on the morning of that day may well have come after it.
        same_day = held_at.astimezone(zone).date() == occurred_at.astimezone(zone).date()
        if time_known or not same_day:
            return BEFORE_INCIDENT
    if previous_at is not None and held_at < previous_at:
        return BEFORE_PREVIOUS
    if following_at is not None and held_at > following_at:
        return AFTER_NEXT
    return None
