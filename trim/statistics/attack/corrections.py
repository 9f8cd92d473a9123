"""What an attacker makes of a correction: whatever did not visibly change is taken to be what it was.

A corrected release counts its facts anew, so its figures are unknowns of their own. But a margin that is the same in
both tells everybody that nothing moved below it. That is a presumption and no certainty (two changes can cancel out):
where it contradicts what was published it is dropped for that table.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from trim.statistics.attack.definitions import Row
from trim.statistics.attack.reading import Reading
from trim.statistics.model import Cell, Dimension, Key, Release, Table


def presumptions(reading: Reading) -> Iterator[tuple[str, list[Row]]]:
    """For each table of a correction its name, and the rows that say which cells did not change."""
    by_number = {release.number: release for release in reading.releases}
    for release in reading.releases:
        old = by_number.get(release.corrects) if release.corrects is not None else None
        if old is None:
            continue
        for table in release.tables:
            before = next((one for one in old.tables if one.name == table.name), None)
            if before is not None and before.measure == table.measure:
                name = f"release {release.number}, table “{table.name}” beside release {old.number}"
                yield name, [(terms, 0.0, 0.0, name) for terms in _unmoved(reading, release, table, old, before)]


def _unmoved(
    reading: Reading, release: Release, table: Table, old: Release, before: Table
) -> Iterator[dict[int, float]]:
    cells, cells_before = table.by_key(), before.by_key()
    same = [key for key in cells if key in cells_before and table.covered(key) == before.covered(key)]
    still = {key for key in same if _shown_alike(cells[key], cells_before[key])}
    for key in same:
        if any(above in still for above in _above(table.dimensions, key)):
            terms = dict(reading.terms(release.number, table.name, key))
            for place, factor in reading.terms(old.number, before.name, key).items():
                terms[place] = terms.get(place, 0.0) - factor
            yield terms


def _shown_alike(one: Cell, other: Cell) -> bool:
    return one.is_shown and one.value == other.value


def _above(dimensions: tuple[Dimension, ...], key: Key) -> Iterator[Key]:
    """Every cell that holds this one: the cell itself, and each with a parent or the total in some places."""
    ways: list[list[str]] = []
    for dimension, value in zip(dimensions, key, strict=True):
        way = [value]
        while way[-1] in dimension.parents:
            way.append(dimension.parents[way[-1]])
        ways.append(way if way[-1] == dimension.total else [*way, dimension.total])
    yield from product(*ways)
