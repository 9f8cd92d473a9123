"""Every figure shown is the sum of the facts it says it counts: nothing is lost by merging, nothing counted twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.statistics.made_up import Year, facts, force, grouped, released
from trim.statistics.counts import Count
from trim.statistics.model import Release, Table
from trim.statistics.read_declaration import read_declaration

DECLARATION = read_declaration()


def counted(rows: list[Count], release: Release, table: Table, covered: Mapping[str, frozenset[str]]) -> int:
    """Counted fact by fact, by what the published cell says it covers."""
    measure = DECLARATION.measures[table.measure]
    found = 0
    for row in rows:
        if row.quarter in release.period.quarters and row.programme in release.programmes:
            told = {name: one.code(row) for name, one in DECLARATION.dimensions.items()}
            told["unit"] = row.unit_id
            if all(told[name] in codes for name, codes in covered.items()):
                found += measure.sign(row) * row.persons
    return found


@pytest.mark.parametrize(
    "year",
    [pytest.param(Year(incidents=70, seed=3), marks=pytest.mark.large), Year(incidents=15, per_incident=1, seed=5)],
)
def test_every_shown_figure_is_the_sum_of_its_facts(year: Year):
    units = force(3, 4, 50)
    rows = facts(year, units)
    release = released(rows, units, "2025-Q1")
    alike = list(grouped(rows))
    shown = 0
    for table in release.tables:
        for cell in table.cells:
            if cell.is_shown:
                assert cell.value == counted(alike, release, table, table.covered(cell.key)), (table.name, cell.key)
                shown += 1
    assert shown > 20


def test_rows_in_any_order_and_grouped_or_not_give_the_same_bytes():
    from trim.statistics.build import Asked, build_release
    from trim.statistics.model import Rules
    from trim.statistics.model_json import to_json
    from trim.statistics.periods import Period

    units = force(2, 3, 50)
    rows = facts(Year(("2025-Q1",), incidents=40), units)
    declaration = replace(DECLARATION, tables=DECLARATION.tables[:3])
    asked = Asked(1, Period("2025-Q1", "2025-Q1"), ("trim",), "2099-Q4")
    made = [
        to_json(build_release(some, declaration, units, Rules(), (), lambda *_: None, 60, asked=asked))
        for some in (iter(rows), reversed(rows), grouped(rows))
    ]
    assert made[0] == made[1] == made[2]
