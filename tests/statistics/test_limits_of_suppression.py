"""Late, coarser or refused, but never leaky: no time, no way out, and rounding."""

from __future__ import annotations

from random import Random

import pytest

from tests.statistics.plain import OPEN, cube, declaration, release, row, shown
from trim.statistics.attack.adversary import attack
from trim.statistics.build import TablesInConflict
from trim.statistics.counts import Count, Unit
from trim.statistics.model import Release, Rounding, Rules
from trim.statistics.withstand import StillExposed, withstanding

BY = declaration(("unit", "incident_kind"))


def sparse(seed: int, units: int = 12, kinds: int = 8, most: int = 60) -> list[Count]:
    chance = Random(seed)
    return cube({
        (f"u{unit:02}", f"k{kind}"): chance.choice([0, 0, chance.randint(1, 9), chance.randint(1, most)])
        for unit in range(units) for kind in range(kinds)
    })  # fmt: skip


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.large)])
def test_without_any_time_a_heuristic_hides_more_but_enough(seed: int):
    rows = sparse(seed)
    best = release(rows, BY)
    hasty = release(rows, BY, time_limit=0.0)
    assert attack([best]).is_safe
    assert attack([hasty]).is_safe
    assert best.tables[0].hidden <= hasty.tables[0].hidden <= best.tables[0].hidden * 1.5


def test_tables_that_cannot_be_protected_together_are_named():
    """Five people work there and everybody knows: no interval reaches above seven, whatever is hidden."""
    units = [Unit("a", "A", None, 5), Unit("b", "B", None, 0)]
    rows = [row(2, unit="a")]
    tables = declaration(("unit",), within_headcount=True)
    with pytest.raises(TablesInConflict, match="t1") as caught:
        release(rows, tables, units=units)
    assert "t1" in caught.value.tables
    assert "even with everything hidden" in str(caught.value)


def test_a_release_is_made_coarser_until_the_adversary_finds_nothing():
    turns = []

    def make(careful: object) -> Release:
        turns.append(dict(careful))
        return small

    small = release(sparse(1, 3, 2), BY)
    withstanding(make, lambda _: ["t1"] if len(turns) < 3 else [])
    assert turns == [{}, {"t1": 1}, {"t1": 3}]
    with pytest.raises(StillExposed, match="t1"):
        withstanding(make, lambda _: ["t1"])


def test_more_careful_tables_are_coarser_and_vanish_in_the_end():
    from trim.statistics.build import Asked, build_release
    from trim.statistics.periods import Period

    asked = Asked(1, Period("2025-Q1", "2025-Q1"), ("trim",), "2099-Q4")

    def cells(steps: int) -> int:
        made = build_release(iter(sparse(1)), BY, (), OPEN, (), lambda *_: None, 60, asked=asked, careful={"t1": steps})
        return sum(len(table.cells) for table in made.tables)

    assert cells(0) > cells(3) > cells(8) > 0
    assert cells(255) == 0


def test_rounded_figures_are_multiples_of_five_near_the_truth_and_add_up():
    rows = sparse(3, units=5, kinds=4)
    plain = shown(release(rows, BY))
    made = release(rows, BY, rules=Rules(7, 1, 4, rounding=Rounding(5), least_headcount=0, most_hidden=100))
    rounded = shown(made)
    for key, value in rounded.items():
        assert (value is None) is (plain[key] is None)
        if value is not None:
            assert value % 5 == 0
            assert abs(value - (plain[key] or 0)) < 5
    units = made.tables[0].dimensions[0].values
    for kind in ("Total", *made.tables[0].dimensions[1].values):
        column = [rounded[unit, kind] for unit in units]
        if None not in column and rounded["Total", kind] is not None:
            assert sum(column) == rounded["Total", kind]


def test_rounding_instead_of_suppression_hides_nothing():
    rows = sparse(3, units=5, kinds=4)
    rules = Rules(7, 1, 4, rounding=Rounding(5, instead=True), least_headcount=0, most_hidden=100)
    rounded = shown(release(rows, BY, rules=rules))
    assert None not in rounded.values()
    assert {value % 5 for value in rounded.values() if value is not None} == {0}
    assert sum(rounded[f"u{at:02}", "Total"] or 0 for at in range(5)) == rounded["Total", "Total"]
