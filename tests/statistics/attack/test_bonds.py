"""What definitions tell: measures that count the same interviews are one figure to an attacker."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.statistics.attack.test_classic_leaks import found
from tests.support.published import dimension, release, table
from trim.statistics.attack import Verdict, attack, linear
from trim.statistics.attack.definitions import BONDS

UNIT = dimension("unit", "north south east")
INTERVIEW, WAIT = dimension("interview", "first follow_up"), dimension("wait", "soon late")
WINDOW = dimension("window", "kept late")
HELD = {
    ("north", "first"): 9,
    ("north", "follow_up"): 20,
    ("south", "first"): 15,
    ("south", "follow_up"): 30,
    ("east", "first"): 12,
    ("east", "follow_up"): 25,
}
HIDDEN = ["north first", "north follow_up", "south first", "south follow_up"]
#: Every interview had a window, and none was late.
WINDOWS = {(unit, interview, "kept"): count for (unit, interview), count in HELD.items()}


def test_the_same_interviews_under_another_measure() -> None:
    held = table("assessments", [UNIT, INTERVIEW], HELD, HIDDEN, measure="assessments")
    windows = table("windows", [UNIT, INTERVIEW, WINDOW], WINDOWS, measure="windows")
    assert attack([release(held, windows)], bonds=()).is_safe
    assert found(attack([release(held, windows)]), "north first") == (9, 9, Verdict.EXACT)


def test_a_part_of_them_is_at_most_as_many() -> None:
    waits = {("north", "soon"): 8, ("south", "soon"): 40, ("east", "soon"): 30}
    held = table("assessments", [UNIT, INTERVIEW], HELD, ["north Total", "south Total", *HIDDEN], measure="assessments")
    first = table("waits", [UNIT, WAIT], waits, measure="waits")
    loose, bound = (attack([release(held, first)], exact=True, bonds=bonds) for bonds in ((), BONDS))
    assert found(loose, "north Total")[0] == 2
    assert found(bound, "north Total")[0] == 8


def test_a_bond_that_does_not_hold_is_dropped() -> None:
    """Some interviews had no window: nothing fits both, so the tables are looked at each for itself."""
    fewer = WINDOWS | {("east", "first", "kept"): 9}
    held = table("assessments", [UNIT, INTERVIEW], HELD, HIDDEN, measure="assessments")
    windows = table("windows", [UNIT, INTERVIEW, WINDOW], fewer, measure="windows")
    assert attack([release(held, windows)]).lines == attack([release(held, windows)], bonds=()).lines


def test_without_the_solver_that_goes_on_the_answers_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    held = release(table("t", [UNIT, INTERVIEW], HELD, HIDDEN))
    quick = attack([held], exact=True)

    def nothing() -> ModuleType | None:
        return None

    monkeypatch.setattr(linear, "_highs", nothing)
    assert attack([held], exact=True) == quick
