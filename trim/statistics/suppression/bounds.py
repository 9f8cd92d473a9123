"""What can be worked out of a pattern of hidden figures, and why: used while choosing, never the judge of a release.

A figure is proved safe by witnesses: other whole figures that add up in the same way. One witness proves many figures
at once, so most need no programme of their own. Where there is none, the dual solution says which figures would have
to be hidden as well: a cut for the choice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from scipy.sparse import csc_array, csr_array
from scipy.sparse.csgraph import connected_components

from trim.statistics.suppression.problem import Flags, Floats, Ints, Problem
from trim.statistics.suppression.solver import cheapest, furthest

_ALMOST: Final = 1e-6
_SWEEPS: Final = 12
_MANY: Final = 600


@dataclass(slots=True)
class Cut:
    """Of these figures so many must be hidden that their weights reach `need`, if figure `target` is hidden."""

    target: int
    weights: Floats
    need: float


@dataclass(slots=True)
class Found:
    """Targets that the pattern does not protect, each with its cut."""

    cuts: list[Cut] = field(default_factory=list)

    @property
    def exposed(self) -> list[int]:
        """The figures that can be worked out too closely."""
        return [cut.target for cut in self.cuts]


@dataclass(slots=True)
class _Piece:
    """Hidden figures that hang together: their numbers in the problem and the sums between them."""

    figures: Ints
    sums: csc_array


class Bounds:
    """Attacks patterns of one problem and remembers nothing between two of them but the witnesses that still hold."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        #: No figure moves further than this: protection never asks for more, and cuts stay sharp.
        self.most = int(4 * max(problem.above.max(initial=1), problem.width.max(initial=1)))
        self.down, self.up = problem.reach(self.most)
        self._columns = csc_array(problem.sums)

    def attack(self, hidden: Flags, *, seed: int = 0, enough: int | None = None) -> Found:
        """Find every hidden figure that is not protected, or `enough` of them.

        `seed` only changes in which order proofs are sought.
        """
        found = Found()
        for piece in self._pieces(hidden):
            self._attack_piece(piece, found, np.random.default_rng(seed), enough)
            if enough is not None and len(found.cuts) >= enough:
                break
        return found

    def _pieces(self, hidden: Flags) -> list[_Piece]:
        figures = np.flatnonzero(hidden)
        if not len(figures):
            return []
        columns = csr_array(self._columns[:, figures])
        rows = np.flatnonzero(np.diff(columns.indptr))
        columns = csr_array(columns[rows])
        links = csr_array(abs(columns).T @ abs(columns))
        number, labels = connected_components(links, directed=False)
        order = np.argsort(labels, kind="stable")
        starts = np.searchsorted(labels[order], np.arange(number + 1))
        pieces = []
        for at in range(number):
            inside = order[starts[at] : starts[at + 1]]
            part = csr_array(columns[:, inside])
            kept = np.flatnonzero(np.diff(part.indptr))
            pieces.append(_Piece(figures[inside], csc_array(part[kept])))
        return pieces

    def _attack_piece(self, piece: _Piece, found: Found, chance: np.random.Generator, enough: int | None) -> None:
        problem, figures = self.problem, piece.figures
        truth = problem.truth[figures]
        lowest, highest = truth.copy(), truth.copy()
        asked, above, width = problem.asked[figures], problem.above[figures], problem.width[figures]

        def open_ones() -> Flags:
            return asked & ((highest < above) | (highest - lowest < width))

        def learn(moved: Floats | None) -> bool:
            if moved is None:
                return False
            whole = np.rint(moved).astype(np.int64)
            if np.abs(moved - whole).max(initial=0) > _ALMOST or np.any(piece.sums @ whole):
                return False
            np.minimum(lowest, truth + whole, out=lowest)
            np.maximum(highest, truth + whole, out=highest)
            return True

        self._sweep(piece, open_ones, learn, chance)
        for at in np.flatnonzero(open_ones()):
            if highest[at] >= above[at] and highest[at] - lowest[at] >= width[at]:
                continue
            if enough is not None and len(found.cuts) >= enough:
                return
            up = self._extreme(piece, int(at), 1)
            far = self._learn_whole(piece, int(at), 1, up, learn, int(max(above[at] - truth[at], width[at])))
            highest[at] = max(highest[at], truth[at] + far)
            if highest[at] < above[at]:
                self._cut(found, piece, int(at), [up], float(above[at] - truth[at]))
            if highest[at] - lowest[at] >= width[at]:
                continue
            down = self._extreme(piece, int(at), -1)
            far = self._learn_whole(piece, int(at), -1, down, learn, int(width[at] - (highest[at] - truth[at])))
            lowest[at] = min(lowest[at], truth[at] - far)
            if highest[at] - lowest[at] < width[at]:
                self._cut(found, piece, int(at), [up, down], float(width[at]))

    def _sweep(self, piece: _Piece, open_ones: Any, learn: Any, chance: Any) -> None:
        """Push many open figures at once, up and down in turns, as long as that proves a good share of them."""
        left = int(open_ones().sum())
        for turn in range(_SWEEPS):
            todo = open_ones()
            if not todo.any() or len(piece.figures) < 2:
                return
            weights = np.where(todo, chance.uniform(0.5, 1.5, len(todo)), 0.0)
            # Whoever needs to rise rises; the others go either way, or a sum that is shown would hold them all fast.
            sign = np.where(chance.random(len(todo)) < (0.65 if turn % 2 else 0.5), 1.0, -1.0)
            moved = self._solve(piece, weights * sign)
            if moved is not None:
                learn(moved[0])
                learn(-np.rint(moved[0]) if self._fits(piece, -moved[0]) else None)
            now = int(open_ones().sum())
            if turn > 3 and now > 0.9 * left:
                return
            left = now

    def _fits(self, piece: _Piece, moved: Floats) -> bool:
        down, up = self.down[piece.figures], self.up[piece.figures]
        return bool(np.all(moved >= -down - _ALMOST) and np.all(moved <= up + _ALMOST))

    def _solve(self, piece: _Piece, weights: Floats) -> tuple[Floats, Floats] | None:
        """Move the hidden figures as far as possible in the direction of the weights; gives moves and duals."""
        return furthest(weights, piece.sums, -self.down[piece.figures], self.up[piece.figures])

    def _extreme(self, piece: _Piece, at: int, sign: int) -> tuple[Floats, Floats] | None:
        weights = np.zeros(len(piece.figures))
        weights[at] = sign
        return self._solve(piece, weights)

    def _learn_whole(
        self, piece: _Piece, at: int, sign: int, result: tuple[Floats, Floats] | None, learn: Any, need: int
    ) -> int:
        """Learn from a solution; where it is not whole, look for a whole one that goes as far as is needed.

        Gives how far the figure goes without such a proof: among very many figures whole solutions take too long to
        find, and the fractional bound is trusted until the adversary has looked.
        """
        if result is None or need <= 0 or learn(result[0]):
            return 0
        reach = int(np.floor(sign * result[0][at] + _ALMOST))
        if len(piece.figures) > _MANY:
            return max(reach, 0)
        for wanted in {min(reach, need), min(reach, 1)}:
            if wanted >= 1:
                low, high = -self.down[piece.figures], self.up[piece.figures].copy()
                (low if sign > 0 else high)[at] = sign * wanted
                zero = np.zeros(piece.sums.shape[0])
                whole = cheapest(np.zeros(len(high)), low, high, piece.sums, zero, zero, nodes=2000)
                if whole is not None and learn(whole):
                    return 0
        return 0

    def _cut(
        self, found: Found, piece: _Piece, at: int, results: list[tuple[Floats, Floats] | None], need: float
    ) -> None:
        """Say which figures, hidden as well, would loosen this one: from the duals of its own programmes."""
        problem, target = self.problem, int(piece.figures[at])
        rows = self._rows_of(piece)
        weights = np.zeros(problem.size)
        for sign, result in zip((1.0, -1.0), results, strict=False):
            if result is None:
                continue
            slope = np.zeros(problem.size)
            slope[target] = sign
            if len(rows):
                slope += problem.sums[rows].T @ result[1]
            slope[np.abs(slope) < 1e-9] = 0.0
            weights += np.maximum(slope * self.up, -slope * self.down)
        own = float(weights[target])
        weights[target] = 0.0
        left = need - own
        found.cuts.append(Cut(target, np.minimum(weights, max(left, 0.0)), left))

    def _rows_of(self, piece: _Piece) -> Ints:
        columns = csr_array(self._columns[:, piece.figures])
        return np.flatnonzero(np.diff(columns.indptr))
