"""Figures that nobody handed in: some values that fit everything published, where the facts are not known any more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from trim.statistics.suppression.figures import Figure, Terms
from trim.statistics.suppression.solver import cheapest


class EarlierReleasesDoNotFit(Exception):
    """Raised when no figures are found that fit what earlier releases published of a measure."""

    def __init__(self, measures: Sequence[str]) -> None:
        names = ", ".join(f"“{one}”" for one in measures)
        super().__init__(f"What earlier releases published of {names} does not fit together. Were their files changed?")
        self.measures = tuple(measures)


def fits(figure: Figure, value: int) -> bool:
    """Whether a value lies within what was published of a figure."""
    return figure.low <= value and (figure.high is None or value <= figure.high)


def complete(measures: Sequence[str], figures: Sequence[Figure], sums: Sequence[Terms]) -> list[int]:
    """Give every figure without a value one, so that as few sums as can be are broken; gives by how much each one is.

    Raises EarlierReleasesDoNotFit.
    """
    unknown = sorted({one for terms in sums for one in terms if figures[one].value is None})
    rows = [at for at, terms in enumerate(sums) if any(figures[one].value is None for one in terms)]
    broken = [0] * len(sums)
    if not unknown:
        return broken
    place = {figure: at for at, figure in enumerate(unknown)}
    size, count = len(unknown), len(rows)
    at, columns, signs, needs = [], [], [], np.zeros(count)
    for row, number in enumerate(rows):
        for figure, sign in sums[number].items():
            if figure in place:
                at.append(row)
                columns.append(place[figure])
                signs.append(float(sign))
            else:
                needs[row] -= sign * (figures[figure].value or 0)
        at += [row, row]
        columns += [size + row, size + count + row]
        signs += [1.0, -1.0]
    matrix = csr_array((np.asarray(signs), (at, columns)), shape=(count, size + 2 * count))
    # Nothing is larger than twice what is known of anything: a figure that is shown, or rounded and so has a bound.
    known = [float(cap if (cap := figures[one].high) is not None else figures[one].low) for one in unknown]
    most = 2.0 * max(1.0, float(np.abs(needs).max(initial=1)), *known)
    low = np.concatenate(([float(figures[one].low) for one in unknown], np.zeros(2 * count)))
    tops = [most if (cap := figures[one].high) is None else float(max(cap, figures[one].low)) for one in unknown]
    high = np.concatenate((np.maximum(tops, low[:size]), np.full(2 * count, most)))
    cost = np.concatenate((np.zeros(size), np.ones(2 * count)))
    tight = np.concatenate((high[:size], np.zeros(2 * count)))
    found = cheapest(np.zeros(len(cost)), low, tight, matrix, needs, needs, nodes=1000, seconds=120)
    if found is None:
        # Facts came later than a release: now the fewest sums that do not hold are looked for.
        found = cheapest(cost, low, high, matrix, needs, needs, nodes=1000, gap=0.05, seconds=120)
    if found is None:
        raise EarlierReleasesDoNotFit(measures)
    for figure, value in zip(unknown, found, strict=False):
        figures[figure].value = int(value)
    slack = np.abs(found[size : size + count] - found[size + count :])
    for row, left in zip(rows, slack, strict=True):
        broken[row] = int(left)
    return broken


def determine(figures: Sequence[Figure], sums: Sequence[Terms]) -> None:
    """Find unknown figures that shown ones fix: alone in a sum, or parts of nothing. They need no guessing any more."""
    open_sums = list(sums)
    while True:
        left = []
        for terms in open_sums:
            hidden = [one for one in terms if figures[one].state != "shown"]
            rest = sum(sign * (figures[one].value or 0) for one, sign in terms.items() if figures[one].state == "shown")
            nothing = not rest and len({terms[one] for one in hidden}) == 1 and not any(figures[h].low for h in hidden)
            if (nothing or len(hidden) == 1) and all(figures[one].state == "unknown" for one in hidden):
                for one in hidden:
                    figures[one].state = "shown"
            elif hidden:
                left.append(terms)
        if len(left) == len(open_sums):
            return
        open_sums = left
