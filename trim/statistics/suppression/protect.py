"""Finds what to hide in one problem: the cheapest pattern that can be proved, or in time a safe one that is dearer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from trim.statistics.suppression.bounds import Bounds
from trim.statistics.suppression.choose import Choice
from trim.statistics.suppression.problem import Flags, Ints, Problem
from trim.statistics.suppression.widen import CannotBeProtected, tidy, widen

ROUNDS: Final = 24
"""So often the choice learns from attacks before the heuristic finishes: counted, so speed changes no result."""
SLOW: Final = 800
LEAST_SECONDS: Final = 2.0
"""What the first choice may take however late it is."""
LARGE: Final = 250
"""Above so many figures that may be hidden, the heuristic takes over after fewer rounds."""


@dataclass(frozen=True, slots=True)
class Protected:
    """Which figures are hidden, and whether no cheaper choice was left unproved.

    `safe` is False where the search was given up because too much would be hidden: then nothing may be published so.
    """

    hidden: Flags
    best: bool
    safe: bool = True


def protect(
    problem: Problem,
    deadline: float,
    now: Callable[[], float] = time.monotonic,
    is_too_much: Callable[[Flags], bool] = lambda _: False,
) -> Protected:
    """Hide enough that every hidden figure with `asked` is protected. Raises CannotBeProtected.

    `deadline` is a reading of `now`: from then on only the heuristic works, which always ends. `is_too_much` is asked
    as soon as it is known that at least these figures will be hidden; if it is, the search ends there.
    """
    hidden = problem.forced.copy()
    best = True
    can = problem.free | problem.forced
    columns = csr_array(problem.sums[:, np.flatnonzero(can)])
    links = csr_array(abs(columns).T @ abs(columns))
    number, labels = connected_components(links, directed=False)
    places = np.flatnonzero(can)
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(number + 1))
    for at in range(number):
        figures = places[order[starts[at] : starts[at + 1]]]
        if not np.any(problem.forced[figures] & problem.asked[figures]):
            continue
        try:
            one = _protect_part(problem.part(figures), deadline, now, partial(_with_part, is_too_much, hidden, figures))
        except CannotBeProtected as error:
            raise CannotBeProtected(int(figures[error.figure])) from error
        hidden[figures] = one.hidden
        if not one.safe:
            return Protected(hidden, False, safe=False)
        best &= one.best
    return Protected(hidden, best)


def _with_part(is_too_much: Callable[[Flags], bool], hidden: Flags, figures: Ints, part: Flags) -> bool:
    together = hidden.copy()
    together[figures] = part
    return is_too_much(together)


def _protect_part(
    problem: Problem, deadline: float, now: Callable[[], float], is_too_much: Callable[[Flags], bool]
) -> Protected:
    bounds = Bounds(problem)
    hidden = problem.forced.copy()
    if not bounds.attack(hidden, enough=1).cuts:
        return Protected(hidden, True)
    # Where each question takes long, few answers at a time are enough to go on with.
    enough = None if problem.size < SLOW else 20
    choice = Choice(problem, bounds.down, bounds.up)
    rounds = ROUNDS if problem.free.sum() <= LARGE else ROUNDS // 2
    for turn in range(rounds):
        # Once even when it is late: where too much is hidden already, that is known far sooner than by hiding more.
        if turn and now() >= deadline:
            break
        chosen = choice.solve(max(deadline - now(), LEAST_SECONDS))
        if chosen is None:
            break
        hidden = chosen
        if is_too_much(hidden):
            return Protected(hidden, False, safe=False)
        found = bounds.attack(hidden, seed=turn, enough=enough)
        if not found.cuts:
            return Protected(hidden, True)
        useful = [cut for cut in found.cuts if cut.need > 1e-6]
        if not useful:
            break
        for cut in useful:
            choice.add(cut)
    return _finish(problem, bounds, hidden, lambda: now() >= deadline, is_too_much)


def _finish(
    problem: Problem,
    bounds: Bounds,
    hidden: Flags,
    is_late: Callable[[], bool],
    is_too_much: Callable[[Flags], bool],
) -> Protected:
    """Hide more until nothing is exposed: each turn hides at least one figure more, so it ends.

    It ends sooner, unsafe, when it is late and too much is hidden already: late, nothing of it is shown again.
    """

    def enough(hidden: Flags) -> bool:
        return is_late() and is_too_much(hidden)

    chosen = hidden
    found = bounds.attack(hidden)
    while found.cuts:
        before = int(hidden.sum())
        hidden = widen(problem, bounds, hidden, found.exposed, enough)
        if enough(hidden):
            return Protected(hidden, False, safe=False)
        if int(hidden.sum()) == before:
            raise CannotBeProtected(found.exposed[0])
        found = bounds.attack(hidden)
    return Protected(tidy(bounds, hidden, hidden & ~chosen, is_late), False)
