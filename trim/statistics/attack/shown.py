"""What cells tell of people without a count being worked out: a small count in clear, and everybody in one place.

A hidden cell is judged by its interval. That says nothing about a figure that is shown, and nothing about a row in
which only one place is left: whoever knows that a colleague is among the row knows then where. Whether its own count
is large or hidden makes no difference to that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import product

from trim.statistics.attack.bounds import Found
from trim.statistics.attack.reading import Reading
from trim.statistics.attack.report import Line, Verdict
from trim.statistics.attack.system import NEAR, Problem
from trim.statistics.model import UNIT, Cell, Key, Release, Table


def with_shown(
    lines: Collection[Line], reading: Reading, problem: Problem, found: Mapping[int, Found], releases: Collection[int]
) -> list[Line]:
    """The lines of the attack, with those cells of these releases beside them that tell of people all the same."""
    judged = {(line.release, line.table, line.key): line for line in lines}
    for release, table in reading.tables.values():
        if release.number not in releases:
            continue
        for key, verdict in _telling(reading, problem, found, release, table):
            place = (release.number, table.name, key)
            old = judged.get(place)
            if old is None or old.verdict is Verdict.SAFE:
                judged[place] = _line(problem, reading.places[place], place, verdict, old)
    return list(judged.values())


def _line(problem: Problem, at: int, place: tuple[int, str, Key], verdict: Verdict, old: Line | None) -> Line:
    low, high = problem.lower[at], problem.upper[at]
    if old is not None:
        return Line(*place, old.lower, old.upper, verdict, old.best, old.hidden)
    upper = None if high > problem.cap / 2 else round(high)
    return Line(*place, round(low), upper, verdict, best=upper == round(low), hidden=False)


def _telling(
    reading: Reading, problem: Problem, found: Mapping[int, Found], release: Release, table: Table
) -> Iterator[tuple[Key, Verdict]]:
    for cell in table.cells:
        if release.rules.rounding is None and cell.value is not None and 1 <= cell.value <= release.rules.threshold:
            yield cell.key, Verdict.EXACT
        if table.within_headcount and _is_everybody_there(reading, problem, release, table, cell):
            yield cell.key, Verdict.GROUP
    if table.zeros_shown:
        return  # the declaration says that nobody is told by a zero of this table
    most = {
        cell.key: _most(problem, found, reading.places[release.number, table.name, cell.key]) for cell in table.cells
    }
    for row in _rows(table):
        left = [key for key in row if most[key] >= 1 - NEAR]
        if len(left) == 1:
            yield left[0], Verdict.GROUP


def _is_everybody_there(reading: Reading, problem: Problem, release: Release, table: Table, cell: Cell) -> bool:
    """Is a cell for certain as large as the head-count of its units?"""
    people = reading.people(release, table, cell.key)
    at = reading.places[release.number, table.name, cell.key]
    return people is not None and people > 0 and bool(problem.lower[at] >= people - NEAR)


def _most(problem: Problem, found: Mapping[int, Found], at: int) -> float:
    """What nobody can exclude of a cell; a witness alone excludes nothing."""
    one = found.get(at)
    return float(min(problem.upper[at], one.upper)) if one is not None and one.best else float(problem.upper[at])


def _rows(table: Table) -> Iterator[list[Key]]:
    """The places into which people of one row fall: values side by side, all other dimensions held fast.

    Not the units: that everybody of a kind works in one place is nothing that a person said or was offered.
    """
    for axis, dimension in enumerate(table.dimensions):
        if dimension.name == UNIT:
            continue
        groups = [below for value in dimension.with_total() if len(below := dimension.children(value)) > 1]
        others = [one.with_total() for one in table.dimensions]
        for rest in product(*others[:axis], *others[axis + 1 :]):
            for below in groups:
                yield [(*rest[:axis], value, *rest[axis:]) for value in below]
