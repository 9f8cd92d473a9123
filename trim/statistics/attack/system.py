"""What an attacker writes down: unknown numbers with bounds, and sums that they must keep.

Nothing here knows a table or a release; `reading` translates those. A quantity is named by a key, so that a number that
stands in two tables, or in two releases, is one unknown.
"""

from __future__ import annotations

import copy
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, fields

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

#: What a solver's figure may be off by and still count as that figure; counts are whole, so this is far below a half.
NEAR = 1e-6


class Contradiction(ValueError):
    """Raised when no numbers at all fit what was published: the files are damaged or were changed by hand."""

    def __init__(self, sources: Iterable[str]) -> None:
        self.sources = tuple(sorted(set(sources)))
        super().__init__(
            "No numbers fit everything that was published. Look at: " + ", ".join(self.sources or ("(unknown)",)) + "."
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """The system as arrays: `low <= matrix @ x <= high` and `lower <= x <= upper`; `whole` marks counts.

    `why` names for each row what it comes from (a table of a release). `cap` stands for "no upper bound".
    """

    matrix: csr_array
    low: Floats
    high: Floats
    lower: Floats
    upper: Floats
    whole: Truths
    why: tuple[str, ...]
    cap: float


@dataclass(slots=True)
class System:
    """Collects quantities and sums; `problem` hands them over as arrays."""

    keys: dict[Hashable, int] = field(default_factory=dict)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    _columns: list[int] = field(default_factory=list)
    _factors: list[float] = field(default_factory=list)
    _starts: list[int] = field(default_factory=lambda: [0])
    _low: list[float] = field(default_factory=list)
    _high: list[float] = field(default_factory=list)
    _why: list[str] = field(default_factory=list)
    _origin: dict[int, str] = field(default_factory=dict)

    def quantity(self, key: Hashable, *, whole: bool = True) -> int:
        """The number of the unknown with this key; a new one is at least 0 and has no upper bound."""
        place = self.keys.get(key)
        if place is None:
            place = self.keys[key] = len(self.lower)
            self.lower.append(0.0)
            self.upper.append(float("inf"))
            self.whole.append(whole)
        return place

    def within(self, place: int, low: float, high: float, why: str) -> None:
        """The unknown lies between these two, both included; what was known before stays known.

        Raises Contradiction when nothing is left between the bounds.
        """
        self.lower[place] = max(self.lower[place], low)
        self.upper[place] = min(self.upper[place], high)
        if self.lower[place] > self.upper[place] + NEAR:
            raise Contradiction([why, self._origin.get(place, why)])
        self._origin[place] = why

    def sum(self, terms: Mapping[int, float], low: float, high: float, why: str) -> None:
        """`low <= sum(factor * unknown) <= high`, where factors of 0 fall out."""
        for place, factor in terms.items():
            if factor:
                self._columns.append(place)
                self._factors.append(factor)
        self._starts.append(len(self._columns))
        self._low.append(low)
        self._high.append(high)
        self._why.append(why)

    def adds_up(self, whole: int, parts: Iterable[int], why: str) -> None:
        """The parts together are the whole."""
        terms: dict[int, float] = {}
        for part in parts:
            terms[part] = terms.get(part, 0.0) + 1.0
        terms[whole] = terms.get(whole, 0.0) - 1.0
        self.sum(terms, 0.0, 0.0, why)

    def copy(self) -> System:
        """Another system that says the same, to add to without changing this one."""
        return System(
            **{one.name: copy.copy(getattr(self, one.name)) for one in fields(self)}  # flat lists and dictionaries
        )

    def problem(self) -> Problem:
        """Everything as arrays. What nothing bounds gets a bound far above every number known."""
        finite = [abs(bound) for bound in (*self.lower, *self.upper, *self._low, *self._high) if abs(bound) < np.inf]
        cap = 1000.0 + 4.0 * sum(finite)
        matrix = csr_array(
            (
                np.array(self._factors, dtype=np.float64),
                np.array(self._columns, dtype=np.int64),
                np.array(self._starts, dtype=np.int64),
            ),
            shape=(len(self._low), len(self.lower)),
        )
        matrix.sum_duplicates()
        return Problem(
            matrix,
            np.array(self._low, dtype=np.float64),
            np.array(self._high, dtype=np.float64),
            np.array(self.lower, dtype=np.float64),
            np.minimum(np.array(self.upper, dtype=np.float64), cap),
            np.array(self.whole, dtype=np.bool_),
            tuple(self._why),
            cap,
        )
