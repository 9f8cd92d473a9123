"""One attack: read what is published, look for what hangs together, bound what is hidden, pass verdicts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count

import numpy as np

from trim.statistics.attack import corrections, definitions, statements
from trim.statistics.attack.bounds import Found, Need, examine
from trim.statistics.attack.parts import parts, tightened
from trim.statistics.attack.reading import Reading, Target
from trim.statistics.attack.report import Line, Report, Verdict, in_order
from trim.statistics.attack.scopes import Malformed, connected, scopes
from trim.statistics.attack.shown import with_shown
from trim.statistics.attack.system import NEAR, Contradiction, Problem
from trim.statistics.model import Release

#: Hears how many of how many cells are done.
Progress = Callable[[int, int], None]
NOBODY: Mapping[str, int] = {}


def attack(
    releases: Sequence[Release],
    *,
    headcounts: Mapping[str, int] | None = None,
    beside: Sequence[statements.Statement] = (),
    bonds: Sequence[definitions.Bond] = definitions.BONDS,
    progress: Progress | None = None,
    time_limit: float = 900.0,
    exact: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> Report:
    """Attack the last of these releases, knowing all of them (in the order of their numbers).

    For every hidden cell of it, and of earlier releases that share facts with it, the interval that is left to whoever
    knows all published numbers and every rule of publication; and the shown cells that tell of people all the same
    (`shown`). `headcounts` are people by unit known from elsewhere than the releases; `beside` are rates, percentages,
    medians and orders published with them; `bonds` say which measures count the same things. A cell that is proven safe
    by an easy bound is left at that, unless `exact` asks for the best interval of every cell. `time_limit` is in
    seconds: what is not decided by then is reported as undecided, and so exposed.

    Raises Malformed when the releases do not fit together, Contradiction when no numbers fit what they show.
    """
    deadline = clock() + time_limit
    hear = progress or (lambda _done, _of: None)
    scope = scopes(releases)
    _check(releases)
    together = connected(releases, scope)
    reading = Reading(together, scope, headcounts or NOBODY)
    known = {release.number for release in together}
    statements.add(reading, [one for one in beside if one.release in known or one.release not in scope])
    newest = {(quarter, programme) for quarter, _, programme in scope[releases[-1].number]}
    touched = {number for number in known if any((quarter, one) in newest for quarter, _, one in scope[number])}
    targets = [one for one in reading.targets if one.release in touched]
    presumed = dict([*corrections.presumptions(reading), *definitions.presumptions(reading, bonds)])
    while True:
        try:
            problem = tightened(_with(reading, presumed))
            found = _bounds(problem, targets, exact=exact, now=clock, deadline=deadline, progress=hear)
            break
        except Contradiction as contradiction:
            blamed = set(contradiction.sources) & presumed.keys() or set(presumed)
            if not blamed:
                raise
            for name in blamed:
                del presumed[name]
    lines = [_line(one, found[one.place], problem.cap) for one in targets]
    return Report(
        releases[-1].number,
        tuple(one.number for one in releases[:-1]),
        in_order(with_shown(lines, reading, problem, found, touched)),
    )


def _check(releases: Sequence[Release]) -> None:
    """Raises Malformed for tables that are not whole: no sum would hold."""
    for release in releases:
        names = [table.name for table in release.tables]
        for table in release.tables:
            where = f"Release {release.number}, table “{table.name}”"
            if names.count(table.name) > 1:
                raise Malformed(f"{where}: the name stands twice.")
            expected = 1
            for dimension in table.dimensions:
                expected *= len(dimension.values) + 1
                for parent in dimension.with_total():
                    children = [dimension.covers[child] for child in dimension.children(parent)]
                    together = frozenset[str]().union(*children)
                    if len(together) != sum(map(len, children)):
                        raise Malformed(f"{where}, “{dimension.name}”: values below “{parent}” overlap.")
                    if parent != dimension.total and not together <= dimension.covers[parent]:
                        raise Malformed(f"{where}, “{dimension.name}”: “{parent}” does not cover what is below it.")
            keys = {cell.key for cell in table.cells}
            if len(keys) != len(table.cells) or len(keys) != expected:
                raise Malformed(f"{where}: {expected} different cells are expected; there are {len(table.cells)}.")
            if any((cell.value is None) is cell.is_shown for cell in table.cells):
                raise Malformed(f"{where}: a shown cell must have a value, and a suppressed one none.")


def _with(reading: Reading, presumed: Mapping[str, Sequence[definitions.Row]]) -> Problem:
    """The system of the releases with what an attacker presumes besides."""
    system = reading.system.copy()
    for rows in presumed.values():
        for row in rows:
            system.sum(*row)
    return system.problem()


def _bounds(
    problem: Problem,
    targets: Sequence[Target],
    *,
    exact: bool,
    now: Callable[[], float],
    deadline: float,
    progress: Progress,
) -> dict[int, Found]:
    """What is found for each unknown that a target asks for."""
    needs: dict[int, Need] = {}
    for target in targets:
        old = needs.get(target.place)
        needs[target.place] = target.need if old is None else _stricter(old, target.need)
    found: dict[int, Found] = {}
    progress(0, len(needs))
    for place in needs:
        if problem.upper[place] - problem.lower[place] <= NEAR:
            found[place] = Found(float(problem.lower[place]), float(problem.upper[place]), best=True, proven=False)
    for part in parts(problem, np.fromiter(needs, dtype=np.int64, count=len(needs))):
        columns = {at: int(place) for at, place in enumerate(part.places) if int(place) in needs}
        heard = count(len(found) + 1)

        def done(heard: Iterator[int] = heard) -> None:
            progress(next(heard), len(needs))

        answers = examine(
            part,
            {at: needs[place] for at, place in columns.items()},
            exact=exact,
            now=now,
            deadline=deadline,
            done=done,
        )
        found |= {columns[at]: answer for at, answer in answers.items()}
    progress(len(needs), len(needs))
    return found


def _stricter(one: Need, other: Need) -> Need:
    return Need(max(one.width, other.width), max(one.above, other.above), one.or_none and other.or_none)


def _line(target: Target, found: Found, cap: float) -> Line:
    lower = round(found.lower)
    upper = None if found.upper > cap / 2 else round(found.upper)
    return Line(
        target.release, target.table, target.key, lower, upper, _verdict(target, found), found.best, target.hidden
    )


def _verdict(target: Target, found: Found) -> Verdict:
    """What the interval means. An interval that is not proven can only be narrower, so it never makes a cell safe."""
    need = target.need
    if need.met(found.lower, found.upper):
        return Verdict.SAFE if found.best or found.proven else Verdict.UNDECIDED
    if found.upper - found.lower <= NEAR:
        return Verdict.EXACT
    return Verdict.NARROW if need.reaches(found.lower, found.upper) else Verdict.BELOW
