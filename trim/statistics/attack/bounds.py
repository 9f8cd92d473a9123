"""The best bounds for the open unknowns of one part, by linear programmes and, where counts matter, integer ones.

Asking for the least and the most of every unknown takes minutes for a large release. Most unknowns are plainly safe,
and that can be proven cheaply: every set of whole numbers that fits is a *witness*, and what one witness shows high
and another low has at least that interval, whoever attacks. So first a few programmes push many unknowns about at once;
only what they leave in doubt is asked one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, csr_array

from trim.statistics.attack.linear import Linear, solve
from trim.statistics.attack.parts import Part
from trim.statistics.attack.system import NEAR, Floats, Problem, Truths

#: Pushes in a row that prove nothing new before each unknown is asked for itself.
IDLE = 3
#: What a push must leave at most of the unknowns in doubt to be worth another one.
WORTH = 0.97
#: Most seconds for one push: any numbers that fit will do.
PUSH_SECONDS = 10.0
#: Times that an optimum which is not whole is looked around for whole numbers, in how many unknowns, for how long.
REPAIRS, MOST_LOOSE, REPAIR_SECONDS = 2, 1500, 2.0
#: Most seconds for one integer programme about one unknown.
ASK_SECONDS = 60.0
#: Most seconds for all integer programmes of a part in which sums alone already expose a cell: it is refused anyway.
REFUSED_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Need:
    """What must stay possible for one unknown: an interval of this `width`, with something in it above `above`.

    With `or_none` it is enough, instead of something above, that the number may be 0 (a rounded figure).
    """

    width: float
    above: float
    or_none: bool = False

    def met(self, lower: float, upper: float) -> bool:
        """Does this interval protect enough?"""
        return upper - lower >= self.width - NEAR and self.reaches(lower, upper)

    def reaches(self, lower: float, upper: float) -> bool:
        """Is something in the interval that is not a small count?"""
        return upper > self.above + NEAR or (self.or_none and lower < 1 - NEAR)


@dataclass(frozen=True, slots=True)
class Found:
    """What came out for one unknown.

    `best` says that nobody can do better than these bounds; otherwise the true interval is at least as wide if `proven`
    (whole numbers that fit show both ends), and at most as wide if not (time ran out before anything was proven).
    """

    lower: float
    upper: float
    best: bool
    proven: bool


class _Search:
    """One part with the witnesses seen so far."""

    def __init__(self, problem: Problem, now: Callable[[], float], deadline: float) -> None:
        self.problem, self._now, self._deadline = problem, now, deadline
        self.low = np.full(len(problem.lower), np.inf)
        self.high = np.full(len(problem.lower), -np.inf)
        self._linear = Linear(problem)
        self._columns = csc_array(problem.matrix)
        self._shares = csr_array(abs(problem.matrix))

    @property
    def late(self) -> bool:
        return self._now() >= self._deadline

    def hurry(self, seconds: float) -> None:
        """From now on there are at most so many seconds."""
        self._deadline = min(self._deadline, self._now() + seconds)

    def least(self, costs: Floats) -> float | None:
        """The least of the costs over any numbers, a lower bound of that over whole ones; None when time ran out.

        Raises Contradiction when nothing fits.
        """
        if self.late:
            return None
        answer = self._linear.least(costs, self._deadline - self._now())
        if answer is None:
            return None
        if not self._see(answer[1]):
            self._repair(costs, answer[1])
        return answer[0]

    def least_whole(self, costs: Floats, seconds: float, gap: float = 0.0) -> float | None:
        """A proven lower bound of the costs over whole numbers, the least itself if time allows; None without any."""
        if self.late:
            return None
        left = min(seconds, self._deadline - self._now())
        answer = solve(self.problem, costs, whole=True, seconds=left, gap=gap)
        if answer.x is not None:
            self._see(answer.x)
        bound = answer.mip_dual_bound
        return None if bound is None or not np.isfinite(bound) else float(bound)

    def can_reach(self, column: int, low: float, high: float, seconds: float) -> None:
        """Look for whole numbers with this unknown between these two; what is found is a witness."""
        if self.late:
            return
        lower, upper = self.problem.lower.copy(), self.problem.upper.copy()
        lower[column], upper[column] = max(low, lower[column]), min(high, upper[column])
        if lower[column] <= upper[column]:
            left = min(seconds, self._deadline - self._now())
            answer = solve(self.problem, np.zeros(len(lower)), whole=True, seconds=left, lower=lower, upper=upper)
            if answer.x is not None:
                self._see(answer.x)

    def _repair(self, costs: Floats, solution: Floats) -> None:
        """Look for whole numbers near an optimum that is not whole: what is whole in it stays, the rest is asked anew.

        That is a small programme, where asking for all whole numbers is a large one. What does not come out of it is
        tried once more with everything loose that shares a row with the rest.
        """
        problem = self.problem
        loose = ~problem.whole | (np.abs(solution - np.round(solution)) > NEAR)
        for _ in range(REPAIRS):
            if loose.sum() > MOST_LOOSE or self.late:
                return
            found = self._solve_loose(costs, solution, loose)
            if found is not None:
                self._see(found)
                return
            rows = self._shares @ loose.astype(np.float64)
            loose = loose | (self._shares.T @ (rows > 0).astype(np.float64) > 0)

    def _solve_loose(self, costs: Floats, solution: Floats, loose: Truths) -> Floats | None:
        """The least of the costs over whole numbers for the loose unknowns, all others as they are, rounded."""
        problem, places = self.problem, np.flatnonzero(loose)
        still = np.where(loose, 0.0, np.round(solution))
        columns = csc_array(self._columns[:, places])
        rows = np.unique(columns.indices)
        settled = problem.matrix @ still
        small = Problem(
            csr_array(columns.tocsr()[rows]),
            problem.low[rows] - settled[rows],
            problem.high[rows] - settled[rows],
            problem.lower[places],
            problem.upper[places],
            problem.whole[places],
            (),
            problem.cap,
        )
        seconds = min(REPAIR_SECONDS, self._deadline - self._now())
        bounds = {"lower": small.lower, "upper": small.upper}
        answer = solve(small, costs[places], whole=True, seconds=seconds, gap=0.2, **bounds)
        if answer.x is None:
            return None
        still[places] = answer.x
        return still

    def _see(self, solution: Floats) -> bool:
        """Keep a solution as a witness if every row still holds when its counts are rounded to whole numbers."""
        problem = self.problem
        exact = np.where(problem.whole, np.round(solution), solution)
        sums = problem.matrix @ exact
        if ((sums < problem.low - NEAR) | (sums > problem.high + NEAR)).any():
            return False
        if ((exact < problem.lower - NEAR) | (exact > problem.upper + NEAR)).any():
            return False
        np.minimum(self.low, exact, out=self.low)
        np.maximum(self.high, exact, out=self.high)
        return True


def examine(
    part: Part,
    needs: Mapping[int, Need],
    *,
    exact: bool = False,
    now: Callable[[], float],
    deadline: float,
    done: Callable[[], None] = lambda: None,
) -> dict[int, Found]:
    """For each wanted unknown of the part (its column, with what it needs) the interval an attacker is left with.

    With `exact` the best bounds of all of them; otherwise an unknown that is proven to meet its need is left at that.
    `done` is called once for each. Raises Contradiction when no numbers fit the part at all.
    """
    search = _Search(part.problem, now, deadline)
    found: dict[int, Found] = {}
    if not exact and len(needs) > 2:
        _push(search, needs)
    doubtful: list[int] = []
    for column, need in needs.items():
        if not exact and need.met(search.low[column], search.high[column]):
            found[column] = Found(float(search.low[column]), float(search.high[column]), best=False, proven=True)
        else:
            lower, upper = _end(search, column, 1.0), _end(search, column, -1.0)
            best = _is_seen(search, column, lower, 1.0) and _is_seen(search, column, upper, -1.0)
            low, high = float(search.low[column]), float(search.high[column])
            proven = need.met(low, high)
            ends = (low, high) if proven and not best and not exact else (lower, upper)
            found[column] = Found(*ends, best, proven)
            if not best and (exact or (need.met(lower, upper) and not proven)):
                doubtful.append(column)
                continue
        done()
    if doubtful and not exact and any(not needs[column].met(one.lower, one.upper) for column, one in found.items()):
        search.hurry(REFUSED_SECONDS)
    for column in doubtful:
        found[column] = _ask_whole(search, column, needs[column], found[column], exact)
        done()
    return found


def _push(search: _Search, needs: Mapping[int, Need]) -> None:
    """Push all unknowns in doubt up or down together, by chance, until that proves nothing more."""
    chance = np.random.default_rng(len(needs))  # fixed, so that the same release gives the same report
    columns = np.fromiter(needs, dtype=np.int64)
    doubtful, idle = len(columns), 0
    while doubtful and idle < IDLE and not search.late:
        costs = np.zeros(len(search.problem.lower))
        open_ = [one for one in columns if not needs[int(one)].met(search.low[one], search.high[one])]
        costs[open_] = chance.uniform(0.5, 1.5, len(open_)) * chance.choice((-1.0, 1.0), len(open_))
        before = search.high.copy()
        search.least(costs)
        if np.array_equal(before, search.high) and idle == 0:  # perhaps no whole numbers came out: ask for them
            search.least_whole(costs, PUSH_SECONDS, gap=0.2)
        left = sum(not needs[int(one)].met(search.low[one], search.high[one]) for one in open_)
        idle = 0 if left <= doubtful * WORTH else idle + 1
        doubtful = left


def _ask_whole(search: _Search, column: int, need: Need, sums: Found, exact: bool) -> Found:
    """What whole numbers say of one unknown of which sums left this."""
    if not exact:
        _look_for_witnesses(search, column, need, sums.upper)
        low, high = float(search.low[column]), float(search.high[column])
        if need.met(low, high):
            return Found(low, high, best=False, proven=True)
    lower, upper = _end(search, column, 1.0, sums.lower), _end(search, column, -1.0, sums.upper)
    best = _is_seen(search, column, lower, 1.0) and _is_seen(search, column, upper, -1.0)
    return Found(lower, upper, best, proven=need.met(search.low[column], search.high[column]))


def _look_for_witnesses(search: _Search, column: int, need: Need, upper: float) -> None:
    """Whole numbers somewhere high enough are found sooner than those at the very end."""
    for _ in range(2):
        if need.met(search.low[column], search.high[column]):
            return
        low, high = search.low[column], search.high[column]
        if not np.isfinite(low):
            search.can_reach(column, -np.inf, np.inf, ASK_SECONDS)
        elif not need.reaches(low, high) or low + need.width <= upper:
            search.can_reach(column, max(low + need.width, need.above + 1), np.inf, ASK_SECONDS)
        else:
            search.can_reach(column, -np.inf, high - need.width, ASK_SECONDS)


def _is_seen(search: _Search, column: int, end: float, sign: float) -> bool:
    """Does a witness show this end itself?"""
    seen = search.low[column] if sign > 0 else search.high[column]
    return bool(abs(seen - end) <= NEAR)


def _end(search: _Search, column: int, sign: float, known: float | None = None) -> float:
    """A proven bound for the least (sign 1) or most (sign -1) of one unknown: by sums, or where that is known, by
    whole numbers."""
    problem = search.problem
    outer = float(problem.lower[column] if sign > 0 else problem.upper[column]) if known is None else known
    if _is_seen(search, column, outer, sign):
        return outer
    costs = np.zeros(len(problem.lower))
    costs[column] = sign
    bound = search.least(costs) if known is None else search.least_whole(costs, ASK_SECONDS)
    if bound is None:
        return outer
    end = sign * bound
    if problem.whole[column]:
        end = float(np.ceil(end - NEAR) if sign > 0 else np.floor(end + NEAR))
    return max(outer, end) if sign > 0 else min(outer, end)
