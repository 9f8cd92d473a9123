"""Releases as a system of sums: what is the same figure, what adds up to what, and what each cell says.

The facts of a measure are cut into *atoms*: along time and programmes into the pieces that some release tells from
others, and along each dimension into the codes that some table tells from others. A *level* is the set of dimensions
that a figure is broken down by. Every figure is a sum of atoms of its level, and the atoms of a level are sums of those
of a level with one dimension more. So a number in two tables is one unknown, a year is its quarters, a unit is those it
was split into, and "other" is the kinds in it, however the releases cut them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from trim.statistics.attack.bounds import Need
from trim.statistics.attack.scopes import Malformed, Scope, partition
from trim.statistics.attack.system import System
from trim.statistics.model import UNIT, Cell, Dimension, Key, Release, Table

Level = tuple[str, ...]
Codes = frozenset[str]
INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class Target:
    """One cell to be attacked: where it stands, which unknown it is and what must stay possible for it."""

    release: int
    table: str
    key: Key
    place: int
    need: Need
    hidden: bool


@dataclass(slots=True)
class Measure:
    """All tables of one measure, and the atoms that they need."""

    name: str
    tables: list[tuple[Release, Table]] = field(default_factory=list)
    pieces: list[Scope] = field(default_factory=list)
    levels: dict[Level, tuple[list[Codes], ...]] = field(default_factory=dict)
    #: For each level the pieces that some table of that level speaks of.
    spoken: dict[Level, list[int]] = field(default_factory=dict)

    def cut(self, scope: Mapping[int, Scope]) -> None:
        """Find pieces and levels."""
        self.pieces = partition(scope[release.number] for release, _ in self.tables)
        levels: dict[Level, list[tuple[Release, Table]]] = {}
        for release, table in self.tables:
            names = sorted(one.name for one in table.dimensions)
            for size in range(len(names) + 1):
                for level in combinations(names, size):
                    levels.setdefault(level, []).append((release, table))
        for level, tables in levels.items():
            self.levels[level] = tuple(
                partition(codes for _, table in tables for codes in _dimension(table, name).covers.values())
                for name in level
            )
            self.spoken[level] = [
                at
                for at, piece in enumerate(self.pieces)
                if any(piece <= scope[release.number] for release, _ in tables)
            ]

    def atoms(self, level: Level, scope: Scope, covered: Mapping[str, Codes]) -> Iterator[tuple[object, ...]]:
        """Keys of the atoms of a level that lie in this scope and in these codes (all codes where none are named)."""
        chosen = [at for at in self.spoken[level] if self.pieces[at] <= scope]
        places = [
            [at for at, part in enumerate(parts) if name not in covered or part <= covered[name]]
            for name, parts in zip(level, self.levels[level], strict=True)
        ]
        for at in product(chosen, *places):
            yield (self.name, level, *at)


def _dimension(table: Table, name: str) -> Dimension:
    found = table.dimension(name)
    if found is None:
        raise KeyError(name)
    return found


class Reading:
    """The system of some releases, its targets, and the way from a cell to its terms."""

    def __init__(self, releases: Sequence[Release], scope: Mapping[int, Scope], headcounts: Mapping[str, int]) -> None:
        self.releases, self.scope = releases, scope
        self.system = System()
        self.targets: list[Target] = []
        #: Which unknown a cell is, by release, table and key.
        self.places: dict[tuple[int, str, Key], int] = {}
        self.tables = {
            (release.number, table.name): (release, table) for release in releases for table in release.tables
        }
        self._headcounts = headcounts
        self.measures: dict[str, Measure] = {}
        for release in releases:
            for table in release.tables:
                self.measures.setdefault(table.measure, Measure(table.measure)).tables.append((release, table))
        for measure in self.measures.values():
            measure.cut(scope)
            self._link(measure)
            for release, table in measure.tables:
                self._no_cases_elsewhere(measure, release, table)
                for cell in table.cells:
                    self._cell(release, table, cell)

    def terms(self, release: int, table: str, key: Key) -> dict[int, float]:
        """The atoms of a cell. Raises Malformed when there is no such cell."""
        if (release, table) not in self.tables:
            raise Malformed(f"There is no table “{table}” in release {release}.")
        _, found = self.tables[release, table]
        fits = len(key) == len(found.dimensions) and all(
            value == one.total or value in one.covers for one, value in zip(found.dimensions, key, strict=True)
        )
        if not fits:
            raise Malformed(f"Release {release}, table “{table}”: there is no cell {list(key)}.")
        measure, covered = self.measures[found.measure], found.covered(key)
        return {
            self.system.quantity(one): 1.0
            for one in measure.atoms(tuple(sorted(covered)), self.scope[release], covered)
        }

    def people(self, release: Release, table: Table, key: Key) -> int | None:
        """People in the units that a cell covers, as published or known from elsewhere; None where not known."""
        known = {**self._headcounts, **release.headcounts}
        codes = table.covered(key).get(UNIT, frozenset(known))
        return sum(known[code] for code in codes) if codes and codes <= known.keys() else None

    def _link(self, measure: Measure) -> None:
        """The atoms of a level add up, over one dimension, to those of the level without it."""
        for level, parts in measure.levels.items():
            for place, dropped in enumerate(level):
                coarse = (*level[:place], *level[place + 1 :])
                others = (*parts[:place], *parts[place + 1 :])
                for at in measure.spoken[level]:
                    piece = measure.pieces[at]
                    for codes in product(*others):
                        covered = dict(zip(coarse, codes, strict=True))
                        terms: dict[int, float] = {}
                        for one in measure.atoms(level, piece, covered):
                            terms[self.system.quantity(one)] = 1.0
                        for one in measure.atoms(coarse, piece, covered):
                            terms[self.system.quantity(one)] = -1.0
                        self.system.sum(terms, 0.0, 0.0, f"sums over “{dropped}” of “{measure.name}”")

    def _no_cases_elsewhere(self, measure: Measure, release: Release, table: Table) -> None:
        """Codes outside the values of a table, or of a parent but of none of its children, had no cases then."""
        why = f"release {release.number}, table “{table.name}”"
        for dimension in table.dimensions:
            empty: set[str] = set()
            for parent in dimension.with_total():
                children = frozenset[str]().union(*(dimension.covers[one] for one in dimension.children(parent)))
                if parent != dimension.total and children:
                    empty |= dimension.covers[parent] - children
                elif parent == dimension.total:
                    empty |= self._codes(measure, dimension.name) - children
            if not empty:
                continue
            for level in measure.levels:
                if dimension.name in level:
                    for one in measure.atoms(level, self.scope[release.number], {dimension.name: frozenset(empty)}):
                        self.system.within(self.system.quantity(one), 0.0, 0.0, why)

    def _codes(self, measure: Measure, name: str) -> Codes:
        return frozenset[str]().union(*measure.levels[(name,)][0])

    def _cell(self, release: Release, table: Table, cell: Cell) -> None:
        """What one published cell says about its atoms; hidden and rounded ones become targets."""
        why = f"release {release.number}, table “{table.name}”"
        terms = self.terms(release.number, table.name, cell.key)
        low, high = _said(release, table, cell)
        if table.within_headcount:
            people = self.people(release, table, cell.key)
            high = high if people is None else min(high, people)
        if len(terms) == 1:
            (place,) = terms
        else:
            sum_of = ("sum", tuple(sorted(terms)))
            is_new = sum_of not in self.system.keys
            place = self.system.quantity(sum_of)
            if is_new:
                self.system.adds_up(place, terms, why)
        self.system.within(place, low, high, why)
        self.places[release.number, table.name, cell.key] = place
        need = _need(release, cell)
        if need is not None:
            self.targets.append(Target(release.number, table.name, cell.key, place, need, not cell.is_shown))


def _said(release: Release, table: Table, cell: Cell) -> tuple[float, float]:
    """Between which counts the truth lies by the cell alone."""
    if cell.value is None:
        return (1.0 if table.zeros_shown else 0.0), INFINITE
    rounding = release.rules.rounding
    if rounding is None:
        return cell.value, cell.value
    possible = range(max(0, cell.value - rounding.base + 1), cell.value + rounding.base)
    if not rounding.instead:  # small counts are suppressed, so a shown figure stands for none of them
        large = [one for one in possible if one == 0 or one > release.rules.threshold]
        return (large[0], large[-1]) if large else (possible[0], possible[-1])
    return possible[0], possible[-1]


def _need(release: Release, cell: Cell) -> Need | None:
    """What a hidden or rounded cell asks for; None for a figure that is shown as it is."""
    rules = release.rules
    if cell.value is None:
        return Need(rules.width, rules.threshold)
    if rules.rounding is None or not rules.rounding.instead:
        return None
    if cell.value - rules.rounding.base >= rules.threshold:
        return None
    if cell.value > 0 and cell.value + rules.rounding.base - 1 <= rules.threshold:
        return Need(1, 0)  # rounding to so small a base promises no more than that the count stays open
    return Need(0, rules.threshold, or_none=True)
