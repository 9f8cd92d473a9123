"""The solver that goes on from the last optimum is private to scipy: it must be there and agree with the public one."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
from scipy.sparse import csr_array

from trim.statistics.attack import linear
from trim.statistics.attack.linear import Linear
from trim.statistics.attack.system import Contradiction, Problem


def nothing() -> ModuleType | None:
    return None


def some_problem(seed: int, columns: int = 40, rows: int = 18) -> Problem:
    """Sums of whole numbers that hold for at least one set of them."""
    chance = np.random.default_rng(seed)
    matrix = csr_array((chance.random((rows, columns)) < 0.2) * chance.choice([-1.0, 1.0], (rows, columns)))
    fits = chance.integers(0, 30, columns).astype(np.float64)
    sums = matrix @ fits
    loose = chance.integers(0, 3, rows)
    return Problem(
        matrix,
        sums,
        sums + loose,
        np.zeros(columns),
        fits + chance.integers(0, 40, columns),
        np.ones(columns, dtype=np.bool_),
        ("a table",) * rows,
        10_000.0,
    )


def test_scipy_has_the_private_solver_where_it_is_looked_for() -> None:
    """Without it the attack is right and slow, and nobody would notice: whoever raises scipy must find it again."""
    assert linear._highs() is not None


@pytest.mark.parametrize("seed", range(6))
def test_both_solvers_find_the_same_least_one_after_the_other(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = some_problem(seed)
    goes_on = Linear(problem)
    monkeypatch.setattr(linear, "_highs", nothing)
    starts_anew = Linear(problem)
    chance = np.random.default_rng(seed)
    for _ in range(12):
        costs = chance.integers(-2, 3, len(problem.lower)).astype(np.float64)
        one, other = goes_on.least(costs, 60.0), starts_anew.least(costs, 60.0)
        assert one is not None
        assert other is not None
        assert one[0] == pytest.approx(other[0], abs=1e-6)
        for least, found in (one, other):
            sums = problem.matrix @ found
            assert np.all(sums >= problem.low - 1e-6)
            assert np.all(sums <= problem.high + 1e-6)
            assert float(costs @ found) == pytest.approx(least, abs=1e-6)


@pytest.mark.parametrize("private", [True, False])
def test_both_say_when_nothing_fits(private: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not private:
        monkeypatch.setattr(linear, "_highs", nothing)
    fine = some_problem(1)
    broken = Problem(
        fine.matrix, fine.low + 1e6, fine.high + 1e6, fine.lower, fine.upper, fine.whole, fine.why, fine.cap
    )
    with pytest.raises(Contradiction, match="a table"):
        Linear(broken).least(np.ones(len(fine.lower)), 60.0)
