"""Rates, percentages, medians and the order of rows are published figures too, and each says something about counts."""

from __future__ import annotations

import pytest

from tests.statistics.attack.test_classic_leaks import found
from tests.support.published import dimension, release, table
from trim.statistics.attack import Malformed, Median, Order, Rate, Share, Statement, Verdict, attack
from trim.statistics.model import Release

UNIT = dimension("unit", "north south east")
FACTS = {("north",): 6, ("south",): 20, ("east",): 30}
HIDDEN = ["north", "south"]
PEOPLE = {"north": 400, "south": 900, "east": 1000}


def published(facts: dict[tuple[str], int] = FACTS, hidden: list[str] = HIDDEN) -> Release:
    return release(table("t", [UNIT], facts, hidden))


def test_a_rate_with_a_known_headcount_is_a_count() -> None:
    rate = Rate(1, "t", ("north",), "15.0")
    assert attack([published()], beside=[rate]).is_safe, "nobody knows the headcount"
    report = attack([published()], beside=[rate], headcounts=PEOPLE)
    assert found(report, "north") == (6, 6, Verdict.EXACT)
    assert found(report, "south") == (20, 20, Verdict.EXACT)


def test_a_rate_printed_coarsely_leaves_an_interval() -> None:
    report = attack([published()], beside=[Rate(1, "t", ("north",), "2", per=100)], headcounts=PEOPLE, exact=True)
    # 1.5 to 2.5 per cent of 400
    assert found(report, "north") == (6, 10, Verdict.SAFE)
    report = attack([published()], beside=[Rate(1, "t", ("north",), "1", per=100)], headcounts=PEOPLE)
    assert found(report, "north") == (2, 6, Verdict.BELOW)


def test_a_percentage_of_a_shown_total() -> None:
    report = attack([published()], beside=[Share(1, "t", ("north",), ("Total",), "10.7")])
    assert found(report, "north") == (6, 6, Verdict.EXACT)


def test_a_percentage_of_a_hidden_total_is_worked_out_in_whole_numbers() -> None:
    """10.65 to 10.75 per cent of at least 31: no 4 or 5 is that of any whole total, but 6 of 56 is."""
    hidden = published(hidden=["north", "south", "Total"])
    report = attack([hidden], beside=[Share(1, "t", ("north",), ("Total",), "10.7")], exact=True)
    line = next(one for one in report.lines if one.key == ("north",))
    assert line.lower == 6
    assert line.best


def test_a_median_says_where_half_of_the_cases_are() -> None:
    bands = dimension("days", "d3 d7 d14 d30")
    facts = {("d3",): 2, ("d7",): 40, ("d14",): 30, ("d30",): 12}
    keys = tuple((one,) for one in bands.values)
    one = release(table("t", [bands], facts, ["d3", "d7"]))
    assert found(attack([one], exact=True), "d7") == (1, 41, Verdict.SAFE)
    # 84 cases; the middle one is within a week, though 42 lie after it: not in the first band unless that has all 42.
    report = attack([one], beside=[Median(1, "t", keys, 1)], exact=True)
    assert found(report, "d7") == (1, 41, Verdict.SAFE)
    hidden_after = release(table("t", [bands], facts, ["d7", "d14"]))
    report = attack([hidden_after], beside=[Median(1, "t", keys, 1)], exact=True)
    assert found(report, "d7") == (40, 69, Verdict.SAFE)
    assert found(report, "d14") == (1, 30, Verdict.SAFE)


def test_the_order_of_rows_is_a_figure() -> None:
    one = published({("north",): 12, ("south",): 11, ("east",): 13}, ["north", "south"])
    assert found(attack([one], exact=True), "north") == (1, 22, Verdict.SAFE)
    keys = (("east",), ("north",), ("south",))
    report = attack([one], beside=[Order(1, "t", keys)], exact=True)
    assert found(report, "north") == (12, 13, Verdict.NARROW)
    assert found(report, "south") == (10, 11, Verdict.NARROW)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (Rate(1, "nothing", ("north",), "1"), "no table “nothing” in release 1"),
        (Rate(1, "t", ("west",), "1"), "no cell"),
        (Rate(9, "t", ("north",), "1"), "no table “t” in release 9"),
        (Share(1, "t", ("north",), ("Total",), "many"), "“many” is not a figure"),
        (Median(1, "t", (("north",),), 3), "3 is not the place of one of 1 cells"),
    ],
)
def test_a_statement_about_nothing_is_refused(statement: Statement, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        attack([published()], beside=[statement], headcounts=PEOPLE)
