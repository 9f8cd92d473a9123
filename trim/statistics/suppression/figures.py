"""Figures and the sums between them, over all tables of a release and all earlier releases.

A figure is known by what it counts: its measure, its scope (quarters and programmes) and a box, the codes that it
covers in each direction that is not at its total. Two cells with the same are one figure, hidden or shown together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from trim.statistics.model import Dimension, Key
from trim.statistics.suppression.scopes import Scope

Box = frozenset[tuple[str, frozenset[str]]]
State = Literal["free", "forced", "shown", "unknown"]
Terms = dict[int, int]


@dataclass(slots=True)
class Figure:
    """One number: `value` None where it is not known to us (hidden in an earlier release, or never published).

    `low` and `high` bound it for everybody when it is hidden. `asked` is False for what was never published: nobody
    promised to protect it. `tables` names the tables of the release that is being made which show it.
    """

    value: int | None
    state: State
    low: int = 0
    high: int | None = None
    above: int = 1
    width: int = 1
    cost: float = 1.0
    asked: bool = True
    tables: set[str] = field(default_factory=set)
    release: int | None = None


@dataclass(slots=True)
class Edition:
    """What is published of one measure in one scope: the boxes with their figures, and every code that was covered."""

    universe: dict[str, frozenset[str]] = field(default_factory=dict)
    boxes: dict[Box, int] = field(default_factory=dict)
    #: A line holds the figures that differ in one direction only, by the codes they cover there.
    lines: dict[tuple[str, Box], dict[frozenset[str], int]] = field(default_factory=dict)
    sources: dict[tuple[str, Box], int] = field(default_factory=dict)

    def fit(self, box: Iterable[tuple[str, frozenset[str]]]) -> Box | Literal["nothing", "unknown"]:
        """The box as this edition sees it: codes it never covered had no cases.

        "nothing" where it had no cases at all, "unknown" where the edition does not tell that direction apart.
        """
        kept = []
        for name, codes in box:
            known = self.universe.get(name)
            if not known:
                return "unknown"
            inside = codes & known
            if not inside:
                return "nothing"
            if inside != known:
                kept.append((name, inside))
        return frozenset(kept)

    def learn_codes(self, dimensions: Iterable[Dimension]) -> None:
        """Note which codes the directions of a table cover; before any of its cells is put here."""
        for one in dimensions:
            known = self.universe.get(one.name, frozenset())
            self.universe[one.name] = known.union(*one.covers.values())


class Figures:
    """All figures and their sums; one instance per measure."""

    def __init__(self) -> None:
        self.all: list[Figure] = []
        self.sums: list[Terms] = []
        self._seen: set[frozenset[tuple[int, int]]] = set()
        self.editions: dict[tuple[Scope, int], Edition] = {}

    def edition(self, scope: Scope, version: int = 0) -> Edition:
        """What is published of a scope; a correction that changes figures begins a new version."""
        return self.editions.setdefault((scope, version), Edition())

    def add(self, figure: Figure) -> int:
        """Keep a figure; gives its number."""
        self.all.append(figure)
        return len(self.all) - 1

    def equal(self, whole: int, parts: Iterable[int], *, complete: bool = True) -> None:
        """Note that a figure is the sum of others; where something is left out, of others and an unknown rest."""
        terms: Terms = {whole: -1}
        for part in parts:
            terms[part] = terms.get(part, 0) + 1
        terms = {figure: sign for figure, sign in terms.items() if sign}
        if not terms:
            return
        if not complete:
            terms[self.add(Figure(None, "unknown", asked=False))] = 1
        form = frozenset(terms.items())
        if form not in self._seen:
            self._seen.add(form)
            self.sums.append(terms)

    def put_table(
        self, edition: Edition, dimensions: tuple[Dimension, ...], keys: Iterable[Key], figures: Mapping[Key, Figure]
    ) -> dict[Key, int]:
        """Add a table: cells that count the same as one that is there become that figure."""
        numbers: dict[Key, int] = {}
        for key in keys:
            box = box_of(edition, dimensions, key)
            found = edition.boxes.get(box)
            if found is None:
                found = edition.boxes[box] = self.add(figures[key])
            else:
                join(self.all[found], figures[key])
            numbers[key] = found
        self._sums_of_table(edition, dimensions, numbers)
        return numbers

    def _sums_of_table(self, edition: Edition, dimensions: tuple[Dimension, ...], numbers: Mapping[Key, int]) -> None:
        for axis, one in enumerate(dimensions):
            children = {value: one.children(value) for value in one.with_total()}
            for key, number in numbers.items():
                below = children[key[axis]]
                if below:
                    self.equal(number, (numbers[(*key[:axis], value, *key[axis + 1 :])] for value in below))
                rest = box_of(edition, dimensions, (*key[:axis], one.total, *key[axis + 1 :]))
                line = (one.name, rest)
                codes = edition.universe[one.name] if key[axis] == one.total else one.covers[key[axis]]
                edition.lines.setdefault(line, {})[codes] = number
                if key[axis] == one.total:
                    edition.sources[line] = edition.sources.get(line, 0) + 1

    def sums_across_tables(self) -> None:
        """Sums that no table shows by itself: "other" of one table and the kinds that another one lists."""
        for edition in self.editions.values():
            for line, count in edition.sources.items():
                if count > 1:
                    family = edition.lines[line]
                    for codes, number in family.items():
                        self._divide(family, codes, number)

    def _divide(self, family: Mapping[frozenset[str], int], codes: frozenset[str], number: int) -> bool:
        """Note how members of a family lie side by side within a set of codes; False where none does."""
        inside = sorted((one for one in family if one and one < codes), key=lambda one: (-len(one), sorted(one)))
        taken: list[frozenset[str]] = []
        covered: frozenset[str] = frozenset()
        for one in inside:
            if not (one & covered):
                taken.append(one)
                covered |= one
        if not taken:
            return False
        self.equal(number, (family[one] for one in taken), complete=covered == codes)
        return True

    def of_box(self, edition: Edition, box: Box) -> int | None:
        """The figure of a box in an edition: a published one, or an unknown one that published ones bound.

        None where nothing published says anything about it.
        """
        found = edition.boxes.get(box)
        if found is not None:
            return found
        number = self.add(Figure(None, "unknown", asked=False))
        said = False
        for name, codes in sorted(box, key=lambda one: one[0]):
            rest = box - {(name, codes)}
            family = edition.lines.get((name, rest))
            if not family:
                continue
            said |= self._divide(family, codes, number)
            above = [one for one in family if one > codes]
            if above:
                nearest = min(above, key=lambda one: (len(one), sorted(one)))
                beside = nearest - codes
                parts = [number, family[beside]] if beside in family else [number]
                self.equal(family[nearest], parts, complete=beside in family)
                said = True
        if not said:
            return None
        edition.boxes[box] = number
        return number


def box_of(edition: Edition, dimensions: tuple[Dimension, ...], key: Key) -> Box:
    """What a cell counts, with directions at their total left out."""
    named = []
    for one, value in zip(dimensions, key, strict=True):
        if value != one.total and one.covers[value] != edition.universe[one.name]:
            named.append((one.name, one.covers[value]))
    return frozenset(named)


def join(kept: Figure, other: Figure) -> None:
    """Make one figure of two cells that count the same: the stricter rule holds, shown is shown."""
    if kept.value is None:
        kept.value = other.value
    elif other.value is not None and other.value != kept.value:
        raise ValueError(f"Two cells count the same and differ: {kept.value} and {other.value}.")
    order: tuple[State, ...] = ("unknown", "free", "forced", "shown")
    kept.state = max(kept.state, other.state, key=order.index)
    kept.low = max(kept.low, other.low)
    if other.high is not None:
        kept.high = other.high if kept.high is None else min(kept.high, other.high)
    kept.above, kept.width = max(kept.above, other.above), max(kept.width, other.width)
    kept.cost += other.cost
    kept.asked |= other.asked
    kept.tables |= other.tables
