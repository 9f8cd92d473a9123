"""Chooses the cheapest figures to hide besides the primary ones: a programme in yes and no, with cuts learnt."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.sparse import csr_array

from trim.statistics.suppression.bounds import Cut
from trim.statistics.suppression.problem import Flags, Floats, Ints, Problem
from trim.statistics.suppression.solver import cheapest

#: Bounds the search in steps, not in time, so that the same figures always give the same choice.
NODES: Final = 400
_CLOSE_ENOUGH: Final = 0.004


class Choice:
    """The programme of one problem; cuts are added until the cheapest choice withstands every attack."""

    def __init__(self, problem: Problem, down: Floats, up: Floats) -> None:
        self.problem = problem
        self.places = np.flatnonzero(problem.free)
        self._column = np.full(problem.size, -1)
        self._column[self.places] = np.arange(len(self.places))
        self._rows: list[int] = []
        self._columns: list[int] = []
        self._values: list[float] = []
        self._needs: list[float] = []
        self._down, self._up = down, up
        self._first_cuts()

    def add(self, cut: Cut) -> None:
        """Learn a cut."""
        chosen = np.flatnonzero(cut.weights > 1e-7)
        self._add(chosen, cut.weights[chosen], cut.target, cut.need)

    def solve(self, time_limit: float) -> Flags | None:
        """The cheapest pattern that keeps all cuts, or nearly; None where none was found in time or at all."""
        problem = self.problem
        hidden = problem.forced.copy()
        if not len(self.places):
            return hidden
        shape = (len(self._needs), len(self.places))
        matrix = csr_array((np.asarray(self._values, dtype=np.float64), (self._rows, self._columns)), shape=shape)
        found = cheapest(
            problem.cost[self.places],
            np.zeros(len(self.places)),
            np.ones(len(self.places)),
            matrix,
            np.asarray(self._needs) - 1e-6,
            np.inf,
            nodes=NODES,
            gap=_CLOSE_ENOUGH,
            seconds=time_limit,
        )
        if found is None:
            return None
        hidden[self.places[found > 0]] = True
        return hidden

    def _add(self, chosen: Ints, weights: Floats, target: int, need: float) -> None:
        """Weights of hidden figures reach `need`; a target that may be shown asks for it only where it is hidden."""
        problem = self.problem
        need -= float(weights[problem.forced[chosen]].sum())
        if need <= 1e-9:
            return
        row = len(self._needs)
        free = problem.free[chosen]
        for at, weight in zip(chosen[free], weights[free], strict=True):
            self._put(row, int(at), min(float(weight), need))
        if problem.free[target]:
            self._put(row, target, -need)
            need = 0.0
        self._needs.append(need)

    def _put(self, row: int, figure: int, value: float) -> None:
        self._rows.append(row)
        self._columns.append(int(self._column[figure]))
        self._values.append(value)

    def _first_cuts(self) -> None:
        """What each sum alone asks for: company for every hidden figure, and room for a small one to be larger."""
        problem, sums = self.problem, csr_array(self.problem.sums)
        can = problem.free | problem.forced
        for row in range(sums.shape[0]):
            inside = slice(sums.indptr[row], sums.indptr[row + 1])
            figures, signs = sums.indices[inside].astype(np.int64), sums.data[inside]
            kept = can[figures]
            figures, signs = figures[kept], signs[kept]
            for at, target in enumerate(figures):
                if not problem.asked[target]:
                    continue
                others = np.delete(figures, at)
                self._add(others, np.ones(len(others)), int(target), 1.0)
                need = float(problem.above[target] - problem.truth[target])
                if need > 0:
                    alike = np.delete(signs, at) * signs[at] > 0
                    room = np.where(alike, self._down[others], self._up[others])
                    self._add(others, np.minimum(room, need), int(target), need)
