"""What happens to a running step that goes on: it is paused, goes on again, begins anew, or comes back when done.

Nothing here reads the clock or the database: a pause moves the bounds by its own length, a repetition is the next
place of its series.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from trim.domain.calendar import start_of_day
from trim.domain.errors import InvalidInput, Reason
from trim.engine.clockwork import Span
from trim.engine.conditions import conditions_of
from trim.engine.definition import ALL, Pack, Repeats
from trim.engine.durations import Duration
from trim.engine.machine import Decision

Move = Literal["pauses", "resumes", "resets"]

PAUSED = "paused"
RUNNING = ("open", PAUSED)
"""States of a step that nobody has ended."""

LOOK_AGAIN = "look_again_on"
"""The field of an action's form that says when a pause is looked at again (CARE 23)."""
REASON = "reason"
"""The field that says why a step was paused or begins anew."""

PAUSE_ANCHOR = "pause.look_again_at"
"""The happening that the answer to it becomes: the beginning of that day."""
LOOK_AGAIN_PAST = Reason("look_again_past", "Choose a day to come.", "Choisissez un jour à venir.")

REPEATED = "repetition.planned_at"
"""The anchor of a repetition that keeps to the days of its series."""
DONE_BEFORE = "repetition.done_at"
"""The anchor of one that is counted from the doing of the one before."""


def moved(decision: Decision, step: str, *, paused: bool) -> Move | None:
    """Say what a decision does to a running step that it does not end; one that begins anew is no longer paused.

    Pausing what is paused already chooses another day to look again.
    """
    action = decision.action
    if step in action.resets:
        return "resets"
    if paused and (ALL in action.resumes or step in action.resumes):
        return "resumes"
    return "pauses" if ALL in action.pauses or step in action.pauses else None


def is_in_pause(state: str, anchor: str) -> bool:
    """Say whether a step stands still, or is the look at a pause that somebody still has to take."""
    return state == PAUSED or (state == "open" and anchor == PAUSE_ANCHOR)


def pause_anchor(decision: Decision, values: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> dict[str, datetime]:
    """Give the happening from which the look at a pause counts; nothing for an action that pauses nothing.

    Raises InvalidInput for a day that is not to come.
    """
    day = values.get(LOOK_AGAIN)
    if not decision.action.pauses or not day:
        return {}
    chosen = day if isinstance(day, date) else date.fromisoformat(str(day))
    if chosen <= now.astimezone(zone).date():
        raise InvalidInput({LOOK_AGAIN: LOOK_AGAIN_PAST})
    return {PAUSE_ANCHOR: start_of_day(chosen, zone)}


def pause_minutes(paused_at: datetime, resumed_at: datetime, zone: ZoneInfo) -> int:
    """Count the minutes of a pause on the wall clock: a step due at ten stays due at ten over a change to summer time.

    A minute that has begun counts whole, so that a pause never takes time away from anybody.
    """
    length = _local(resumed_at, zone) - _local(paused_at, zone)
    return max(-(-length // timedelta(minutes=1)), 0)


def later(span: Span, minutes: int, zone: ZoneInfo) -> Span:
    """Give the same bounds so many minutes of the wall clock later."""

    def after(at: datetime) -> datetime:
        return (_local(at, zone) + timedelta(minutes=minutes)).replace(tzinfo=zone).astimezone(UTC)

    if not minutes:
        return span
    return Span(
        after(span.earliest_at) if span.earliest_at else None,
        after(span.due_at),
        after(span.latest_at) if span.latest_at else None,
    )


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a series: which one, and the happening that its clock runs from."""

    number: int
    anchor: str
    anchor_at: datetime


@dataclass(frozen=True, slots=True)
class Following:
    """What follows on a repetition that was done: the places that passed meanwhile, and the next, if there is one."""

    passed: tuple[Place, ...] = ()
    next: Place | None = None


def following(
    pack: Pack,
    repeats: Repeats,
    *,
    number: int,
    series_at: datetime,
    variables: Mapping[str, Any],
    zone: ZoneInfo,
    now: datetime,
) -> Following:
    """Say what follows on the repetition `number` now that it is done; the clock of the first ran from `series_at`.

    With `every` each keeps to the days of the series. Those whose next one has begun already are passed over: they
    are kept as not held, so that nothing is lost and nobody is called twice for one week. Without it the next
    is counted from now. The end is a count, a length of time from the beginning of the series, or a condition that no
    longer holds. Raises ConditionFailed.
    """
    if repeats.while_ is not None and not conditions_of(pack)[repeats.while_].holds(variables):
        return Following()
    end = repeats.until.after(series_at, zone) if repeats.until else None

    def is_over(place: Place) -> bool:
        return bool(repeats.times and place.number > repeats.times) or (end is not None and place.anchor_at > end)

    if repeats.every is None:
        place = Place(number + 1, DONE_BEFORE, now)
        return Following(next=None if is_over(place) else place)
    passed: list[Place] = []
    place = _place(repeats.every, number + 1, series_at, zone)
    while not is_over(place):
        ahead = _place(repeats.every, place.number + 1, series_at, zone)
        if ahead.anchor_at > now:
            return Following(tuple(passed), place)
        passed.append(place)
        place = ahead
    return Following(tuple(passed))


def _place(every: Duration, number: int, series_at: datetime, zone: ZoneInfo) -> Place:
    """Reckon a place from the first: by month from the 31st each keeps the last day that its month has."""
    times = number - 1
    whole = Duration(every.months * times, every.days * times, every.seconds * times)
    return Place(number, REPEATED, whole.after(series_at, zone))
