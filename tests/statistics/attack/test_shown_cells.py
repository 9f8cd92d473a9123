"""The adversary judges what is shown, too: small counts in clear, and everybody of a row in one place."""

from __future__ import annotations

import dataclasses

import pytest

from tests.statistics.attack.test_classic_leaks import found
from tests.support.published import dimension, release, table
from trim.statistics.attack import Report, Verdict, attack
from trim.statistics.model import Release, Rounding, Rules

UNIT, ANSWER = dimension("unit", "north south east"), dimension("answer", "yes no none")
FACTS = {
    ("north", "yes"): 20,
    ("north", "no"): 18,
    ("north", "none"): 16,
    ("south", "yes"): 33,
    ("south", "no"): 21,
    ("south", "none"): 14,
    ("east", "yes"): 40,
    ("east", "no"): 19,
    ("east", "none"): 15,
}
#: Everybody of the north said no.
ALL_SAID_NO = FACTS | {("north", "yes"): 0, ("north", "none"): 0, ("north", "no"): 30}


def sensitive(facts: dict[tuple[str, ...], int], *hidden: str, rules: Rules | None = None) -> Release:
    """A release of one table whose zeros could tell of people."""
    one = dataclasses.replace(table("t", [UNIT, ANSWER], facts, hidden), zeros_shown=False)
    return release(one, rules=rules) if rules else release(one)


def verdicts(report: Report) -> dict[str, Verdict]:
    return {" ".join(line.key): line.verdict for line in report.lines}


def test_a_table_in_which_nothing_tells_has_no_line() -> None:
    assert attack([sensitive(FACTS)]).lines == ()


def test_everybody_of_a_unit_in_one_shown_cell() -> None:
    report = attack([sensitive(ALL_SAID_NO)])
    assert not report.is_safe
    assert verdicts(report) == {"north no": Verdict.GROUP}
    (line,) = report.lines
    assert (line.lower, line.upper, line.hidden) == (30, 30, False)


def test_it_tells_nothing_where_zeros_tell_of_nobody() -> None:
    assert attack([release(table("t", [UNIT, ANSWER], ALL_SAID_NO))]).lines == ()


def test_everybody_in_one_place_of_all_units_together() -> None:
    """Nobody anywhere gave another answer: that of the sum is everybody's too."""
    facts = {(unit, "no"): number for unit, number in (("north", 30), ("south", 20), ("east", 12))}
    report = attack([sensitive(facts)])
    assert {one for one, verdict in verdicts(report).items() if verdict is Verdict.GROUP} == {
        "north no",
        "south no",
        "east no",
        "Total no",
    }


def test_a_hidden_cell_that_is_the_only_place_left() -> None:
    """Its count may be anything, which its interval says; where its people are is plain all the same."""
    hidden = ["north no", "north Total", "south no", "south Total"]
    report = attack([sensitive(ALL_SAID_NO, *hidden)])
    assert found(report, "south no")[2] is Verdict.SAFE
    assert found(report, "north no")[2] is Verdict.GROUP


def test_a_zero_hidden_with_it_leaves_another_place() -> None:
    hidden = [f"{unit} {answer}" for unit in ("north", "south") for answer in ("yes", "no")]
    report = attack([sensitive(ALL_SAID_NO, *hidden)])
    assert found(report, "north no")[2] is Verdict.SAFE
    assert report.is_safe


def test_a_hidden_zero_that_sums_give_away_is_no_other_place() -> None:
    hidden = ["north yes", "north no", "south no"]
    report = attack([sensitive(ALL_SAID_NO, *hidden)])
    assert found(report, "north yes")[:2] == (0, 0)
    assert found(report, "north no")[2] is Verdict.EXACT


def test_everybody_of_a_kind_in_one_unit_is_nothing_that_a_person_said() -> None:
    facts = FACTS | {("south", "none"): 0, ("east", "none"): 0}
    assert attack([sensitive(facts)]).is_safe


def test_a_table_of_answers_alone() -> None:
    facts = {("yes",): 0, ("no",): 25, ("none",): 0}
    one = dataclasses.replace(table("t", [ANSWER], facts), zeros_shown=False)
    assert verdicts(attack([release(one)])) == {"no": Verdict.GROUP}


def test_an_earlier_release_is_judged_again_beside_the_new_one() -> None:
    half = release(
        dataclasses.replace(table("t", [UNIT, ANSWER], FACTS), zeros_shown=False), number=2, period="2025-Q1 2025-Q2"
    )
    before = sensitive({**ALL_SAID_NO, ("north", "no"): 15})
    lines = attack([before, half]).lines
    assert [(line.release, line.key, line.verdict) for line in lines] == [(1, ("north", "no"), Verdict.GROUP)]


@pytest.mark.parametrize("count", [1, 7])
def test_a_small_count_in_clear(count: int) -> None:
    report = attack([release(table("t", [UNIT, ANSWER], FACTS | {("east", "none"): count}))])
    assert found(report, "east none") == (count, count, Verdict.EXACT)
    assert not report.lines[0].hidden


def test_a_small_multiple_of_a_base_is_not_a_small_count() -> None:
    """Rounded instead of hidden, 5 stands for 1 to 9."""
    facts = FACTS | {("east", "none"): 5, ("east", "no"): 20}
    rounded = table("t", [UNIT, ANSWER], facts, shown_as=lambda count: 5 * round(count / 5))
    assert attack([release(rounded, rules=Rules(rounding=Rounding(5, instead=True)))]).is_safe


def test_as_many_as_work_in_the_unit() -> None:
    """Everybody who works there was exposed: the figure is no secret about anybody's absence any more."""
    one = table("t", [UNIT, ANSWER], FACTS, within_headcount=True)
    enough = {"north": 200, "south": 200, "east": 200}
    assert attack([release(one, headcounts=enough)]).lines == ()
    report = attack([release(one, headcounts=enough | {"south": 68})])
    assert verdicts(report) == {"south Total": Verdict.GROUP}
