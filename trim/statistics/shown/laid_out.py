"""A table of a release laid out for reading: rows, columns, and what stands in each place.

Everything is drawn from published cells alone; a hidden figure is the same empty place everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from trim.statistics.model import TOTAL, UNIT, Dimension, Key, Release, Table, Words

#: With more values than this the last direction goes down the page instead of across it.
MOST_COLUMNS = 8
#: Rates are per so many people.
PER = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its head (label and how deep it stands in the tree), whether it is a total, its figures (None: hidden)."""

    label: Words
    depth: int
    is_total: bool
    figures: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A table ready to be drawn; `columns` are empty where there is one figure a row."""

    head: Words
    columns: tuple[Words, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """A unit beside how many people work there: its figure (None: hidden), and that figure for each 100 of them."""

    label: Words
    depth: int
    is_total: bool
    figure: int | None
    people: int | None
    rate: float | None


ALL, NOTHING = Words("All", "Total"), Words("What", "Quoi")


def directions(table: Table, unit: str | None) -> tuple[Dimension, ...]:
    """The directions that are laid out: without the units where one of them, or the total, was chosen."""
    if unit is None:
        return table.dimensions
    return tuple(one for one in table.dimensions if one.name != UNIT)


def chooses_unit(table: Table) -> bool:
    """Whether a table has too many directions for a page, so that the reader chooses a unit."""
    return len(table.dimensions) > 2 and table.dimension(UNIT) is not None


def lay_out(table: Table, unit: str | None = None) -> Layout:
    """The table as rows and columns; `unit` fixes the unit (TOTAL for all of them) in a table of three directions."""
    left = directions(table, unit)
    cells = table.by_key()
    down, across = (left[0], left[1]) if len(left) == 2 else (left[0] if left else None, None)
    if (
        across is not None
        and len(across.values) > MOST_COLUMNS >= len(down.values if down else ())
        and down is not None
    ):
        down, across = across, down
    columns = across.with_total() if across is not None else ()
    rows = []
    for value in _ordered(down):
        chosen: dict[str, str | None] = {UNIT: unit} if unit is not None else {}
        if down is not None:
            chosen[down.name] = value
        figures = []
        for column in columns or (None,):
            if across is not None and column is not None:
                chosen[across.name] = column
            figures.append(cells[_key(table, chosen)].value)
        label = down.labels[value] if down is not None else ALL
        rows.append(Row(label, _depth(down, value), value == TOTAL, tuple(figures)))
    return Layout(
        head=down.label if down is not None else NOTHING,
        columns=tuple(across.labels[one] for one in columns) if across is not None else (),
        rows=tuple(rows),
    )


def rates(release: Release, table: Table) -> tuple[Rate, ...]:
    """The total of each unit per 100 of its people, children below their parent; empty where no head-count is known.

    A rate is worked out from two published numbers, so it tells nothing that they do not.
    """
    units, cells = table.dimension(UNIT), table.by_key()
    if units is None:
        return ()
    found = []
    for value in _ordered(units):
        figure = cells[_key(table, {UNIT: value})].value
        people = release.headcount(units, value)
        found.append(
            Rate(units.labels[value], _depth(units, value), value == TOTAL, figure, people, per_hundred(figure, people))
        )
    return tuple(found) if any(one.people for one in found) else ()


def per_hundred(figure: int | None, people: int | None) -> float | None:
    """A figure for each 100 people; None where it is hidden or nobody was counted."""
    return None if figure is None or not people else round(figure * PER / people, 1)


def flat(table: Table) -> Iterator[tuple[Key, tuple[Words, ...], int | None]]:
    """Every cell with the words of its key, in the order of the directions, totals first: what files are made of."""
    cells = table.by_key()
    for key in product(*(one.with_total() for one in table.dimensions)):
        words = tuple(one.labels[value] for one, value in zip(table.dimensions, key, strict=True))
        yield key, words, cells[key].value


def _key(table: Table, chosen: dict[str, str | None]) -> Key:
    return tuple(chosen.get(one.name) or one.total for one in table.dimensions)


def _ordered(dimension: Dimension | None) -> Iterator[str]:
    """The values with every child below its parent, the total last, as people add up."""
    if dimension is None:
        yield TOTAL
        return
    yield from _below(dimension, dimension.total)
    yield dimension.total


def _below(dimension: Dimension, parent: str) -> Iterator[str]:
    for value in dimension.children(parent):
        yield value
        yield from _below(dimension, value)


def _depth(dimension: Dimension | None, value: str) -> int:
    depth = 0
    while dimension is not None and value in dimension.parents:
        value, depth = dimension.parents[value], depth + 1
    return depth
