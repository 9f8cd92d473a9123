"""Measures that count the same things under two names: interviews held, the same by their band, the same by window.

Anybody who adds both up sees that they are one figure. So whatever one of them shows is known of the other, and they
have to be hidden together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from trim.statistics.declaration import TableDeclared
from trim.statistics.model import UNIT, Release
from trim.statistics.tabulation.cube import Cube

Sums = Mapping[tuple[str, ...], int]


def told_apart(tables: Sequence[TableDeclared]) -> dict[str, frozenset[str]]:
    """For each measure, in the order of its first table, the directions that some table of it has."""
    found: dict[str, frozenset[str]] = {}
    for table in tables:
        names = {*table.dimensions, *([UNIT] if table.by_unit else [])}
        found[table.measure] = found.get(table.measure, frozenset()) | names
    return found


def alike(
    cubes: Mapping[str, Cube], directions: Mapping[str, frozenset[str]], earlier: Sequence[Release]
) -> list[tuple[str, ...]]:
    """The measures in groups: in each all figures agree that two of them give, in the facts and in earlier releases.

    Two measures without a direction in common, or of nothing at all, are no group: their totals agree by chance.
    """
    groups: list[list[str]] = []
    for measure in directions:
        for group in groups:
            if all(_agree(cubes, directions, measure, other, earlier) for other in group):
                group.append(measure)
                break
        else:
            groups.append([measure])
    return [tuple(group) for group in groups]


def _agree(
    cubes: Mapping[str, Cube],
    directions: Mapping[str, frozenset[str]],
    one: str,
    other: str,
    earlier: Sequence[Release],
) -> bool:
    shared = sorted(directions[one] & directions[other])
    if not shared:
        return False
    sums = [_sums(cubes[measure], shared) for measure in (one, other)]
    return bool(sums[0]) and sums[0] == sums[1] and all(_agree_as_shown(release, one, other) for release in earlier)


def _sums(cube: Cube, names: Sequence[str]) -> Sums:
    """People by quarter and the codes of these directions, without what is nothing."""
    places = [0, *(cube.names.index(name) for name in names)]
    found: Counter[tuple[str, ...]] = Counter()
    for key, tally in cube.tallies.items():
        found[tuple(key[at] for at in places)] += tally.persons
    return {key: number for key, number in found.items() if number}


def _agree_as_shown(release: Release, one: str, other: str) -> bool:
    """Is no figure shown for one measure another one than the same figure of the other?"""
    shown: dict[object, int] = {}
    for table in release.tables:
        if table.measure in (one, other):
            for cell in table.cells:
                what = frozenset(table.covered(cell.key).items())
                if cell.value is not None and shown.setdefault(what, cell.value) != cell.value:
                    return False
    return True
