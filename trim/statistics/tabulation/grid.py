"""A table while it is made: its figures with every margin, which of them are small, and how it becomes coarser."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from trim.statistics.declaration import Measure, TableDeclared
from trim.statistics.model import TOTAL, UNIT, Key, Rules
from trim.statistics.tabulation.cube import Arrays, Cube, Numbers
from trim.statistics.tabulation.nodes import Direction, Node, join_smallest

Flags = NDArray[np.bool_]
BEARABLE = 3
"""So many suppressed cells are no reason to make a table coarser."""


@dataclass(frozen=True, eq=False)
class Grid:
    """One table of a period: `directions` may be fewer than declared, those left out are added up.

    The arrays have one place more than a direction has nodes: the total comes first.
    """

    declared: TableDeclared
    measure: Measure
    directions: tuple[Direction, ...]
    cube: Cube
    quarters: frozenset[str]
    rules: Rules
    headcounts: Mapping[str, int]

    @cached_property
    def arrays(self) -> Arrays:
        """The figures with all margins."""
        order, nodes = [], []
        for one in self.directions:
            at = self.cube.names.index(one.name)
            codes = sorted(self.cube.codes(self.quarters, at) | {c for node in one.nodes for c in node.covers})
            place = {code: number for number, code in enumerate(codes)}
            order.append((at, codes))
            covers = [sorted(place[code] for code in node.covers) for node in one.nodes]
            nodes.append([list(range(len(codes))), *covers])
        return self.cube.arrays(self.quarters, order).over(nodes)

    @property
    def persons(self) -> Numbers:
        """The true figures."""
        return self.arrays.persons

    @property
    def zeros_shown(self) -> bool:
        """Whether every zero of the table is shown."""
        return self.rules.zeros_shown and not self.measure.sensitive

    @cached_property
    def primary(self) -> Flags:
        """What must be suppressed for its own sake: too few people or incidents, or everybody in one cell."""
        persons = self.persons
        hidden: Flags = np.asarray((persons >= 1) & (persons <= self.rules.threshold))
        if self.measure.behind_incidents:
            hidden |= (persons >= 1) & (self.arrays.behind() < self.rules.incidents)
        if not self.zeros_shown:
            hidden |= self.alone(np.zeros(persons.shape, dtype=bool))
        return np.asarray(hidden | self._whole_unit())

    def alone(self, hidden: Flags) -> Flags:
        """What must be hidden besides, so that no row leaves its people one place only, as far as a reader knows.

        In such a row that is the figure itself, and one of the zeros that would tell it.
        """
        persons = self.persons
        more = np.zeros(persons.shape, dtype=bool)
        if self.zeros_shown:
            return more
        for axis, one in enumerate(self.directions):
            if one.name == UNIT or len(one.nodes) < 2:
                continue
            inner = np.moveaxis(persons, axis, -1)[..., 1:]
            flags = np.moveaxis(more, axis, -1)[..., 1:]
            possible = (inner > 0) | np.moveaxis(hidden, axis, -1)[..., 1:]
            weight = inner.reshape(-1, inner.shape[-1]).sum(axis=0)
            lonely = np.asarray(possible.sum(axis=-1) == 1)
            for place in np.ndindex(lonely.shape):
                if not lonely[place]:
                    continue
                flags[place] |= possible[place]
                # The zero of the commonest value is the one that an outsider would least believe.
                zeros = np.flatnonzero(~possible[place])
                flags[place][zeros[np.argmax(weight[zeros])]] = True
        return more & ~hidden

    def _whole_unit(self) -> Flags:
        """Figures that reach the headcount of their unit: everybody who works there is counted."""
        hidden = np.zeros(self.persons.shape, dtype=bool)
        for axis, one in enumerate(self.directions):
            if one.name != UNIT or not self.measure.within_headcount:
                continue
            for at, node in enumerate(one.nodes, 1):
                people = self.headcount(node.covers)
                if people is not None:
                    rows = np.moveaxis(hidden, axis, 0)
                    rows[at] |= np.moveaxis(self.persons, axis, 0)[at] >= max(people, 1)
        return hidden

    def headcount(self, codes: frozenset[str]) -> int | None:
        """People in these units; None where one of them is not known."""
        if not codes or not codes <= self.headcounts.keys():
            return None
        return sum(self.headcounts[code] for code in codes)

    def cell_keys(self) -> Sequence[Key]:
        """The keys of all cells, in the order of the flattened arrays."""
        return list(itertools.product(*((TOTAL, *(node.value for node in one.nodes)) for one in self.directions)))

    def is_readable(self, hidden: Flags) -> bool:
        """Whether not too much is suppressed; a few cells are bearable in however small a table."""
        share = self.share(hidden)
        return share * 100 <= self.rules.most_hidden or (int(hidden.sum()) <= BEARABLE and share <= 0.5)

    def share(self, hidden: Flags) -> float:
        """The share of suppressed cells among those that say something, 0 to 1."""
        saying = (self.persons > 0) | hidden
        return float(hidden.sum()) / max(int(saying.sum()), 1)

    @property
    def inner_shown(self) -> int:
        """Cells that are no margin, not zero and not small."""
        inner = (slice(1, None),) * len(self.directions)
        return int(((self.persons > 0) & ~self.primary)[inner].sum()) if inner else 0

    def coarser(self, hidden: Flags | None = None) -> Grid | None:
        """The table with its least useful detail merged upward; None where only the total is left."""
        flags = self.primary if hidden is None else hidden
        choices = []
        for axis, one in enumerate(self.directions):
            for place, node in self._mergeable(one):
                part = np.take(self.persons, place, axis=axis)
                small = np.take(flags, place, axis=axis)
                saying = int(((part > 0) | small).sum())
                share = float(small.sum()) / saying if saying else 1.0
                choices.append((-share, int(part.flat[0]), -axis, place, node))
        if choices and min(choice[0] for choice in choices) < 0:
            _, _, axis, _, node = min(choices, key=lambda choice: choice[:4])
            return self._with(-axis, self._join(self.directions[-axis], node.value))
        return self._without_one(flags)

    def _mergeable(self, one: Direction) -> list[tuple[int, Node]]:
        if not one.can_merge:
            return []
        leaves = {node.value for node in one.leaves()}
        return [(place, node) for place, node in enumerate(one.nodes, 1) if node.value in leaves]

    def _join(self, one: Direction, value: str) -> Direction:
        axis = self.directions.index(one)
        totals = np.moveaxis(self.persons, axis, 0).reshape(len(one.nodes) + 1, -1)[:, 0]
        sizes = {node.value: int(totals[at]) for at, node in enumerate(one.nodes, 1)}
        node = next(node for node in one.nodes if node.value == value)
        return join_smallest(one, node, lambda other: sizes[other.value])

    def _without_one(self, flags: Flags) -> Grid | None:
        """The same without the direction whose cells are suppressed most, the last one declared where two are alike."""
        left = []
        for axis, one in enumerate(self.directions):
            inner = np.moveaxis(flags, axis, 0)[1:]
            left.append((float(inner.mean()) if one.nodes else 1.0, axis))
        if not left:
            return None
        _, axis = max(left)
        return self._with(axis, replace(self.directions[axis], nodes=()))

    def _with(self, axis: int, one: Direction) -> Grid:
        changed = [*self.directions[:axis], one, *self.directions[axis + 1 :]]
        return replace(self, directions=tuple(one for one in changed if one.nodes))

    def readable(self) -> Grid:
        """The table, coarser as long as more of it is small than the rules allow."""
        grid = self
        while not grid.is_readable(grid.primary):
            coarser = grid.coarser()
            if coarser is None:
                return grid
            grid = coarser
        return grid
