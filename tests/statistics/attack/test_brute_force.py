"""On releases small enough to try every table of whole numbers, the attack finds exactly what trying finds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.published import dimension, release, table
from trim.statistics.attack import attack
from trim.statistics.model import TOTAL, Dimension, Key, Release, Rounding, Rules, Table

Facts = dict[tuple[str, ...], int]
UNIT = dimension("unit", "a b c", parents={"b": "a", "c": "a"})
FLAT = dimension("unit", "b c d")
KIND = dimension("kind", "x y")
ANSWER = dimension("answer", "n p q")
MERGED = dimension("kind", "x rest", covers={"rest": "y z"})
WIDE = dimension("kind", "x y z")


def compositions(total: int, places: int) -> Iterator[tuple[int, ...]]:
    """Every way to put so many cases into so many places."""
    if places == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in compositions(total - first, places - 1):
            yield (first, *rest)


def count(dimensions: tuple[Dimension, ...], facts: Facts, key: Key) -> int:
    return sum(
        number
        for codes, number in facts.items()
        if all(
            value == TOTAL or code in one.covers[value] for one, value, code in zip(dimensions, key, codes, strict=True)
        )
    )


def fits(one: Table, facts: Facts, base: int) -> bool:
    """Could these facts be behind this table, as far as anybody sees? `base` is that of rounded figures, else 1."""
    for cell in one.cells:
        true = count(one.dimensions, facts, cell.key)
        if (true < 1) if cell.value is None else abs(true - cell.value) >= base:
            return False
    return True


def all_facts(codes: list[tuple[str, ...]], most: int, least: int = 0) -> Iterator[Facts]:
    for total in range(least, most + 1):
        for numbers in compositions(total, len(codes)):
            yield dict(zip(codes, numbers, strict=True))


def rounded(to: int) -> int:
    return 3 * ((to + 1) // 3)


class Extremes:
    """The least and most of each cell over everything that fits."""

    def __init__(self) -> None:
        self.seen: dict[tuple[int, str, Key], tuple[int, int]] = {}

    def add(self, number: int, one: Table, facts: Facts) -> None:
        for cell in one.cells:
            true = count(one.dimensions, facts, cell.key)
            low, high = self.seen.get((number, one.name, cell.key), (true, true))
            self.seen[number, one.name, cell.key] = min(low, true), max(high, true)

    def agree(self, releases: list[Release]) -> None:
        report = attack(releases, exact=True)
        for line in report.lines:
            assert line.best
            assert (line.lower, line.upper) == self.seen[line.release, line.table, line.key], line


@st.composite
def a_table(draw: st.DrawFn, name: str, dimensions: tuple[Dimension, ...], facts: Facts) -> Table:
    """A table of these facts with any cells hidden that hold something, never the grand total."""
    chosen = draw(st.sets(st.integers(0, 40), max_size=12))

    def hide(key: Key, number: int) -> bool:
        place = sum((at + 3) * len(part) * 7 + sum(map(ord, part)) for at, part in enumerate(key)) % 17
        return number > 0 and place in chosen and any(value != TOTAL for value in key)

    return table(name, dimensions, facts, hide)


@st.composite
def some_facts(draw: st.DrawFn, codes: list[tuple[str, ...]], most: int) -> Facts:
    places = draw(st.lists(st.sampled_from(codes), max_size=most))
    return {one: places.count(one) for one in codes}


def linked(data: st.DataObject) -> None:
    """Two tables over a tree of units: kinds, and answers of the same cases."""
    by_kind = data.draw(some_facts(list(product("bc", "xy")), 7))
    margin = {unit: sum(number for codes, number in by_kind.items() if codes[0] == unit) for unit in "bc"}
    by_answer: Facts = {}
    for unit, total in margin.items():
        numbers = data.draw(st.sampled_from(list(compositions(total, 3))))
        by_answer |= {(unit, answer): number for answer, number in zip("npq", numbers, strict=True)}
    one = data.draw(a_table("kinds", (UNIT, KIND), by_kind))
    two = data.draw(a_table("answers", (UNIT, ANSWER), by_answer))
    total = sum(margin.values())
    answers: dict[tuple[int, int], list[Facts]] = {}
    for facts in all_facts(list(product("bc", "npq")), total, total):
        if fits(two, facts, 1):
            answers.setdefault((sum(list(facts.values())[:3]), sum(list(facts.values())[3:])), []).append(facts)
    extremes = Extremes()
    for facts in all_facts(list(product("bc", "xy")), total, total):
        if fits(one, facts, 1):
            for other in answers.get((facts["b", "x"] + facts["b", "y"], facts["c", "x"] + facts["c", "y"]), ()):
                extremes.add(1, one, facts)
                extremes.add(1, two, other)
    extremes.agree([release(one, two)])


def periods(data: st.DataObject) -> None:
    """Two quarters and their half-year, which puts two kinds together that the quarters tell apart."""
    codes = list(product("bc", "xyz"))
    first, second = data.draw(some_facts(codes, 4)), data.draw(some_facts(codes, 4))
    units = dimension("unit", "b c")
    one = data.draw(a_table("t", (units, WIDE), first))
    two = data.draw(a_table("t", (units, WIDE), second))
    half = data.draw(a_table("t", (units, MERGED), {each: first[each] + second[each] for each in codes}))
    firsts = [facts for facts in all_facts(codes, sum(first.values()), sum(first.values())) if fits(one, facts, 1)]
    seconds = [facts for facts in all_facts(codes, sum(second.values()), sum(second.values())) if fits(two, facts, 1)]
    extremes = Extremes()
    for facts, others in product(firsts, seconds):
        together = {each: facts[each] + others[each] for each in codes}
        if fits(half, together, 1):
            extremes.add(1, one, facts)
            extremes.add(2, two, others)
            extremes.add(3, half, together)
    releases = [
        release(one),
        release(two, number=2, period="2025-Q2 2025-Q2"),
        release(half, number=3, period="2025-Q1 2025-Q2"),
    ]
    extremes.agree(releases)


def roundings(data: st.DataObject) -> None:
    """Rounded to base 3 instead of hidden, with a second release of the same facts that hides."""
    codes = list(product("bcd", "xy"))
    facts = data.draw(some_facts(codes, 6))
    open_ = table("t", (FLAT, KIND), facts, shown_as=rounded)
    hiding = data.draw(a_table("u", (FLAT, KIND), facts))
    rules = Rules(rounding=Rounding(3, instead=True))
    extremes, total = Extremes(), sum(facts.values())
    for each in all_facts(codes, total, total):
        if fits(open_, each, 3) and fits(hiding, each, 1):
            extremes.add(1, open_, each)
            extremes.add(2, hiding, each)
    extremes.agree([release(open_, rules=rules), release(hiding, number=2)])


WAYS = (linked, periods, roundings)


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=12, derandomize=True)
@given(data=st.data())
def test_agrees_with_trying_every_table(way: object, data: st.DataObject) -> None:
    assert callable(way)
    way(data)


@pytest.mark.large
@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=700)
@given(data=st.data())
def test_agrees_with_trying_every_table_in_quantity(way: object, data: st.DataObject) -> None:
    assert callable(way)
    way(data)
