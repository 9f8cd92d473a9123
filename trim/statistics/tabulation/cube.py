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
        """Counts over the codes given for some places of the keys, all others added up.

        A sum below zero counts as none: a fact of an earlier period was taken back in this one.
        """
        index = [{code: at for at, code in enumerate(codes)} for _, codes in order]
        shape = tuple(len(codes) for _, codes in order)
        persons, incidents, marks, alone = (np.zeros(shape, dtype=np.int64) for _ in range(4))
        for key, tally in self.tallies.items():
            if key[0] not in quarters:
                continue
            place = tuple(found[key[at]] for found, (at, _) in zip(index, order, strict=True))
            persons[place] += tally.persons
            incidents[place] = max(int(incidents[place]), tally.incidents)
            marks[place] |= tally.marks
            alone[place] += tally.alone
        return Arrays(np.asarray(np.maximum(persons, 0)), incidents, marks, np.asarray(np.maximum(alone, 0)))


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
