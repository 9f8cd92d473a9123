"""Figures and the sums between them, over all tables of a release and all earlier releases.

A figure is known by what it counts: its measure, its scope (quarters and programmes) and a box, the codes that it
covers in each direction that is not at its total. Two cells with the same are one figure, hidden or shown together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from trim.statistics.model import Dimension, Key
from trim.statistics.suppression.problem import UNBOUNDED
from trim.statistics.suppression.scopes import Scope

Box = frozenset[tuple[str, frozenset[str]]]
State = Literal["free", "forced", "shown", "unknown"]
Terms = dict[int, int]


@dataclass(slots=True)
class Figure:
    """One number: `value` None where it is not known to us (hidden in an earlier release, or never published).

    `low` and `high` bound it for everybody when it is hidden. `asked` is False for what was never published: nobody
    promised to protect it; `left_over` is what a longer period holds beyond the published parts of it. `tables` names
    the tables of the release that is being made which show it.
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
    left_over: bool = False


@dataclass(frozen=True, slots=True)
class Grouping:
    """How a published table groups the codes of each of its directions."""

    sets: Mapping[str, tuple[frozenset[str], ...]]


@dataclass(frozen=True, slots=True)
class Layout:
    """The cells of a table in an edition: their figures, None for those that had no cases; some may be missing."""

    dimensions: tuple[Dimension, ...]
    numbers: Mapping[Key, int | None]
    raw: Mapping[Key, Box]


@dataclass(frozen=True, slots=True)
class Copied:
    """A cell in a scope where it was not published: its figure, or None and the most that it can be."""

    number: int | None
    most: int = 0


@dataclass(slots=True)
class Edition:
    """What is known of one measure in one scope: the boxes with their figures, and every code that was covered."""

    universe: dict[str, frozenset[str]] = field(default_factory=dict)
    boxes: dict[Box, int] = field(default_factory=dict)
    layouts: list[Layout] = field(default_factory=list)
    groupings: list[Grouping] = field(default_factory=list)

    def fit(self, box: Iterable[tuple[str, frozenset[str]]]) -> Box | None:
        """The box as this edition sees it, without codes it never covered: they had no cases.

        None where nothing of it had any. A direction that the edition does not tell apart stays as it is.
        """
        kept = []
        for name, codes in box:
            known = self.universe.get(name)
            if not known:
                kept.append((name, codes))
                continue
            inside = codes & known
            if not inside:
                return None
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
        self._related: set[tuple[int, int, int]] = set()
        self.editions: dict[tuple[Scope, int], Edition] = {}

    def edition(self, scope: Scope, version: int = 0) -> Edition:
        """What is published of a scope; a correction that changes figures begins a new version."""
        return self.editions.setdefault((scope, version), Edition())

    def add(self, figure: Figure) -> int:
        """Keep a figure; gives its number."""
        self.all.append(figure)
        return len(self.all) - 1

    def equal(self, whole: int, parts: Iterable[int], *, complete: bool = True, most: int = UNBOUNDED) -> None:
        """Note that a figure is the sum of others; where something is left out, of others and a rest up to `most`."""
        terms: Terms = {whole: -1}
        for part in parts:
            terms[part] = terms.get(part, 0) + 1
        terms = {figure: sign for figure, sign in terms.items() if sign}
        form = frozenset((*terms.items(), (-1, int(complete))))
        if not terms or form in self._seen:
            return
        self._seen.add(form)
        if not complete:
            terms[self.add(Figure(None, "unknown", asked=False, high=most if most < UNBOUNDED else None))] = 1
        self.sums.append(terms)

    def put_table(
        self, edition: Edition, dimensions: tuple[Dimension, ...], figures: Mapping[Key, Figure]
    ) -> dict[Key, int]:
        """Add a published table: cells that count the same as one that is there become that figure."""
        numbers: dict[Key, int] = {}
        raw = {key: box_of(dimensions, key) for key in figures}
        for key, figure in figures.items():
            box = edition.fit(raw[key])
            if box is None:  # Only where a value covers nothing at all.
                numbers[key] = self.add(figure)
            elif box in edition.boxes:
                numbers[key] = edition.boxes[box]
                join(self.all[numbers[key]], figure)
            else:
                numbers[key] = edition.boxes[box] = self.add(figure)
        sets = {
            one.name: tuple(
                sorted(
                    {one.covers[value] for value in one.values if one.covers[value]}, key=lambda o: (-len(o), sorted(o))
                )
            )
            for one in dimensions
        }
        edition.groupings.append(Grouping(sets))
        layout = Layout(dimensions, dict(numbers), raw)
        edition.layouts.append(layout)
        self._lay_out(layout)
        return numbers

    def copy(self, layout: Layout, edition: Edition, inside: Iterable[Edition], *, thin: bool) -> Mapping[Key, Copied]:
        """Lay a table of another scope out in this one: its cells were not published here, but its sums hold.

        A `thin` copy holds only the cells that something published here, or in scopes `inside` this one, lies within,
        those that are added up with them, and bounds for the others.
        """
        published = [
            (dict(box), box, self.all[number]) for box, number in edition.boxes.items() if self.all[number].asked
        ]
        found: dict[Key, Copied] = {}
        numbers: dict[Key, int | None] = {}
        within = {box for one in (edition, *inside) for box, number in one.boxes.items() if self.all[number].asked}
        kept = self._kept(layout, edition, [dict(box) for box in within]) if thin else frozenset(layout.raw)
        for key, above in layout.numbers.items():
            box = edition.fit(layout.raw[key])
            if box is None or above is None:
                numbers[key], found[key] = None, Copied(None, 0)
            elif key in kept:
                numbers[key] = self._of_box(edition, box)
                found[key] = Copied(numbers[key])
            else:
                mine = dict(box)
                around = (one.value for _, other, one in published if one.state == "shown" and _within(mine, other))
                found[key] = Copied(None, min((value for value in around if value is not None), default=UNBOUNDED))
        copied = Layout(layout.dimensions, numbers, layout.raw)
        self._lay_out(copied)
        edition.layouts.append(copied)
        return found

    def _kept(
        self, layout: Layout, edition: Edition, published: Sequence[Mapping[str, frozenset[str]]]
    ) -> frozenset[Key]:
        kept = set()
        for key, raw in layout.raw.items():
            box = edition.fit(raw)
            if box is not None and (box in edition.boxes or any(_within(inner, box) for inner in published)):
                kept.add(key)
        for axis, one in enumerate(layout.dimensions):
            groups = [(value, below) for value in one.with_total() if (below := one.children(value))]
            for rest in {(*key[:axis], "", *key[axis + 1 :]) for key in kept}:
                for value, below in groups:
                    group = [(*rest[:axis], at, *rest[axis + 1 :]) for at in (value, *below)]
                    if kept.intersection(group[1:]):
                        kept.update(group)
        return frozenset(kept)

    def add_up(self, whole: int, parts: Iterable[Copied], *, complete: bool) -> None:
        """Note that a figure is the sum of its copies elsewhere; what is loose there is bounded all the same."""
        some = list(parts)
        loose = sum(one.most for one in some if one.number is None)
        known = [one.number for one in some if one.number is not None]
        if complete and not loose:
            self.equal(whole, known)
        elif known or (complete and loose < UNBOUNDED):
            before = len(self.all)
            self.equal(whole, known, complete=False, most=loose if complete else UNBOUNDED)
            for one in self.all[before:]:
                one.left_over = not complete

    def _lay_out(self, layout: Layout) -> None:
        numbers = layout.numbers
        for axis, one in enumerate(layout.dimensions):
            children = {value: one.children(value) for value in one.with_total()}
            for key, number in numbers.items():
                below = children[key[axis]]
                if below and number is not None:
                    keys = [(*key[:axis], value, *key[axis + 1 :]) for value in below]
                    parts = [part for one in keys if (part := numbers.get(one)) is not None]
                    self.equal(number, parts, complete=all(one in numbers for one in keys))

    def relate_tables(self, edition: Edition) -> None:
        """Sums that no table shows by itself: "other" of one table and the kinds that another one lists."""
        for box, number in list(edition.boxes.items()):
            self._relate(edition, number, box)

    def _of_box(self, edition: Edition, box: Box) -> int:
        found = edition.boxes.get(box)
        if found is None:
            found = edition.boxes[box] = self._unknown()
            self._relate(edition, found, box)
        return found

    def _unknown(self) -> int:
        return self.add(Figure(None, "unknown", asked=False))

    def _relate(self, edition: Edition, number: int, box: Box) -> None:
        for at, grouping in enumerate(edition.groupings):
            if (id(edition), at, number) not in self._related and all(name in grouping.sets for name, _ in box):
                self._related.add((id(edition), at, number))
                self._relate_to(edition, number, box, grouping)

    def _relate_to(self, edition: Edition, number: int, box: Box, grouping: Grouping) -> None:
        """Say what a figure has to do with those of a table that groups one of its directions in another way."""
        for name, codes in sorted(box, key=lambda one: one[0]):
            sets = grouping.sets[name]
            if codes in sets:
                continue
            rest = box - {(name, codes)}

            def beside(group: frozenset[str], rest: Box = rest, name: str = name) -> int | None:
                fitted = edition.fit((*rest, (name, group)))
                return None if fitted is None else self._of_box(edition, fitted)

            inside, covered = side_by_side(sets, codes)
            if inside:
                parts = [part for part in map(beside, inside) if part is not None]
                self.equal(number, parts, complete=covered == codes)
            if covered != codes:
                wider = min((one for one in sets if one > codes), key=len, default=edition.universe[name])
                whole = beside(wider)
                others, left = side_by_side(sets, wider - codes)
                parts = [part for part in map(beside, others) if part is not None]
                if whole is not None:
                    self.equal(whole, [number, *parts], complete=left | codes == wider)
            return


def _within(inner: Mapping[str, frozenset[str]], outer: Box) -> bool:
    return all(name in inner and inner[name] <= codes for name, codes in outer)


def side_by_side(sets: Iterable[frozenset[str]], codes: frozenset[str]) -> tuple[list[frozenset[str]], frozenset[str]]:
    """The largest groups that lie side by side within some codes, and what they cover together."""
    taken: list[frozenset[str]] = []
    covered: frozenset[str] = frozenset()
    for one in sets:
        if one <= codes and not (one & covered):
            taken.append(one)
            covered |= one
    return taken, covered


def box_of(dimensions: tuple[Dimension, ...], key: Key) -> Box:
    """What a cell counts, with directions at their total left out."""
    return frozenset(
        (one.name, one.covers[value]) for one, value in zip(dimensions, key, strict=True) if value != one.total
    )


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
