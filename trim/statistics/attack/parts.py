"""Makes a system small: bounds that follow row by row, then pieces that have nothing to do with each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from trim.statistics.attack.system import NEAR, Contradiction, Floats, Integers, Problem

#: Rounds after which tightening stops: what is left is for the solver, and every bound found so far is proven.
ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Part:
    """A connected piece of a problem: `places` says which unknowns of the whole its columns are."""

    problem: Problem
    places: Integers


def tightened(problem: Problem) -> Problem:
    """The same problem with the bounds that each row gives for each of its unknowns, counts rounded inwards.

    This is proven knowledge: an unknown whose two bounds meet is known exactly. Raises Contradiction when a row cannot
    be kept by any numbers within the bounds.
    """
    matrix = problem.matrix
    factors, columns = matrix.data, matrix.indices
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    lower, upper = problem.lower.copy(), problem.upper.copy()
    up = factors > 0
    for _ in range(ROUNDS):
        least = factors * np.where(up, lower[columns], upper[columns])
        most = factors * np.where(up, upper[columns], lower[columns])
        row_least = np.bincount(rows, least, matrix.shape[0])
        row_most = np.bincount(rows, most, matrix.shape[0])
        broken = (row_least > problem.high + NEAR) | (row_most < problem.low - NEAR)
        if broken.any():
            raise Contradiction(problem.why[row] for row in np.flatnonzero(broken))
        from_high = (problem.high[rows] - row_least[rows] + least) / factors
        from_low = (problem.low[rows] - row_most[rows] + most) / factors
        new_lower, new_upper = lower.copy(), upper.copy()
        np.minimum.at(new_upper, columns, np.where(up, from_high, from_low))
        np.maximum.at(new_lower, columns, np.where(up, from_low, from_high))
        new_lower = np.where(problem.whole, np.ceil(new_lower - NEAR), new_lower)
        new_upper = np.where(problem.whole, np.floor(new_upper + NEAR), new_upper)
        crossed = new_lower > new_upper + NEAR
        if crossed.any():
            raise Contradiction(problem.why[row] for row in rows[crossed[columns]])
        moved = max(float(np.max(new_lower - lower, initial=0.0)), float(np.max(upper - new_upper, initial=0.0)))
        lower, upper = new_lower, np.maximum(new_lower, new_upper)
        if moved <= NEAR:
            break
    return _with(problem, lower, upper)


def _with(problem: Problem, lower: Floats, upper: Floats) -> Problem:
    return Problem(problem.matrix, problem.low, problem.high, lower, upper, problem.whole, problem.why, problem.cap)


def parts(problem: Problem, wanted: Integers) -> Iterator[Part]:
    """The connected pieces of a tightened problem in which at least one wanted unknown is still open, smallest first.

    Unknowns that are known fall out, and so do rows that hold whatever the open unknowns are.
    """
    matrix = problem.matrix
    known = problem.upper - problem.lower <= NEAR
    settled = matrix @ np.where(known, problem.lower, 0.0)
    open_ = np.flatnonzero(~known)
    left = csr_array(matrix[:, open_])
    factors, columns = left.data, left.indices
    rows = np.repeat(np.arange(left.shape[0]), np.diff(left.indptr))
    lower, upper = problem.lower[open_], problem.upper[open_]
    least = np.bincount(rows, np.minimum(factors * lower[columns], factors * upper[columns]), left.shape[0])
    most = np.bincount(rows, np.maximum(factors * lower[columns], factors * upper[columns]), left.shape[0])
    low, high = problem.low - settled, problem.high - settled
    binding = np.flatnonzero((np.diff(left.indptr) > 0) & ((least < low - NEAR) | (most > high + NEAR)))
    left = csr_array(left[binding])
    count = len(open_)
    graph = csr_array(
        (np.ones(left.nnz), (np.repeat(np.arange(len(binding)), np.diff(left.indptr)) + count, left.indices)),
        shape=(count + len(binding), count + len(binding)),
    )
    labels = connected_components(graph, directed=False)[1].astype(np.int64)
    asked = set(labels[:count][np.isin(open_, wanted)].tolist())
    columns_of, rows_of = _grouped(labels[:count], asked), _grouped(labels[count:], asked)
    for label in sorted(asked, key=lambda one: (len(columns_of[one]), int(columns_of[one][0]))):
        mine, its_rows = columns_of[label], rows_of.get(label, np.zeros(0, dtype=np.int64))
        yield Part(
            Problem(
                csr_array(left[its_rows][:, mine]),
                low[binding[its_rows]],
                high[binding[its_rows]],
                lower[mine],
                upper[mine],
                problem.whole[open_[mine]],
                tuple(problem.why[row] for row in binding[its_rows]),
                problem.cap,
            ),
            open_[mine],
        )


def _grouped(labels: Integers, asked: set[int]) -> dict[int, Integers]:
    """For each label that is asked for, where it stands."""
    order = np.argsort(labels, kind="stable")
    ends = np.flatnonzero(np.diff(labels[order])) + 1
    return {
        int(labels[group[0]]): group for group in np.split(order, ends) if len(group) and int(labels[group[0]]) in asked
    }
