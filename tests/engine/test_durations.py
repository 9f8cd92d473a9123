from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim.engine.durations import Duration, InvalidDuration

PARIS = ZoneInfo("Europe/Paris")
LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT72H", Duration(seconds=72 * 3600)),
        ("P28D", Duration(days=28)),
        ("P4W", Duration(days=28)),
        ("P3M", Duration(months=3)),
        ("P1Y2M3DT4H5M6S", Duration(months=14, days=3, seconds=4 * 3600 + 306)),
        (" P1D ", Duration(days=1)),
        ("PT0S", Duration()),
    ],
)
def test_reads_iso_8601(text: str, duration: Duration) -> None:
    assert Duration.parse(text) == duration


@pytest.mark.parametrize("text", ["", "P", "PT", "P1DT", "72h", "P-1D", "P1.5D", "PT1D", "P1H", "1D"])
def test_refuses_what_is_no_duration(text: str) -> None:
    with pytest.raises(InvalidDuration):
        Duration.parse(text)


@given(st.builds(Duration, st.integers(0, 40), st.integers(0, 400), st.integers(0, 10**6)))
def test_writes_what_it_reads(duration: Duration) -> None:
    assert Duration.parse(str(duration)) == duration


def test_days_keep_the_wall_clock_over_summer_time_and_hours_do_not() -> None:
    before = datetime(2026, 3, 28, 9, 0, tzinfo=PARIS)
    assert Duration.parse("P1D").after(before, PARIS) == datetime(2026, 3, 29, 9, 0, tzinfo=PARIS)
    assert Duration.parse("PT24H").after(before, PARIS) == datetime(2026, 3, 29, 10, 0, tzinfo=PARIS)


def test_an_hour_that_the_clock_skips_is_read_with_the_offset_before() -> None:
    before = datetime(2026, 3, 28, 1, 30, tzinfo=LONDON)
    assert Duration.parse("P1D").after(before, LONDON) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_read_as_the_first() -> None:
    before = datetime(2026, 10, 24, 2, 30, tzinfo=PARIS)
    assert Duration.parse("P1D").after(before, PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_months_end_on_the_last_day() -> None:
    assert (
        Duration.parse("P3M").after(datetime(2026, 11, 30, 12, tzinfo=UTC), LONDON).date().isoformat() == "2027-02-28"
    )
    assert (
        Duration.parse("P1M").after(datetime(2027, 12, 31, 12, tzinfo=UTC), LONDON).date().isoformat() == "2028-01-31"
    )


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(0, 10**6))
def test_seconds_are_absolute_and_answers_are_utc(at: datetime, seconds: int) -> None:
    aware = at.replace(tzinfo=UTC)
    found = Duration(seconds=seconds).after(aware, PARIS)
    assert found - aware == timedelta(seconds=seconds)
    assert found.tzinfo is UTC


def test_compares_roughly() -> None:
    lengths = [Duration.parse(text).rough_seconds for text in ("PT15M", "P1D", "P80D", "P3M", "P4M")]
    assert lengths == sorted(lengths)
