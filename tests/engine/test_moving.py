"""Pauses move bounds by their own length, repetitions keep their place: none lost, none doubled, on any clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trim.engine import moving
from trim.engine.clockwork import Span
from trim.engine.conditions import ConditionFailed
from trim.engine.definition import Pack, Repeats
from trim.engine.durations import Duration
from trim.engine.moving import Following, following, later, pause_minutes

PARIS = ZoneInfo("Europe/Paris")
WEEK = Duration(days=7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


def after(pack: Pack, repeats: Repeats, now: str, *, number: int = 1, since: str = "2026-03-02T10:00") -> Following:
    return following(
        pack, repeats, number=number, series_at=at(since), variables=MappingProxyType({}), zone=PARIS, now=at(now)
    )


def test_a_pause_over_the_change_to_summer_time_keeps_the_hour_on_the_clock() -> None:
    minutes = pause_minutes(at("2026-03-20T09:00"), at("2026-03-30T09:00"), PARIS)
    assert minutes == 10 * 24 * 60
    moved = later(Span(None, at("2026-03-25T22:00"), at("2026-03-28T22:00")), minutes, PARIS)
    assert moved == Span(None, at("2026-04-04T22:00"), at("2026-04-07T22:00"))


def test_a_minute_that_has_begun_counts_whole() -> None:
    assert pause_minutes(at("2026-05-01T09:00"), at("2026-05-01T09:00:01"), PARIS) == 1
    assert pause_minutes(at("2026-05-01T09:00"), at("2026-05-01T09:00"), PARIS) == 0


def test_weekly_meetings_keep_their_day_over_summer_time(pack: Pack) -> None:
    found = after(pack, Repeats(every=WEEK, times=12), "2026-03-27T18:00", number=4)
    assert found.passed == ()
    assert found.next is not None
    assert (found.next.number, found.next.anchor, found.next.anchor_at) == (
        5, moving.REPEATED, at("2026-03-30T10:00")
    )  # fmt: skip


def test_those_whose_next_one_has_begun_are_kept_as_passed_over(pack: Pack) -> None:
    found = after(pack, Repeats(every=WEEK, times=12), "2026-03-24T12:00")
    assert [(one.number, one.anchor_at) for one in found.passed] == [
        (2, at("2026-03-09T10:00")), (3, at("2026-03-16T10:00")),
    ]  # fmt: skip
    assert found.next is not None
    assert (found.next.number, found.next.anchor_at) == (4, at("2026-03-23T10:00"))


def test_by_month_from_the_31st_each_keeps_the_last_day_that_its_month_has(pack: Pack) -> None:
    monthly = Repeats(every=Duration(months=1), times=4)
    days = []
    for number in (1, 2, 3):
        found = after(pack, monthly, "2026-02-01T10:00", number=number, since="2026-01-31T10:00")
        assert found.next is not None
        days.append(found.next.anchor_at.astimezone(PARIS).date().isoformat())
    assert days == ["2026-02-28", "2026-03-31", "2026-04-30"]


def test_it_ends_after_a_count_at_a_length_of_time_or_where_a_condition_fails(pack: Pack) -> None:
    assert after(pack, Repeats(every=WEEK, times=2), "2026-03-10T10:00", number=2) == Following()
    assert after(pack, Repeats(every=WEEK, until=Duration(days=13)), "2026-03-09T10:00", number=2) == Following()
    assert after(pack, Repeats(every=WEEK, until=Duration(days=14)), "2026-03-09T10:00", number=2).next is not None
    known = {"series_at": at("2026-03-02T10:00"), "zone": PARIS, "now": at("2026-03-03T10:00"), "number": 1}
    asks = Repeats(every=WEEK, while_="contact_attempts < 3")
    assert following(pack, asks, variables={"contact_attempts": 3}, **known) == Following()
    assert following(pack, asks, variables={"contact_attempts": 2}, **known).next is not None
    with pytest.raises(ConditionFailed):
        following(pack, asks, variables={}, **known)


def test_without_an_interval_the_next_is_counted_from_the_doing(pack: Pack) -> None:
    found = after(pack, Repeats(times=3), "2026-05-05T08:00", number=2)
    assert found.next is not None
    assert (found.next.number, found.next.anchor, found.next.anchor_at) == (
        3, moving.DONE_BEFORE, at("2026-05-05T08:00")
    )  # fmt: skip
    assert after(pack, Repeats(times=3), "2026-05-05T08:00", number=3) == Following()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([Duration(days=1), WEEK, Duration(months=1), Duration(seconds=5400)]),
    st.integers(1, 40),
    st.lists(st.integers(0, 60 * 24 * 45), max_size=40),
)
def test_no_place_of_a_series_is_lost_or_doubled(pack: Pack, every: Duration, times: int, waits: list[int]) -> None:
    """Whenever each is done, early or months late: every place up to the end is done, passed over or open once."""
    series_at = at("2026-01-31T10:00")
    now, number, places = series_at, 1, [1]
    for wait in waits:
        now += timedelta(minutes=wait)
        found = following(
            pack,
            Repeats(every=every, times=times),
            number=number,
            series_at=series_at,
            variables={},
            zone=PARIS,
            now=now,
        )
        places += [one.number for one in found.passed]
        if found.next is None:
            assert places == list(range(1, max(times, 1) + 1))
            return
        assert [one.anchor_at < other.anchor_at for one, other in pairwise([*found.passed, found.next])] == [
            True
        ] * len(found.passed)
        number = found.next.number
        places.append(number)
    assert places == list(range(1, len(places) + 1))
    assert len(places) <= times


@settings(max_examples=60, deadline=None)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.lists(st.integers(0, 90 * 24 * 60), max_size=6))
def test_pauses_never_take_time_away_and_keep_bounds_in_order(start: datetime, lengths: list[int]) -> None:
    first = start.replace(tzinfo=UTC)
    span = Span(first, first + timedelta(days=2), first + timedelta(days=5))
    now = first
    for length in lengths:
        minutes = pause_minutes(now, now + timedelta(minutes=length), PARIS)
        moved = later(span, minutes, PARIS)
        assert moved.earliest_at is not None
        assert moved.latest_at is not None
        assert moved.earliest_at <= moved.due_at <= moved.latest_at
        # On the wall clock never less than the pause; in absolute time at most the hour of a clock change apart.
        assert abs((moved.due_at - span.due_at) - timedelta(minutes=length)) <= timedelta(hours=2, minutes=1)
        span, now = moved, now + timedelta(minutes=length)
