"""No hidden figure of a small release is left with too narrow an interval: every table that fits is tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.statistics.oracle import intervals
from tests.statistics.plain import declaration, release, row
from trim.statistics.model import Cell, Release, Rules

THRESHOLD, WIDTH, MOST = 2, 2, 9
RULES = Rules(THRESHOLD, 1, WIDTH, least_headcount=0, most_hidden=100)
SEVERAL = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
MANY = settings(SEVERAL, max_examples=300)


def is_safe(interval: tuple[int, int]) -> bool:
    low, high = interval
    return high > THRESHOLD and high - low >= WIDTH


def assert_safe(releases: Sequence[Release]) -> int:
    """Check every hidden cell of these releases; gives how many there are."""
    found = intervals(releases, MOST, is_safe)
    hidden = {(one.number, t.name, c.key) for one in releases for t, c in one.hidden_cells()}
    assert hidden == found.keys(), "no table at all fits what was published"
    for cell, interval in found.items():
        assert is_safe(interval), (cell, interval)
    return len(hidden)


def grids(rows: int, columns: int) -> st.SearchStrategy[list[int]]:
    """Figures from none to four, most of them small."""
    return st.lists(st.sampled_from([0, 0, 1, 2, 3, 4]), min_size=rows * columns, max_size=rows * columns)


def linked(values: list[int], sensitive: bool) -> list[Release]:
    rows = [row(n, unit="xyz"[at // 2], incident_kind="ab"[at % 2]) for at, n in enumerate(values) if n]
    tables = declaration(("unit", "incident_kind"), ("unit",), ("incident_kind",), sensitive=sensitive)
    return [release(rows, tables, rules=RULES)]


def quarters(values: list[int], sensitive: bool) -> list[Release]:
    """A quarter, then the half-year with one quarter more."""
    rows = [row(n, f"2025-Q{at // 3 + 1}", "xyz"[at % 3]) for at, n in enumerate(values) if n]
    tables = declaration(("unit",), sensitive=sensitive)
    first = release(rows, tables, rules=RULES)
    return [first, release(rows, tables, "2025-Q1", "2025-Q2", rules=RULES, earlier=[first], number=2)]


@pytest.mark.parametrize("sensitive", [False, True])
@given(values=grids(3, 2))
@SEVERAL
def test_linked_tables(sensitive: bool, values: list[int]):
    assert_safe(linked(values, sensitive))


@pytest.mark.parametrize("sensitive", [False, True])
@given(values=grids(3, 2))
@SEVERAL
def test_a_quarter_added(sensitive: bool, values: list[int]):
    assert_safe(quarters(values, sensitive))


@pytest.mark.large
@pytest.mark.parametrize("make", [linked, quarters])
@pytest.mark.parametrize("sensitive", [False, True])
@given(values=grids(3, 2))
@MANY
def test_many_more(make: object, sensitive: bool, values: list[int]):
    assert callable(make)
    assert_safe(make(values, sensitive))


def test_the_oracle_finds_what_can_be_computed():
    """Of a pattern with one hidden cell alone in its row the oracle says what it is."""
    made = linked([1, 4, 4, 4, 4, 4], sensitive=False)[0]
    assert assert_safe([made])
    truth = dict(
        zip([("x", "a"), ("x", "b"), ("y", "a"), ("y", "b"), ("z", "a"), ("z", "b")], [1, *[4] * 5], strict=True)
    )
    cells = []
    for cell in made.table("t1").cells:
        inside = [
            n for key, n in truth.items() if all(at in ("Total", of) for at, of in zip(cell.key, key, strict=True))
        ]
        cells.append(
            Cell(cell.key, None, "suppressed") if cell.key == ("x", "a") else Cell(cell.key, sum(inside), "shown")
        )
    wrong = replace(made, tables=(replace(made.table("t1"), cells=tuple(cells)),))
    assert intervals([wrong], MOST) == {(1, "t1", ("x", "a")): (1, 1)}
