"""Measures that count the same under two names are hidden together: whoever adds up sees that they are one figure."""

from __future__ import annotations

from random import Random

import pytest

from tests.statistics.plain import W, release, row
from trim.statistics import build
from trim.statistics.attack import attack
from trim.statistics.attack.definitions import Bond
from trim.statistics.counts import Count
from trim.statistics.declaration import Declaration, DimensionDeclared, Measure, TableDeclared
from trim.statistics.model import Release
from trim.statistics.tabulation.alike import alike, told_apart
from trim.statistics.tabulation.cube import cubes

KINDS = frozenset({"fact"})
TABLES = Declaration(
    {
        "incident_kind": DimensionDeclared("incident_kind", W, "incident_kind", merge=True),
        "exposure": DimensionDeclared("exposure", W, "exposure", merge=True),
    },
    {"held": Measure("held", W, KINDS, sensitive=False), "windows": Measure("windows", W, KINDS, sensitive=False)},
    (
        TableDeclared("t1", "held", W, W, True, ("incident_kind",)),
        TableDeclared("t2", "windows", W, W, True, ("exposure",)),
    ),
)
#: What the adversary knows of these two.
BONDS = (Bond("windows", "held", ("unit",), same=True),)


def sparse(seed: int, quarter: str = "2025-Q1") -> list[Count]:
    chance = Random(f"{seed} {quarter}")
    return [
        row(number, quarter, f"u{unit}", incident_kind=kind, exposure=exposure)
        for unit in range(5)
        for kind in "abc"
        for exposure in "xy"
        if (number := chance.choice([0, 0, chance.randint(1, 4), chance.randint(1, 40)]))
    ]


def year(seed: int) -> list[Release]:
    """Two quarters and their half-year."""
    rows = sparse(seed) + sparse(seed, "2025-Q2")
    first = release(rows, TABLES)
    second = release(rows, TABLES, "2025-Q2", earlier=[first], number=2)
    return [first, second, release(rows, TABLES, "2025-Q1", "2025-Q2", earlier=[first, second], number=3)]


def exposed(releases: list[Release]) -> int:
    return sum(len(attack(releases[: at + 1], bonds=BONDS).exposed) for at in range(len(releases)))


def test_what_one_hides_the_other_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hidden each for itself the same facts are exposed: their tables hide different units."""
    assert [exposed(year(seed)) for seed in range(2)] == [0, 0]

    def apart(_cubes: object, directions: dict[str, object], _earlier: object) -> list[tuple[str, ...]]:
        return [(one,) for one in directions]

    monkeypatch.setattr(build, "alike", apart)
    assert any(exposed(year(seed)) for seed in range(2))


def groups(rows: list[Count], earlier: tuple[Release, ...] = (), tables: Declaration = TABLES) -> list[tuple[str, ...]]:
    return alike(cubes(rows, tables, ["trim"]), told_apart(tables.tables), earlier)


def test_measures_are_alike_as_long_as_every_figure_agrees() -> None:
    rows = sparse(1)
    assert groups(rows) == [("held", "windows")]
    other = Declaration(
        TABLES.dimensions,
        {**TABLES.measures, "windows": Measure("windows", W, frozenset({"window"}), sensitive=False)},
        TABLES.tables,
    )
    # As many in all, but one of them in another unit.
    moved = [Count("2025-Q1", "window", one.unit_id, "trim", persons=one.persons) for one in rows]
    assert groups([*rows, *moved], tables=other) == [("held", "windows")]
    moved[0] = Count("2025-Q1", "window", "u9", "trim", persons=moved[0].persons)
    assert groups([*rows, *moved], tables=other) == [("held",), ("windows",)]
    assert groups([], tables=other) == [("held",), ("windows",)], "nothing is like nothing by chance"


def test_measures_that_an_earlier_release_showed_to_differ_are_not_alike() -> None:
    rows = sparse(1)
    other = Declaration(
        TABLES.dimensions,
        {**TABLES.measures, "windows": Measure("windows", W, frozenset({"window"}), sensitive=False)},
        TABLES.tables,
    )
    before = release([*rows, Count("2025-Q1", "window", "u1", "trim", persons=30, incidents=9)], other)
    assert groups(rows, (before,)) == [("held",), ("windows",)]
    assert groups(rows, (release(rows, TABLES),)) == [("held", "windows")]
