"""Releases as somebody publishes them, made by hand: tables counted from facts, cells hidden as a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import product

from trim.statistics.model import TOTAL, Cell, Dimension, Key, Release, Rules, Table, Words
from trim.statistics.periods import Period

Facts = Mapping[tuple[str, ...], int]
Hide = Callable[[Key, int], bool]
#: Rules under which little is asked for, so that a test can say how much.
RULES = Rules(threshold=7, width=4)


def dimension(
    name: str,
    values: str | Iterable[str],
    *,
    covers: Mapping[str, str] | None = None,
    parents: Mapping[str, str] | None = None,
) -> Dimension:
    """A dimension; each value covers the code of its own name unless `covers` says ("other": "c d") otherwise."""
    values = tuple(values.split()) if isinstance(values, str) else tuple(values)
    parents = dict(parents or {})
    sets = {value: frozenset((covers or {}).get(value, value).split()) for value in values}
    for value in reversed(values):  # parents stand before their children
        if value in parents:
            above = parents[value]
            sets[above] = (sets[above] - {above}) | sets[value]
    words = {value: Words(value, value) for value in (TOTAL, *values)}
    return Dimension(name, Words(name, name), values, sets, words, parents)


def table(
    name: str,
    dimensions: Iterable[Dimension],
    facts: Facts,
    hidden: Iterable[str] | Hide = (),
    *,
    measure: str = "cases",
    within_headcount: bool = False,
    shown_as: Callable[[int], int] = lambda count: count,
) -> Table:
    """A table of facts (codes of each dimension in order, with their count).

    `hidden` names cells by their keys ("north fire", "north Total"), or decides by key and count.
    """
    dimensions = tuple(dimensions)
    hide = hidden if callable(hidden) else _named(hidden)
    cells = []
    for key in product(*(one.with_total() for one in dimensions)):
        count = sum(
            number
            for codes, number in facts.items()
            if all(
                value == TOTAL or code in one.covers[value]
                for one, value, code in zip(dimensions, key, codes, strict=True)
            )
        )
        is_hidden = hide(key, count)
        cells.append(Cell(key, None if is_hidden else shown_as(count), "suppressed" if is_hidden else "shown"))
    words = Words(name, name)
    return Table(name, measure, words, words, dimensions, tuple(cells), within_headcount=within_headcount)


def _named(hidden: Iterable[str]) -> Hide:
    keys = {tuple(one.split()) for one in hidden}
    return lambda key, _: key in keys


def release(
    *tables: Table,
    number: int = 1,
    period: str = "2025-Q1 2025-Q1",
    rules: Rules = RULES,
    corrects: int | None = None,
    headcounts: Mapping[str, int] | None = None,
    programmes: tuple[str, ...] = ("trim",),
) -> Release:
    """A release of these tables."""
    return Release(number, Period(*period.split()), programmes, rules, tables, corrects, dict(headcounts or {}))


def small(threshold: int = 7) -> Hide:
    """Hides what the threshold alone hides."""
    return lambda _, count: 0 < count <= threshold
