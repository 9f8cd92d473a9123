"""Linear programmes over one part, one after the other: the same rows, another unknown asked for.

From one optimum to the next a simplex takes a few steps when it may go on where it stopped, and starts from nothing
otherwise: 15 ms against 250 ms each on a year of 40 units (4,900 rows). scipy's public functions always start from
nothing. So this goes to the HiGHS that scipy brings with it, which is private to scipy; where a scipy does not have it
in that place, or it answers anything but an optimum, the public function does the work, more slowly.
"""

from __future__ import annotations

import importlib
from types import ModuleType

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from trim.statistics.attack.system import Contradiction, Floats, Problem

#: HiGHS: the primal simplex, which goes on from the last optimum when only costs change.
PRIMAL = 4


def _highs() -> ModuleType | None:
    try:
        return importlib.import_module("scipy.optimize._highspy._core")
    except ImportError:
        return None


class Linear:
    """The least of any costs over one part."""

    def __init__(self, problem: Problem, highs: ModuleType | None = None) -> None:
        self._problem = problem
        self._highs = highs or _highs()
        self._solver = None
        count = len(problem.lower)
        if self._highs is None or not problem.matrix.shape[0]:
            return
        columns = problem.matrix.tocsc()
        model = self._highs.HighsLp()
        model.num_col_ = model.a_matrix_.num_col_ = count
        model.num_row_ = model.a_matrix_.num_row_ = columns.shape[0]
        model.a_matrix_.format_ = self._highs.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = columns.indptr, columns.indices
        model.a_matrix_.value_ = columns.data
        model.col_cost_ = np.zeros(count)
        model.col_lower_, model.col_upper_ = problem.lower, problem.upper
        model.row_lower_, model.row_upper_ = problem.low, problem.high
        self._solver = self._highs._Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("simplex_strategy", PRIMAL)):
            self._solver.setOptionValue(option, value)
        self._solver.passModel(model)
        self._places = np.arange(count, dtype=np.int32)

    def least(self, costs: Floats, seconds: float) -> tuple[float, Floats] | None:
        """The least of these costs and numbers at which it lies; None when time ran out.

        Raises Contradiction when no numbers fit.
        """
        if self._solver is not None and self._highs is not None:
            self._solver.changeColsCost(len(costs), self._places, costs)
            # Its clock runs on from one programme to the next.
            self._solver.setOptionValue("time_limit", self._solver.getRunTime() + max(seconds, 0.01))
            self._solver.run()
            status = self._solver.getModelStatus()
            if status == self._highs.HighsModelStatus.kTimeLimit:
                return None
            if status == self._highs.HighsModelStatus.kOptimal:
                found = np.array(self._solver.getSolution().col_value, dtype=np.float64)
                return float(self._solver.getObjectiveValue()), found
        answer = solve(self._problem, costs, whole=False, seconds=seconds)
        return (float(answer.fun), answer.x) if answer.status == 0 else None


def solve(
    problem: Problem,
    costs: Floats,
    *,
    whole: bool,
    seconds: float,
    gap: float = 0.0,
    lower: Floats | None = None,
    upper: Floats | None = None,
) -> OptimizeResult:
    """The least of these costs from nothing, in whole numbers where counts are meant if `whole`.

    `gap` is how far off, relatively, an answer may be; `lower` and `upper` replace the problem's own bounds.
    """
    answer = milp(
        costs,
        integrality=problem.whole.astype(np.int64) if whole else None,
        bounds=Bounds(problem.lower if lower is None else lower, problem.upper if upper is None else upper),
        constraints=LinearConstraint(problem.matrix, problem.low, problem.high) if problem.matrix.shape[0] else (),
        options={"time_limit": max(seconds, 0.01), "mip_rel_gap": gap},
    )
    if answer.status == 2 and lower is None and upper is None:
        raise Contradiction(problem.why)
    return answer
