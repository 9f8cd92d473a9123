"""Controlled rounding: shown figures become multiples of a base and still add up.

Rounding looks at shown figures only, so it cannot tell more of hidden ones than they do themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from trim.statistics.model import Cell, Rounding, Table
from trim.statistics.suppression.figures import Figure, Figures
from trim.statistics.suppression.solver import cheapest


class CannotBeRounded(Exception):
    """Raised when no multiples of the base add up in all tables of a measure: take a table out, or do not round."""


def rounded(tables: Sequence[Table], rounding: Rounding) -> list[Table]:
    """Round the tables of one measure together. Raises CannotBeRounded.

    Each figure goes to the multiple below or above it, the nearest where sums allow; multiples stay as they are.
    """
    figures = Figures()
    edition = figures.edition(frozenset())
    for table in tables:
        edition.learn_codes(table.dimensions)
    numbers = []
    for table in tables:
        made = {cell.key: Figure(cell.value, "shown" if cell.is_shown else "forced") for cell in table.cells}
        numbers.append(figures.put_table(edition, table.dimensions, made))
    figures.relate_tables(edition)
    values = _round([one.value for one in figures.all], figures.sums, rounding.base)
    done = []
    for table, places in zip(tables, numbers, strict=True):
        cells = tuple(Cell(c.key, values[places[c.key]], c.status) if c.is_shown else c for c in table.cells)
        done.append(replace(table, cells=cells))
    return done


def _round(values: Sequence[int | None], sums: Sequence[dict[int, int]], base: int) -> list[int | None]:
    shown = [at for at, value in enumerate(values) if value is not None]
    place = {figure: at for at, figure in enumerate(shown)}
    truth = np.asarray([values[at] for at in shown], dtype=np.int64)
    below = truth // base
    left = truth - below * base
    rows, columns, signs = [], [], []
    needs: list[float] = []
    for terms in sums:
        if all(one in place for one in terms):
            rows += [len(needs)] * len(terms)
            columns += [place[one] for one in terms]
            signs += [float(sign) for sign in terms.values()]
            needs.append(-float(sum(sign * below[place[one]] for one, sign in terms.items())))
    matrix = csr_array((np.asarray(signs, dtype=np.float64), (rows, columns)), shape=(len(needs), len(shown)))
    # Rounding up costs by how much further it is than rounding down.
    cost = (base - 2.0 * left).astype(np.float64)
    need = np.asarray(needs)
    up = cheapest(cost, np.zeros(len(shown)), (left > 0).astype(np.float64), matrix, need, need, nodes=5000, gap=0.01)
    if up is None:
        raise CannotBeRounded
    found: list[int | None] = [None] * len(values)
    for figure, at in place.items():
        found[figure] = int((below[at] + up[at]) * base)
    return found
