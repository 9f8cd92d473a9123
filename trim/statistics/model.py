"""What a release of statistics is: frozen, numbered tables, and every rule by which they were made.

This is the published form. Everything in it is known to whoever attacks it, and nothing else about the release is
published: no mark, note or order tells why a cell is hidden.

What a cell counts is the same figure in two tables, or in two releases, when these four agree: the `measure` of its
table, the quarters of the release, its `programmes`, and what each value of its key `covers`. A dimension at its
total, or one that the table does not have, leaves nothing out. So figures of one measure are linked:

- in a table a cell at a total is the sum over the values without a parent, and a value with children is the sum of
  its children (`Dimension.parents`); all cells of all combinations are there, the margins too;
- figures alike in all but one of the four are added where one covers exactly what several others cover together:
  a year and its quarters, a unit and those it was split into, "other" and the kinds in it. If the others leave
  something out, the rest is not negative. A code that no dimension of an earlier release covers had no cases then.

A suppressed cell holds at least 1 where the table says `zeros_shown`, else at least 0; all counts are whole. Where
a table says `within_headcount` no cell is larger than the headcount of the units that it covers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from trim.statistics.periods import Period

FORMAT: Final = "trim-statistics/1"
TOTAL: Final = "Total"
#: Name of the dimension that holds the tree of units, in every table that has one.
UNIT: Final = "unit"

Status = Literal["shown", "suppressed"]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A wording in both languages, as it stood when the release was made."""

    en: str
    fr: str

    def of(self, locale: str) -> str:
        """The wording for a locale such as "fr_FR"; anything but French reads English."""
        return self.fr if locale[:2].lower() == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Rounding:
    """Shown figures are multiples of `base`, each less than `base` away from the truth, and still add up.

    `instead` of suppression: then no cell is suppressed, and 0 stands for 0 to base - 1.
    """

    base: int
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """By which rules a release was made; all of them are published.

    A count of 1 to `threshold` is never shown, nor one with fewer than `incidents` incidents behind it. Whoever works
    out bounds of a suppressed cell from everything published finds them at least `width` apart and the upper one
    above the threshold. Units of fewer than `least_headcount` people have no row of their own. A table with more than
    `most_hidden` per cent of its cells suppressed is made coarser, unless these are at most
    three and half of them; at 100 nothing is merged for that.
    """

    threshold: int = 7
    incidents: int = 3
    width: int = 4
    zeros_shown: bool = True
    rounding: Rounding | None = None
    least_headcount: int = 20
    most_hidden: int = 25


@dataclass(frozen=True, slots=True)
class Dimension:
    """One direction of a table: its values in the order shown, without the total.

    `parents` gives the parent of each value that has one (a tree: units). `covers` gives the stored codes that each
    value counts: its own code, that of every child, those merged into "other". `labels` holds a wording for each
    value and for the total.
    """

    name: str
    label: Words
    values: tuple[str, ...]
    covers: Mapping[str, frozenset[str]]
    labels: Mapping[str, Words]
    parents: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    total: str = TOTAL

    def children(self, value: str) -> tuple[str, ...]:
        """The values that add up to this one; those of the total have no parent."""
        parent = None if value == self.total else value
        return tuple(one for one in self.values if self.parents.get(one) == parent)

    def with_total(self) -> tuple[str, ...]:
        """The total first, then every value."""
        return (self.total, *self.values)


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: its key holds a value or the total of each dimension of its table, in their order."""

    key: Key
    value: int | None
    status: Status

    @property
    def is_shown(self) -> bool:
        """Whether the figure is published."""
        return self.status == "shown"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a release, with the cells of every combination of values and totals.

    A table of which only the sum could be kept has no dimension and one cell, whose key is empty.

    `definition` says what a figure counts, of what, and what is left out. `zeros_shown` and `within_headcount` are
    what a reader knows of suppressed cells (see the head of this module).
    """

    name: str
    measure: str
    title: Words
    definition: Words
    dimensions: tuple[Dimension, ...]
    cells: tuple[Cell, ...]
    zeros_shown: bool = True
    within_headcount: bool = False

    def by_key(self) -> dict[Key, Cell]:
        """The cells by their keys."""
        return {cell.key: cell for cell in self.cells}

    def dimension(self, name: str) -> Dimension | None:
        """The dimension of that name."""
        return next((one for one in self.dimensions if one.name == name), None)

    def covered(self, key: Key) -> dict[str, frozenset[str]]:
        """What a cell counts: the codes of each dimension that is not at its total."""
        return {
            one.name: one.covers[value] for one, value in zip(self.dimensions, key, strict=True) if value != one.total
        }

    @property
    def total(self) -> int | None:
        """The figure of the whole table; None where it is suppressed."""
        return self.by_key()[tuple(one.total for one in self.dimensions)].value

    @property
    def hidden(self) -> int:
        """How many cells are suppressed."""
        return sum(not cell.is_shown for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Release:
    """One closed period, all its tables together; the same release always gives the same bytes.

    `corrects` is the number of the release of the same period that this one replaces. `headcounts` holds people by
    unit code, as published for rates (empty where none were imported).
    """

    number: int
    period: Period
    programmes: tuple[str, ...]
    rules: Rules
    tables: tuple[Table, ...]
    corrects: int | None = None
    headcounts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def table(self, name: str) -> Table:
        """The table of that name. Raises KeyError."""
        for one in self.tables:
            if one.name == name:
                return one
        raise KeyError(name)

    def headcount(self, dimension: Dimension, value: str) -> int | None:
        """People in the units that a value covers; None where one of them is not known."""
        codes = frozenset(self.headcounts) if value == dimension.total else dimension.covers[value]
        if not codes or not codes <= self.headcounts.keys():
            return None
        return sum(self.headcounts[code] for code in codes)

    def hidden_cells(self) -> Iterator[tuple[Table, Cell]]:
        """Every suppressed cell with its table."""
        for table in self.tables:
            for cell in table.cells:
                if not cell.is_shown:
                    yield table, cell


@dataclass(frozen=True, slots=True)
class Made:
    """When, by whom and why a release was made: kept beside the release, never in its bytes."""

    at: str
    by: str
    reason: str = ""
