"""Figures that hang together by sums, as arrays: what may be hidden, what must be, and what each costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

UNBOUNDED = 1 << 40
"""Stands for no upper bound: more than anything that is counted here."""


@dataclass(slots=True)
class Problem:
    """All figures of one measure in this and earlier releases. Each row of `sums` adds up to zero over the figures.

    `truth` are the figures; of what earlier releases hid, some figures that fit everything published. `low` and
    `high` bound a hidden figure as everybody knows. `free` may be hidden or shown, at `cost`; `forced` are hidden in
    any case (primary ones, and what earlier releases hid), all others are shown. Of the hidden ones those with
    `asked` must be protected: an attacker's upper bound at least `above`, bounds at least `width` apart.
    """

    sums: csr_array
    truth: Ints
    low: Ints
    high: Ints
    free: Flags
    forced: Flags
    asked: Flags
    above: Ints
    width: Ints
    cost: Floats

    @property
    def size(self) -> int:
        """How many figures there are."""
        return len(self.truth)

    def reach(self, most: int) -> tuple[Floats, Floats]:
        """How far each figure could be below and above the truth for all that a reader knows, at most `most`."""
        down = np.clip(self.truth - self.low, 0, most)
        up = np.clip(self.high - self.truth, 0, most)
        return down.astype(np.float64), up.astype(np.float64)

    def part(self, figures: Ints) -> Problem:
        """The same for some figures that share no sum with the others."""
        columns = self.sums[:, figures]
        rows = np.flatnonzero(np.diff(csr_array(columns).indptr))
        return Problem(
            csr_array(csr_array(columns)[rows]),
            self.truth[figures],
            self.low[figures],
            self.high[figures],
            self.free[figures],
            self.forced[figures],
            self.asked[figures],
            self.above[figures],
            self.width[figures],
            self.cost[figures],
        )
