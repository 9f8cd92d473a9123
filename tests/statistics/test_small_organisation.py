"""An organisation with some sixty cases a year: one readable page for the year, not a wall of asterisks (CARE 33)."""

from __future__ import annotations

import pytest

from tests.statistics.made_up import Year, facts, force, released
from trim.statistics.attack import adversary
from trim.statistics.build import PeriodTooSmall
from trim.statistics.periods import Period

UNITS = force(2, 3, 40)
CASES = facts(Year(incidents=15, per_incident=1, seed=4), UNITS)


@pytest.mark.care(33)
def test_a_quarter_becomes_the_year_that_is_over():
    made = released(CASES, UNITS, "2025-Q3")
    assert made.period == Period("2025-Q1", "2025-Q4")
    exposed = sum(one.kind == "exposed" for one in CASES)
    assert 50 <= exposed <= 70
    assert made.table("exposed").cells[0].value == exposed


@pytest.mark.care(33)
def test_the_page_of_the_year_is_short_and_most_of_it_can_be_read():
    made = released(CASES, UNITS, "2025-Q1", "2025-Q4")
    cells = [cell for table in made.tables for cell in table.cells]
    assert len(cells) <= 120
    assert sum(not cell.is_shown for cell in cells) <= 0.25 * sum(cell.value != 0 for cell in cells)
    for table in made.tables:
        telling = [cell for cell in table.cells if cell.value != 0]
        assert table.hidden <= max(0.25 * len(telling), 3), table.name
    readable = [table.name for table in made.tables if sum(bool(cell.value) for cell in table.cells) >= 3]
    assert readable == ["incidents", "exposed", "offers", "assessments"]
    assert {table.cells[0].value for table in made.tables if table.name in ("bands", "waits")} == {29}
    assert adversary.attack([made]).is_safe


def test_before_the_year_is_over_there_is_nothing_yet_and_it_says_when_there_will_be():
    with pytest.raises(PeriodTooSmall) as caught:
        released(CASES, UNITS, "2025-Q3", closed_until="2025-Q3")
    assert caught.value.wait_for == Period("2025-Q3", "2025-Q4")
    with pytest.raises(PeriodTooSmall, match="Release the year 2025-Q1 to 2025-Q4 when it is over"):
        released(CASES, UNITS, "2025-Q1", closed_until="2025-Q2")


def test_small_kinds_are_merged_into_other_and_units_into_their_area():
    units = force(4, 6, 40)
    made = released(facts(Year(incidents=60, per_incident=3), units), units, "2025-Q1")
    merged = [one for table in made.tables for one in table.dimensions for value in one.values if "other" in value]
    assert merged
    incidents = made.table("incidents")
    for one in incidents.dimensions:
        for value in one.values:
            children = one.children(value)
            if children:
                assert one.covers[value] == frozenset().union(*(one.covers[child] for child in children))
