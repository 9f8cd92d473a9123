"""Adds grouped counts up into one small cube per measure: memory grows with the groups, not with the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trim.statistics.counts import Count
from trim.statistics.declaration import Declaration

Numbers = NDArray[np.int64]
Codes = tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    persons: int = 0
    incidents: int = 0
    marks: int = 0
    alone: int = 0


@dataclass(slots=True)
class Cube:
    """The counts of one measure by quarter, unit and the directions `names`, each by its codes."""

    names: tuple[str, ...]
    tallies: dict[Codes, _Tally] = field(default_factory=dict)

    def add(self, key: Codes, count: Count, sign: int) -> None:
        """Count one row in; what takes facts back names no incident."""
        tally = self.tallies.get(key)
        if tally is None:
            tally = self.tallies[key] = _Tally()
        tally.persons += sign * count.persons
        if not count.incidents:
            tally.alone += sign * count.persons
        if sign > 0:
            tally.incidents = max(tally.incidents, count.incidents)
            tally.marks |= count.marks

    def codes(self, quarters: frozenset[str], at: int) -> set[str]:
        """The codes that occur in these quarters at one place of the keys (1 is the unit)."""
        return {key[at] for key, tally in self.tallies.items() if key[0] in quarters and tally.persons}

    def arrays(self, quarters: frozenset[str], order: Sequence[tuple[int, Sequence[str]]]) -> Arrays:
        """Counts over the codes given for some places of the keys, all others added up."""
        index = [{code: at for at, code in enumerate(codes)} for _, codes in order]
        shape = tuple(len(codes) for _, codes in order)
        persons, incidents, marks, alone = (np.zeros(shape, dtype=np.int64) for _ in range(4))
        for key, tally in self._over(quarters).items():
            place = tuple(found[key[at - 1]] for found, (at, _) in zip(index, order, strict=True))
            persons[place] += tally.persons
            incidents[place] = max(int(incidents[place]), tally.incidents)
            marks[place] |= tally.marks
            alone[place] += tally.alone
        return Arrays(persons, incidents, marks, alone)

    def _over(self, quarters: frozenset[str]) -> dict[Codes, _Tally]:
        """What is alike in all but the quarter; below zero counts as none, before anything is added up."""
        found: dict[Codes, _Tally] = {}
        for key, tally in self.tallies.items():
            if key[0] in quarters:
                one = found.setdefault(key[1:], _Tally())
                one.persons += tally.persons
                one.incidents = max(one.incidents, tally.incidents)
                one.marks |= tally.marks
                one.alone += tally.alone
        for one in found.values():
            one.persons, one.alone = max(one.persons, 0), max(one.alone, 0)
        return found

    def summing(self, quarters: frozenset[str]) -> Callable[[Iterable[tuple[str, frozenset[str]]]], int]:
        """A function that adds these quarters up over given codes of some directions, all of the others."""
        rows = self._over(quarters)
        persons = np.asarray([tally.persons for tally in rows.values()], dtype=np.int64)
        keys = list(rows)
        known: dict[tuple[str, frozenset[str]], NDArray[np.bool_]] = {}

        def of(one: tuple[str, frozenset[str]]) -> NDArray[np.bool_]:
            if one not in known:
                at = self.names.index(one[0]) - 1
                known[one] = np.asarray([key[at] in one[1] for key in keys], dtype=bool)
            return known[one]

        def total(box: Iterable[tuple[str, frozenset[str]]]) -> int:
            kept = np.ones(len(keys), dtype=bool)
            for one in box:
                kept &= of(one)
            return int(persons[kept].sum())

        return total


@dataclass(slots=True)
class Arrays:
    """Figures, the largest number of incidents of one row, the union of marks, and people whom no incident brought."""

    persons: Numbers
    incidents: Numbers
    marks: Numbers
    alone: Numbers

    def over(self, nodes: Sequence[Sequence[Sequence[int]]]) -> Arrays:
        """The same for nodes, each given as the places that it covers, direction by direction."""
        persons, incidents, marks, alone = self.persons, self.incidents, self.marks, self.alone
        for axis, covers in enumerate(nodes):
            persons = _along(persons, axis, covers, np.sum)
            incidents = _along(incidents, axis, covers, _largest)
            marks = _along(marks, axis, covers, np.bitwise_or.reduce)
            alone = _along(alone, axis, covers, np.sum)
        return Arrays(persons, incidents, marks, alone)

    def behind(self) -> Numbers:
        """How many different incidents stand behind each figure, at least; somebody without one counts as one."""
        found = np.maximum(self.incidents, np.bitwise_count(self.marks).astype(np.int64)) + self.alone
        return np.asarray(found)


def _largest(part: Numbers, axis: int) -> Any:
    return part.max(axis=axis, initial=0)


def _along(values: Numbers, axis: int, covers: Sequence[Sequence[int]], how: Callable[..., Any]) -> Numbers:
    parts = [how(np.take(values, np.asarray(places, dtype=np.intp), axis=axis), axis=axis) for places in covers]
    if not parts:
        shape = list(values.shape)
        shape[axis] = 0
        return np.zeros(shape, dtype=np.int64)
    return np.stack(parts, axis=axis).astype(np.int64)


def cubes(counts: Iterable[Count], declaration: Declaration, programmes: Iterable[str]) -> Mapping[str, Cube]:
    """One cube for each measure that a table uses, of the counts of these programmes."""
    wanted: dict[str, list[str]] = {}
    for table in declaration.tables:
        names = wanted.setdefault(table.measure, [])
        names += [one for one in table.dimensions if one not in names]
    kept = frozenset(programmes)
    found = {measure: Cube(("quarter", "unit", *names)) for measure, names in wanted.items()}
    for count in counts:
        if count.programme not in kept:
            continue
        for measure, cube in found.items():
            sign = declaration.measures[measure].sign(count)
            if sign:
                key = (count.quarter, count.unit_id, *(declaration.dimensions[n].code(count) for n in cube.names[2:]))
                cube.add(key, count, sign)
    return found
