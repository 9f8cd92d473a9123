"""Clocks on the nights, days and years that go wrong: summer time begins and ends, months end, leap days, holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim.engine.clockwork import span
from trim.engine.definition import Calendar, Window
from trim.engine.durations import Duration

PARIS = ZoneInfo("Europe/Paris")
TORONTO = ZoneInfo("America/Toronto")
ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Paris", "America/Toronto", "Australia/Lord_Howe", "Asia/Kathmandu")]


def window(
    due: str, earliest: str | None = None, latest: str | None = None, *, calendar: Calendar = "calendar"
) -> Window:
    first, last = (Duration.parse(one) if one else None for one in (earliest, latest))
    return Window("incident.occurred_at", Duration.parse(due), first, last, calendar=calendar)


def due(
    length: str, at: str, zone: ZoneInfo, *, calendar: Calendar = "calendar", holidays: set[date] | None = None
) -> str:
    """The due instant on the wall clock of the zone, from an instant on it."""
    anchor = datetime.fromisoformat(at)
    anchor = anchor if anchor.tzinfo else anchor.replace(tzinfo=zone)
    found = span(window(length, calendar=calendar), anchor, zone, holidays=holidays or ())
    assert found.due_at.tzinfo is UTC
    return found.due_at.astimezone(zone).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("zone", "length", "at", "found"),
    [
        # Paris, 29 March 2026: the hour from 2 to 3 is not there. The day has 23 hours, seventy-two hours stay so.
        (PARIS, "P1D", "2026-03-28T12:00", "2026-03-29T12:00+02:00"),
        (PARIS, "PT24H", "2026-03-28T12:00", "2026-03-29T13:00+02:00"),
        (PARIS, "PT72H", "2026-03-27T22:30", "2026-03-30T23:30+02:00"),
        (PARIS, "P1D", "2026-03-28T02:30", "2026-03-29T03:30+02:00"),
        (PARIS, "P1M", "2026-02-28T02:15", "2026-03-28T02:15+01:00"),
        (PARIS, "P1M", "2026-02-28T09:00", "2026-03-28T09:00+01:00"),
        # Paris, 25 October 2026: the hour from 2 to 3 comes twice; a day that ends in it ends the first time.
        (PARIS, "P1D", "2026-10-24T02:30", "2026-10-25T02:30+02:00"),
        (PARIS, "P1D", "2026-10-24T12:00", "2026-10-25T12:00+01:00"),
        (PARIS, "PT24H", "2026-10-24T12:00", "2026-10-25T11:00+01:00"),
        # Begun in that hour, the second time: days run from the wall clock, hours from the instant.
        (PARIS, "P1D", "2026-10-25T02:30+01:00", "2026-10-26T02:30+01:00"),
        (PARIS, "PT1H", "2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"),
        # Toronto, 8 March and 1 November 2026
        (TORONTO, "P1D", "2026-03-07T02:30", "2026-03-08T03:30-04:00"),
        (TORONTO, "PT48H", "2026-03-07T20:00", "2026-03-09T21:00-04:00"),
        (TORONTO, "P1D", "2026-10-31T01:30", "2026-11-01T01:30-04:00"),
        (TORONTO, "P28D", "2026-10-10T23:59", "2026-11-07T23:59-05:00"),
        # Three months over a change keep the hour
        (TORONTO, "P3M", "2026-01-15T08:00", "2026-04-15T08:00-04:00"),
        (PARIS, "P3M", "2026-08-31T08:00", "2026-11-30T08:00+01:00"),
        # Months end, years leap
        (PARIS, "P1M", "2026-01-31T09:00", "2026-02-28T09:00+01:00"),
        (PARIS, "P1M", "2028-01-31T09:00", "2028-02-29T09:00+01:00"),
        (PARIS, "P1M", "2026-12-31T09:00", "2027-01-31T09:00+01:00"),
        (PARIS, "P1M1D", "2026-01-31T09:00", "2026-03-01T09:00+01:00"),
        (TORONTO, "P1Y", "2028-02-29T09:00", "2029-02-28T09:00-05:00"),
        (TORONTO, "P4Y", "2028-02-29T09:00", "2032-02-29T09:00-05:00"),
        (TORONTO, "P1Y", "2027-02-28T09:00", "2028-02-28T09:00-05:00"),
        (PARIS, "P28D", "2028-02-01T09:00", "2028-02-29T09:00+01:00"),
    ],
)
def test_a_length_from_an_instant(zone: ZoneInfo, length: str, at: str, found: str) -> None:
    assert due(length, at, zone) == found


def test_a_whole_year_of_days_in_paris_keeps_nine_in_the_morning() -> None:
    begins = datetime(2028, 2, 28, 9, tzinfo=PARIS)
    for days in range(1, 367):
        found = span(window(f"P{days}D"), begins, PARIS).due_at.astimezone(PARIS)
        assert (found.hour, found.minute) == (9, 0)
        assert found.date() == date(2028, 2, 28) + timedelta(days=days)


#: 2026: Good Friday and Easter Monday, 14 July on a Tuesday, Christmas on a Friday.
HOLIDAYS = {date(2026, 4, 3), date(2026, 4, 6), date(2026, 7, 14), date(2026, 12, 25), date(2027, 1, 1)}


@pytest.mark.care(23)
@pytest.mark.parametrize(
    ("length", "at", "found"),
    [
        # Over Easter: Thursday, then Tuesday.
        ("P1D", "2026-04-02T15:00", "2026-04-07T15:00+02:00"),
        ("P3D", "2026-04-02T15:00", "2026-04-09T15:00+02:00"),
        # Begun on a Saturday or on the holiday itself: the first day counted is the next that is worked.
        ("P1D", "2026-07-11T10:00", "2026-07-13T10:00+02:00"),
        ("P1D", "2026-07-14T10:00", "2026-07-15T10:00+02:00"),
        # Over the end of summer time: the hour stays.
        ("P1D", "2026-10-23T10:00", "2026-10-26T10:00+01:00"),
        # A month, or hours, that end on a holiday or at a weekend move to the next day that is worked.
        ("P1M", "2026-06-14T10:00", "2026-07-15T10:00+02:00"),
        ("PT24H", "2026-12-24T16:30", "2026-12-28T16:30+01:00"),
        ("PT4H", "2026-12-24T10:00", "2026-12-24T14:00+01:00"),
        ("P1DT20H", "2026-12-23T10:00", "2026-12-28T06:00+01:00"),
    ],
)
def test_working_days_and_what_is_due_on_a_holiday(length: str, at: str, found: str) -> None:
    assert due(length, at, PARIS, calendar="working_days", holidays=HOLIDAYS) == found


@pytest.mark.care(23)
def test_calendar_time_takes_no_notice_of_holidays() -> None:
    assert due("P1D", "2026-12-24T15:00", PARIS, holidays=HOLIDAYS) == "2026-12-25T15:00+01:00"


@pytest.mark.parametrize(
    ("at", "zone", "one"),
    [
        # 25 hours of a day against 24
        ("2026-10-24T12:00", PARIS, window("PT24H", "P1D", "PT24H")),
        # 30 days against a February
        ("2026-01-31T12:00", PARIS, window("P1M", "P30D", "P1M")),
        # Twenty-two working days against a month
        ("2026-04-01T12:00", PARIS, window("P22D", latest="P1M", calendar="working_days")),
        # The next working day at its hour against later hours of the same weekend
        (
            "2026-07-11T08:00",
            PARIS,
            window("PT24H", "PT12H", "PT26H", calendar="working_days"),
        ),
    ],
)
def test_bounds_that_would_change_places_do_not(at: str, zone: ZoneInfo, one: Window) -> None:
    anchor = datetime.fromisoformat(at).replace(tzinfo=zone)
    found = span(one, anchor, zone, holidays=HOLIDAYS)
    stand = [bound for bound in (found.earliest_at, found.due_at, found.latest_at) if bound is not None]
    assert stand == sorted(stand)
    alone = span(Window(one.anchor, one.due, calendar=one.calendar), anchor, zone, holidays=HOLIDAYS)
    assert found.due_at >= alone.due_at, "nobody is hurried"


LENGTHS = st.builds(
    Duration, st.integers(0, 14), st.integers(0, 40), st.integers(0, 60).map(lambda hours: hours * 3600)
)
NIGHTS = st.sampled_from([datetime(2026, 3, 27), datetime(2026, 10, 24), datetime(2028, 2, 28), datetime(2026, 3, 7)])


@given(
    day=NIGHTS,
    minutes=st.integers(0, 4 * 24 * 60),
    zone=st.sampled_from(ZONES),
    lengths=st.tuples(LENGTHS, LENGTHS, LENGTHS),
    calendar=st.sampled_from(get_args(Calendar)),
    free=st.sets(st.dates(date(2026, 3, 1), date(2026, 12, 31)), max_size=20),
)
def test_any_window_from_any_instant_stands_in_order_and_never_before_its_anchor(
    day: datetime,
    minutes: int,
    zone: ZoneInfo,
    lengths: tuple[Duration, Duration, Duration],
    calendar: Calendar,
    free: set[date],
) -> None:
    anchor = day.replace(tzinfo=UTC) + timedelta(minutes=minutes)
    earliest, middle, latest = sorted(lengths, key=lambda one: one.rough_seconds)
    one = Window("now", middle, earliest, latest, calendar=calendar)
    found = span(one, anchor, zone, holidays=free)
    assert found.earliest_at is not None
    assert found.latest_at is not None
    assert all(a <= b for a, b in pairwise((found.earliest_at, found.due_at, found.latest_at)))
    # In the hour that comes twice the wall clock alone says the first: at most that one hour is lost.
    assert found.earliest_at >= anchor - timedelta(hours=1)
    if calendar == "working_days":
        for at in (found.earliest_at, found.due_at, found.latest_at):
            local = at.astimezone(zone).date()
            assert local.weekday() < 5
            assert local not in free
