"""An adversary by brute force: every table of whole numbers that fits what is published, one after the other.

Written for tests of small tables only, and from the rules alone: it knows nothing of linear programmes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from random import Random

from trim.statistics.model import Key, Release, Table

Interval = tuple[int, int]


def intervals(
    releases: Sequence[Release], most: int, enough: Callable[[Interval], bool] = lambda _: False
) -> dict[tuple[int, str, Key], Interval]:
    """The least and the largest value of each hidden cell over all ways to fill the innermost cells with 0 to `most`.

    All tables must have the same measure and, together, at most two flat directions and no merging between them:
    figures are then sums over one grid per quarter. Ends as soon as every interval is `enough`.
    """
    every: dict[str, set[str]] = {}
    for one in (one for release in releases for table in release.tables for one in table.dimensions):
        every.setdefault(one.name, set()).update(*one.covers.values())
    spans = {name: sorted(codes) for name, codes in sorted(every.items())}
    atoms = sorted({atom for release in releases for atom in product(release.period.quarters, *spans.values())})
    place = {atom: at for at, atom in enumerate(atoms)}
    shown, hidden = [], {}
    for release in releases:
        for table in release.tables:
            for cell in table.cells:
                inside = frozenset(place[atom] for atom in of(release, table, cell.key, spans))
                if cell.is_shown:
                    assert cell.value is not None
                    shown.append((inside, cell.value))
                else:
                    hidden[release.number, table.name, cell.key] = (inside, int(table.zeros_shown))
    found: dict[tuple[int, str, Key], Interval] = {}
    for turn, values in enumerate(fillings(len(atoms), shown, most)):
        if turn % 50 == 0 and len(found) == len(hidden) and all(map(enough, found.values())):
            break
        sums = {name: sum(values[at] for at in inside) for name, (inside, _) in hidden.items()}
        if all(sums[name] >= least for name, (_, least) in hidden.items()):
            for name, value in sums.items():
                low, high = found.get(name, (value, value))
                found[name] = (min(low, value), max(high, value))
    return found


def of(release: Release, table: Table, key: Key, spans: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """The atoms of a cell: quarter, then a code of each direction; a table without a direction leaves it open."""
    covered = table.covered(key)
    yield from product(release.period.quarters, *(sorted(covered.get(name, codes)) for name, codes in spans.items()))


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
        # In any order, so that large and small ones come early: the caller may end as soon as it has seen enough.
        for value in Random(at + sum(left)).sample(range(low, high + 1), max(high + 1 - low, 0)):
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
