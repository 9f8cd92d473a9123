"""What an earlier release shows cannot be used to work out what a later one hides, and the other way round."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.statistics.plain import OPEN, declaration, release, row, shown
from trim.statistics.attack.adversary import attack
from trim.statistics.counts import Count, Unit
from trim.statistics.model import Release

Q1, Q2 = "2025-Q1", "2025-Q2"
BY_UNIT = declaration(("unit",))


def quarter(quarter: str, **units: int) -> list[Count]:
    return [row(n, quarter, unit) for unit, n in units.items()]


def half(rows: list[Count], earlier: list[Release], **more: object) -> Release:
    return release(rows, BY_UNIT, Q1, Q2, earlier=earlier, number=len(earlier) + 1, **more)


def test_a_quarter_more_is_not_told_by_subtraction():
    """30 in the first quarter, 33 in both: three in the second, had both been shown."""
    rows = quarter(Q1, x=30, y=40, z=50) + quarter(Q2, x=3, y=30, z=20)
    first = release(rows, BY_UNIT, Q1)
    assert None not in shown(first).values()
    second = release(rows, BY_UNIT, Q2, earlier=[first], number=2)
    assert shown(second)["x",] is None
    both = half(rows, [first, second])
    assert shown(both)["x",] is None, "the half-year less the first quarter is what the second hides"
    assert attack([first, second, both]).is_safe
    alone = half(rows, [])
    assert shown(alone)["x",] == 33


def test_the_quarter_in_between_is_protected_even_before_it_is_published():
    rows = quarter(Q1, x=30, y=40, z=50) + quarter(Q2, x=3, y=30, z=20)
    first = release(rows, BY_UNIT, Q1)
    both = half(rows, [first])
    assert shown(both)["x",] is None, "33 less 30 would tell of three"
    second = release(rows, BY_UNIT, Q2, earlier=[first, both], number=3)
    assert attack([first, both, second]).is_safe


def test_a_programme_more_is_not_told_by_subtraction_either():
    rows = quarter(Q1, x=30, y=40, z=50)
    rows += [replace(one, programme="straw") for one in quarter(Q1, x=3, y=30, z=20)]
    first = release(rows, BY_UNIT, Q1)
    both = release(rows, BY_UNIT, Q1, earlier=[first], number=2, programmes=("straw", "trim"))
    assert shown(first)["x",] == 30
    assert shown(both)["x",] is None


def test_a_renamed_unit_is_the_same_unit():
    rows = quarter(Q1, x=30, y=40, z=50) + quarter(Q2, x=3, y=30, z=20)
    first = release(rows, BY_UNIT, Q1, units=[Unit(code, code.upper()) for code in "xyz"])
    second = release(rows, BY_UNIT, Q2, units=[Unit(code, f"New {code}") for code in "xyz"], earlier=[first], number=2)
    both = half(rows, [first, second], units=[Unit(code, f"New {code}") for code in "xyz"])
    assert shown(both)["x",] is None


def test_a_unit_that_was_split_cannot_be_subtracted_from_its_parts():
    """x was one station in the first quarter, and two, x1 and x2 below x, in the second."""
    before = [Unit(code, code) for code in "xyz"]
    after = [*before, Unit("x1", "x1", "x"), Unit("x2", "x2", "x")]
    rows = quarter(Q1, x=30, y=40, z=50) + quarter(Q2, x1=4, x2=20, y=30, z=20)
    first = release(rows, BY_UNIT, Q1, units=before)
    second = release(rows, BY_UNIT, Q2, units=after, earlier=[first], number=2)
    assert shown(second)["x1",] is None
    both = half(rows, [first, second], units=after)
    assert shown(both)["x1",] is None
    assert attack([first, second, both]).is_safe


@pytest.mark.parametrize("late", [1, 3])
def test_a_correction_does_not_tell_the_few_who_came_late(late: int):
    rows = quarter(Q1, x=30, y=40, z=50)
    first = release(rows, BY_UNIT, Q1)
    corrected = release([*rows, row(late, Q1, "x")], BY_UNIT, Q1, earlier=[first], number=2, corrects=1)
    assert shown(corrected)["x",] is None
    assert corrected.corrects == 1


def test_a_correction_hides_what_was_hidden_before():
    rows = quarter(Q1, x=3, y=40, z=50)
    first = release(rows, BY_UNIT, Q1)
    assert shown(first)["x",] is None
    corrected = release([*rows, row(20, Q1, "x")], BY_UNIT, Q1, earlier=[first], number=2, corrects=1)
    assert shown(corrected)["x",] is None


def test_the_same_facts_again_give_the_same_cells():
    rows = quarter(Q1, x=3, y=40, z=50)
    first = release(rows, BY_UNIT, Q1)
    again = release(rows, BY_UNIT, Q1, earlier=[first], number=2, corrects=1)
    assert shown(again) == shown(first)


def test_facts_that_came_after_their_quarter_was_released_are_not_told_by_the_year():
    rows = quarter(Q1, x=30, y=40, z=50) + quarter(Q2, x=30, y=30, z=20)
    first = release(rows, BY_UNIT, Q1)
    second = release(rows, BY_UNIT, Q2, earlier=[first], number=2)
    both = half([*rows, row(2, Q1, "x")], [first, second])
    assert shown(both)["x",] is None


def test_earlier_releases_that_share_no_time_change_nothing():
    rows = quarter(Q1, x=30, y=4, z=5) + quarter(Q2, x=3, y=30, z=20)
    first = release(rows, BY_UNIT, Q1, rules=OPEN)
    assert shown(release(rows, BY_UNIT, Q2, earlier=[first])) == shown(release(rows, BY_UNIT, Q2))


def test_a_correction_beside_the_year_is_safe_without_the_facts_of_the_other_quarters():
    rows = quarter(Q1, x=30, y=40, z=50, w=12) + quarter(Q2, x=33, y=5, z=20, w=25)
    first = release(rows, BY_UNIT, Q1)
    second = release(rows, BY_UNIT, Q2, earlier=[first], number=2)
    both = half(rows, [first, second])
    late = [*quarter(Q1, x=30, y=40, z=50, w=12), row(2, Q1, "z")]
    corrected = release(late, BY_UNIT, Q1, earlier=[first, second, both], number=4, corrects=1)
    assert shown(corrected)["z",] is None
    assert corrected.table("t1").hidden >= 2
