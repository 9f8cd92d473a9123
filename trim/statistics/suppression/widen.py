"""Protects one exposed figure after the other, at once and for certain: what is done when the best takes too long."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from scipy.sparse import csc_array, hstack

from trim.statistics.suppression.bounds import Bounds
from trim.statistics.suppression.problem import Flags, Problem
from trim.statistics.suppression.solver import cheapest_moves


class CannotBeProtected(Exception):
    """Raised when a figure stays known too closely even with everything hidden that may be; `figure` is its number."""

    def __init__(self, figure: int) -> None:
        super().__init__(f"Figure {figure} cannot be protected.")
        self.figure = figure


def widen(
    problem: Problem,
    bounds: Bounds,
    hidden: Flags,
    exposed: Iterable[int],
    enough: Callable[[Flags], bool] = lambda _: False,
) -> Flags:
    """Hide more, so that each exposed figure can move as far as asked, or until it is `enough`.

    Raises CannotBeProtected.

    For each figure the cheapest other table is sought, in whole numbers, in which the figure has moved enough. Hiding
    every figure that differs there makes that table possible for whoever sees only what is shown.
    """
    hidden = hidden.copy()
    for target in exposed:
        if enough(hidden):
            return hidden
        need = int(problem.above[target] - problem.truth[target])
        if need > 0:
            hidden |= _moved(problem, bounds, hidden, target, need, 1)
        rest = int(problem.width[target]) - max(need, 0)
        if rest <= 0:
            continue
        wider = None
        for up, down in ((rest + max(need, 0), 0), (max(need, 0), rest), *_splits(rest)):
            try:
                more = hidden
                if up:
                    more = more | _moved(problem, bounds, more, target, up, 1)
                if down:
                    more = more | _moved(problem, bounds, more, target, down, -1)
            except CannotBeProtected:
                continue
            wider = more
            break
        if wider is None:
            raise CannotBeProtected(target)
        hidden = wider
    return hidden


def _splits(width: int) -> list[tuple[int, int]]:
    return [(width - down, down) for down in range(1, width)]


def _moved(problem: Problem, bounds: Bounds, hidden: Flags, target: int, by: int, sign: int) -> Flags:
    """The figures that move in the cheapest other table where the target has moved `by`."""
    can = np.flatnonzero(problem.free | problem.forced)
    down, up = bounds.down[can].copy(), bounds.up[can].copy()
    sums = csc_array(problem.sums)[:, can]
    rises = np.zeros(len(can))
    falls = np.zeros(len(can))
    at = int(np.flatnonzero(can == target)[0])
    if by > (up if sign > 0 else down)[at]:
        raise CannotBeProtected(target)
    (rises if sign > 0 else falls)[at] = by
    # A figure that is hidden already costs a little, so that no move goes further round than it must.
    cost = np.where(hidden[can], 0.001, problem.cost[can])
    lows = np.concatenate((rises, falls))
    highs = np.concatenate((up, down))
    highs[at], highs[len(can) + at] = rises[at], falls[at]
    # Per step a figure with little room costs more: few figures with much room are hidden rather than many with little.
    weights = np.concatenate((cost / np.clip(up, 1, by), cost / np.clip(down, 1, by)))
    found = cheapest_moves(weights, lows, highs, hstack([sums, -sums], format="csc"))
    if found is None:
        raise CannotBeProtected(target)
    moves = found[: len(can)] - found[len(can) :]
    moved = np.zeros(problem.size, dtype=bool)
    moved[can[np.abs(moves) > 0]] = True
    return moved


def tidy(bounds: Bounds, hidden: Flags, extra: Flags, stop: Callable[[], bool] = lambda: False) -> Flags:
    """Show again what of `extra` need not be hidden, the dearest first; each step is attacked, so it does no harm."""
    problem = bounds.problem
    figures = np.flatnonzero(extra & problem.free)
    for figure in figures[np.lexsort((figures, -problem.cost[figures]))]:
        if stop():
            break
        tried = hidden.copy()
        tried[figure] = False
        if not bounds.attack(tried).cuts:
            hidden = tried
    return hidden
