"""What the benchmarks share: figures measured in turn in one run, a table, and one RESULT line per bound."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


def arguments(about: str, parts: Sequence[str] = ()) -> argparse.Namespace:
    """`--quick` ends within 50 seconds; without it the sizes are those of the issue.

    A benchmark of several `parts` takes `--only PART`, again for each wanted; `only` holds all of them without it.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, under 50 seconds")
    if parts:
        parser.add_argument("--only", action="append", choices=parts, help="this part (may be repeated)")
    given = parser.parse_args()
    if parts:
        given.only = given.only or list(parts)
    return given


def interleaved(rounds: int, *works: Callable[[], object]) -> list[list[float]]:
    """Seconds of each work, measured in turn, so that a drift of the machine hits all alike; one warm-up round."""
    seconds: list[list[float]] = [[] for _ in works]
    for turn in range(rounds + 1):
        for place, work in enumerate(works):
            began = time.perf_counter()
            work()
            if turn:
                seconds[place].append(time.perf_counter() - began)
    return seconds


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of the ratios, pair by pair."""
    # Not the library's: started as `python benchmarks/tick.py`, `statistics` is the benchmark of that name.
    found = sorted(one / other for one, other in zip(ours, theirs, strict=True))
    middle = len(found) // 2
    return found[middle] if len(found) % 2 else (found[middle - 1] + found[middle]) / 2


@dataclass
class Table:
    """Collects figures and bounds; `finish` prints them and gives the exit status."""

    rows: list[tuple[str, str]] = field(default_factory=list)
    results: list[tuple[str, float, float, bool]] = field(default_factory=list)

    def row(self, what: str, figure: str) -> None:
        """One line of the table."""
        self.rows.append((what, figure))

    def bound(self, name: str, found: float, bound: float, *, at_least: bool = False) -> None:
        """A ratio against its bound: at most, or at least."""
        self.results.append((name, found, bound, found >= bound if at_least else found <= bound))

    def finish(self) -> int:
        """Print everything; 1 when a bound was missed."""
        width = max(len(what) for what, _ in self.rows)
        for what, figure in self.rows:
            print(f"  {what:<{width}}  {figure}")
        for name, found, bound, kept in self.results:
            print(f"RESULT {name} {found:.2f} target {bound} {'PASS' if kept else 'FAIL'}")
        sys.stdout.flush()
        return 0 if all(kept for *_, kept in self.results) else 1
