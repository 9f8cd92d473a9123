"""An adversary by brute force: every table of whole numbers that fits what is published, one after the other.

Written for tests of small tables only, and from the rules alone: it knows nothing of linear programmes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from trim.statistics.model import Key, Release, Table

Interval = tuple[int, int]


def intervals(releases: Sequence[Release], most: int) -> dict[tuple[int, str, Key], Interval]:
    """The least and the largest value of each hidden cell over all ways to fill the innermost cells with 0 to `most`.

    All tables must have the same measure and, together, at most two flat directions and no merging between them:
    figures are then sums over one grid per quarter.
    """
    atoms = sorted({atom for r in releases for t in r.tables for key in keys(t) for atom in of(r, t, key)})
    place = {atom: at for at, atom in enumerate(atoms)}
    shown, hidden = [], {}
    for release in releases:
        for table in release.tables:
            for cell in table.cells:
                inside = frozenset(place[atom] for atom in of(release, table, cell.key))
                if cell.is_shown:
                    assert cell.value is not None
                    shown.append((inside, cell.value))
                else:
                    hidden[release.number, table.name, cell.key] = (inside, int(table.zeros_shown))
    found: dict[tuple[int, str, Key], Interval] = {}
    for values in fillings(len(atoms), shown, most):
        sums = {name: sum(values[at] for at in inside) for name, (inside, _) in hidden.items()}
        if all(sums[name] >= least for name, (_, least) in hidden.items()):
            for name, value in sums.items():
                low, high = found.get(name, (value, value))
                found[name] = (min(low, value), max(high, value))
    return found


def keys(table: Table) -> Iterator[Key]:
    """The keys of the innermost cells."""
    yield from product(*(one.values for one in table.dimensions))


def of(release: Release, table: Table, key: Key) -> Iterator[tuple[str, ...]]:
    """The atoms of a cell: quarter, then a code of each direction."""
    spans = [
        sorted(frozenset().union(*one.covers.values())) if value == one.total else sorted(one.covers[value])
        for one, value in zip(table.dimensions, key, strict=True)
    ]
    yield from product(release.period.quarters, *spans)


def fillings(count: int, shown: Sequence[tuple[frozenset[int], int]], most: int) -> Iterator[Mapping[int, int]]:
    """Every way to fill atoms so that all shown sums hold; a branch is left as soon as a sum cannot be met."""
    watching: list[list[int]] = [[] for _ in range(count)]
    for number, (inside, _) in enumerate(shown):
        for at in inside:
            watching[at].append(number)
    left = [value for _, value in shown]
    open_ones = [len(inside) for inside, _ in shown]
    values: dict[int, int] = {}

    def step(at: int) -> Iterator[Mapping[int, int]]:
        if at == count:
            yield values
            return
        low, high = 0, most
        for number in watching[at]:
            high = min(high, left[number])
            if open_ones[number] == 1:
                low = max(low, left[number])
        for value in range(low, high + 1):
            values[at] = value
            for number in watching[at]:
                left[number] -= value
                open_ones[number] -= 1
            if all(left[n] <= most * open_ones[n] for n in watching[at]):
                yield from step(at + 1)
            for number in watching[at]:
                left[number] += value
                open_ones[number] += 1

    yield from step(0)
