"""The two kinds of programmes that suppression solves, by HiGHS; the one file here that calls it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from trim.statistics.suppression.problem import Floats

WHOLE: Final = 1e-6
"""What a solver's figure may be off by and still count as a whole number."""


def furthest(weights: Floats, sums: Any, low: Floats, high: Floats) -> tuple[Floats, Floats] | None:
    """Moves between `low` and `high` that keep every sum at zero and go furthest along the weights, and the duals.

    None where the solver gives up: whoever asks must then take the worse for true.
    """
    if not sums.shape[0]:
        return np.where(weights > 0, high, np.where(weights < 0, low, 0.0)), np.zeros(0)
    solve: Any = linprog  # Its stubs know neither of an array of bounds nor of marginals.
    result = solve(
        -weights, A_eq=sums, b_eq=np.zeros(sums.shape[0]), bounds=np.column_stack((low, high)), method="highs"
    )
    if result.status != 0:
        return None
    return np.asarray(result.x), np.asarray(result.eqlin.marginals)


def cheapest_moves(cost: Floats, low: Floats, high: Floats, sums: Any) -> Floats | None:
    """The cheapest whole numbers, at costs of none or more, whose sums are zero; None if none is found.

    Sums of tables that hang together nearly always have a cheapest solution that is whole by itself. A simplex that
    starts at nothing moved is there in a few steps, six times as fast as asking for whole numbers at once.
    """
    zero = np.zeros(sums.shape[0])
    if sums.shape[0]:
        solve: Any = linprog
        bounds = np.column_stack((low, high))
        result = solve(cost, A_eq=sums, b_eq=zero, bounds=bounds, method="highs-ds", options={"presolve": False})
        if result.status == 0:
            whole = np.rint(result.x)
            if np.abs(result.x - whole).max(initial=0.0) <= WHOLE and not np.any(sums @ whole):
                return np.asarray(whole)
    return cheapest(cost, low, high, sums, zero, zero, nodes=500, gap=0.05)


def cheapest(
    cost: Floats,
    low: Floats,
    high: Floats,
    sums: Any,
    least: Floats,
    most: Floats | float,
    *,
    nodes: int,
    gap: float = 0.0,
    seconds: float | None = None,
) -> Floats | None:
    """The cheapest whole numbers from `low` to `high` whose sums lie from `least` to `most`; None if none is found.

    `nodes` bounds the search in steps, so that the same question always has the same answer; `seconds` is for callers
    that have something else to do then.
    """
    options: dict[str, Any] = {"node_limit": nodes, "mip_rel_gap": gap}
    if seconds is not None:
        options["time_limit"] = max(seconds, 0.1)
    solve: Any = milp
    result = solve(
        cost,
        integrality=np.ones(len(cost), dtype=np.int64),
        bounds=Bounds(low, high),
        constraints=LinearConstraint(sums, least, most) if sums.shape[0] else None,
        options=options,
    )
    return None if result.x is None else np.rint(result.x)
