"""Which days nobody works, by country, region and the organisation's own closing days."""

from __future__ import annotations

from datetime import date

import pytest

from trim.domain.errors import InvalidInput
from trim.domain.organisation import from_settings
from trim.domain.working_days import FreeDays, WorkCalendar, checked_calendar, read_days


@pytest.mark.parametrize(
    ("country", "region", "day", "is_free"),
    [
        ("FR", "", date(2026, 7, 14), True),
        ("FR", "", date(2026, 4, 3), False),
        # Good Friday is free in the Alsace and not in Paris.
        ("FR", "6AE", date(2026, 4, 3), True),
        ("CA", "QC", date(2026, 6, 24), True),
        ("CA", "ON", date(2026, 6, 24), False),
        ("CA", "ON", date(2026, 10, 12), True),
        ("GB", "SCT", date(2026, 11, 30), True),
        ("GB", "ENG", date(2026, 11, 30), False),
        # Christmas of 2027 is a Saturday: the Monday after is free instead.
        ("GB", "ENG", date(2027, 12, 27), True),
        ("", "", date(2026, 12, 25), False),
    ],
)
def test_public_holidays(country: str, region: str, day: date, *, is_free: bool) -> None:
    assert (day in FreeDays(WorkCalendar(country, region))) is is_free


def test_own_closing_days_come_on_top() -> None:
    free = FreeDays(WorkCalendar("FR", "", (date(2026, 12, 24),)))
    assert date(2026, 12, 24) in free
    assert date(2026, 12, 25) in free
    assert date(2026, 12, 23) not in free
    assert "2026-12-24" not in free


def test_a_country_or_region_that_is_not_known_is_told_at_its_field() -> None:
    for country, region, field, words in (
        ("XX", "", "country", "two letters"),
        ("France", "", "country", "two letters"),
        ("FR", "ZZ", "region", "6AE"),
        ("", "QC", "region", "country"),
        ("DO", "1", "region", "no regions"),
    ):
        with pytest.raises(InvalidInput) as refused:
            checked_calendar(country, region, ())
        assert list(refused.value.problems) == [field]
        assert words in refused.value.problems[field].en
        assert refused.value.problems[field].fr


def test_letters_of_either_case_will_do() -> None:
    assert checked_calendar(" ca ", "qc", ()) == WorkCalendar("CA", "QC")
    assert checked_calendar("fr", "zone a", ()).region == "Zone A"


def test_closing_days_are_read_one_a_line() -> None:
    assert read_days("2026-12-24 Christmas Eve\n\n 2026-12-31\r\n2026-12-24") == (
        date(2026, 12, 24),
        date(2026, 12, 31),
    )
    assert read_days("") == ()
    for wrong in ("24/12/2026", "2026-02-30", "2026-12-241", "Christmas", "2026-12-24 x\n31 December, " + "y" * 50):
        with pytest.raises(InvalidInput) as refused:
            read_days(wrong)
        assert "2026-12-24" in refused.value.problems["closing_days"].en
    days = tuple(date.fromordinal(date(2027, 1, 1).toordinal() + n) for n in range(401))
    with pytest.raises(InvalidInput, match="closing_days"):
        checked_calendar("", "", days)


def test_it_comes_out_of_the_settings() -> None:
    found = from_settings({"country": "FR", "region": "6AE", "closing_days": ["2026-12-24"]})
    assert found.work_calendar == WorkCalendar("FR", "6AE", (date(2026, 12, 24),))
    assert date(2026, 4, 3) in found.free_days
    assert date(2026, 7, 14) not in from_settings({}).free_days
