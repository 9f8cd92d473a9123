"""The deadline of an access request: calendar months, shorter months included (GDPR Art. 12(3))."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim.domain.disclosure import HOLD_GROUND_OF, answer_due
from trim.domain.retention import HOLD_GROUNDS

pytestmark = pytest.mark.care(18)


@pytest.mark.parametrize(
    ("received", "due", "extended"),
    [
        (date(2026, 9, 3), date(2026, 10, 3), date(2026, 12, 3)),
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 30)),
        (date(2028, 1, 31), date(2028, 2, 29), date(2028, 4, 30)),
        (date(2026, 11, 30), date(2026, 12, 30), date(2027, 2, 28)),
        (date(2026, 12, 31), date(2027, 1, 31), date(2027, 3, 31)),
    ],
)
def test_a_month_and_two_more(received: date, due: date, extended: date) -> None:
    assert answer_due(received) == due
    assert answer_due(received, extended=True) == extended


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_it_is_never_later_than_the_law_says_and_never_under_four_weeks(received: date) -> None:
    due = answer_due(received)
    assert timedelta(days=28) <= due - received <= timedelta(days=31)
    assert due.day == received.day or (due + timedelta(days=1)).day == 1
    assert answer_due(received, extended=True) > due


def test_a_hold_takes_a_ground_that_holds_know() -> None:
    assert set(HOLD_GROUND_OF.values()) <= set(HOLD_GROUNDS)
