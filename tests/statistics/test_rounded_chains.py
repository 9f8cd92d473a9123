"""Releases rounded to base 5, one beside the other: quarters, half-years, a year, a correction, all attacked.

A multiple says between which numbers a figure lies. Those of a year and of its quarters say more together than each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import pytest

from tests.statistics.plain import declaration, release, row, shown
from tests.support.force import Quarter, make_force, quarters
from tests.support.held_against import Publisher, declared
from trim.statistics.attack import attack
from trim.statistics.counts import Count, Unit
from trim.statistics.model import TOTAL, Rounding, Rules

ON_TOP, INSTEAD = Rounding(5), Rounding(5, instead=True)
BOTH = pytest.mark.parametrize("rounding", [ON_TOP, INSTEAD], ids=["on top", "instead"])


def year_of(publisher: Publisher, counts: Sequence[Sequence[Count]], names: Sequence[str]) -> None:
    """Publish four quarters, with half-years and the year as soon as they are over."""
    known: list[Count] = []
    for at, name in enumerate(names):
        known += counts[at]
        publisher.publish(known, f"{name} {name}")
        if at % 2:
            publisher.publish(known, f"{names[at - 1]} {name}")
    publisher.publish(known, f"{names[0]} {names[3]}")


KINDS, WAYS = {"kinds": ("unit", "incident_kind")}, {"ways": ("unit", "exposure")}


def chain(
    seed: int, rounding: Rounding, folder: Path, tables: Mapping[str, Sequence[str]], *, stations: int, cases: int
) -> Publisher:
    force = make_force(stations, seed=seed, districts=2)
    publisher = Publisher(declared(folder, tables), force.units, Rules(rounding=rounding), time_limit=20.0)
    names = quarters(2025, 4)
    year_of(publisher, [list(Quarter(force, name, cases, seed).rows()) for name in names], names)
    return publisher


@BOTH
def test_a_year_of_rounded_releases_withstands(rounding: Rounding, tmp_path: Path) -> None:
    made = chain(1, rounding, tmp_path, WAYS, stations=2, cases=100).releases
    assert [one.period.kind for one in made] == [
        "quarter",
        "quarter",
        "half-year",
        "quarter",
        "quarter",
        "half-year",
        "year",
    ]
    cells = [cell for one in made for table in one.tables for cell in table.cells]
    assert sum(cell.is_shown for cell in cells) > 40
    assert all(cell.is_shown for cell in cells) is rounding.instead


@pytest.mark.large
@BOTH
@pytest.mark.parametrize("seed", range(2, 6))
def test_many_years_of_rounded_releases_withstand(
    rounding: Rounding, seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher = chain(seed, rounding, tmp_path, KINDS | WAYS, stations=4 + seed, cases=80 * seed)
    publisher.tally.tell(f"A rounded year, seed {seed}, {rounding}", capsys)
    assert publisher.tally.releases >= 3


@pytest.mark.parametrize("late", [0, 1, 4])
def test_a_correction_of_a_rounded_release_keeps_what_was_hidden(late: int) -> None:
    """The same figures again are the same multiples; nothing is taken for changed because it was rounded."""
    rules = Rules(7, 1, 4, rounding=ON_TOP, least_headcount=0, most_hidden=100)
    rows = [row(n, unit=unit) for unit, n in (("x", 3), ("y", 41), ("z", 52), ("w", 38))]
    first = release(rows, declaration(("unit",)), rules=rules)
    more = [row(late, unit="y")] if late else []
    again = release([*rows, *more], declaration(("unit",)), rules=rules, earlier=[first], number=2, corrects=1)
    hidden = {key for key, value in shown(first).items() if value is None}
    assert hidden <= {key for key, value in shown(again).items() if value is None}
    assert attack([first, again]).is_safe
    if not late:
        assert shown(again) == shown(first)


def test_a_rounded_figure_of_five_is_known_to_be_eight_or_nine() -> None:
    """What is shown was not small: a later release counts on no more room in it than an attacker leaves it."""
    chance = Random(5)
    rules = Rules(7, 1, 4, rounding=ON_TOP, least_headcount=0, most_hidden=100)
    units = [Unit(code, code) for code in "abcdef"]
    for _ in range(2):
        first = [
            row(chance.choice([3, 8, 9, 12, 40]), unit=one.code, incident_kind=kind) for one in units for kind in "kl"
        ]
        second = [
            row(chance.choice([2, 8, 9, 30]), "2025-Q2", one.code, incident_kind=kind) for one in units for kind in "kl"
        ]
        tables = declaration(("unit", "incident_kind"))
        one = release(first, tables, units=units, rules=rules)
        both = release(
            [*first, *second], tables, "2025-Q1", "2025-Q2", units=units, rules=rules, earlier=[one], number=2
        )
        assert attack([one, both]).is_safe


def test_a_grand_total_beside_its_rounded_parts_stays_a_sum() -> None:
    rows = [row(n, unit=unit) for unit, n in zip("abcdefgh", (11, 12, 13, 14, 16, 17, 18, 19), strict=True)]
    made = shown(release(rows, declaration(("unit",)), rules=Rules(7, 1, 4, rounding=INSTEAD, least_headcount=0)))
    parts = [value for (key,), value in made.items() if key != TOTAL]
    assert sum(value or 0 for value in parts) == made[TOTAL,]
