"""Every classic leak is found, with the interval that it leaves; the same table hidden well passes."""

from __future__ import annotations

from tests.support.published import dimension, release, small, table
from trim.statistics.attack import Line, Report, Verdict, attack
from trim.statistics.model import Release, Rounding, Rules

UNIT, KIND = dimension("unit", "north south east"), dimension("kind", "fire road water")
FACTS = {
    ("north", "fire"): 3,
    ("north", "road"): 20,
    ("north", "water"): 15,
    ("south", "fire"): 30,
    ("south", "road"): 12,
    ("south", "water"): 25,
    ("east", "fire"): 11,
    ("east", "road"): 14,
    ("east", "water"): 16,
}


def line(report: Report, key: str, table_name: str = "", number: int | None = None) -> Line:
    return next(
        one
        for one in report.lines
        if one.key == tuple(key.split())
        and one.table in (table_name or one.table)
        and one.release == (number or report.release)
    )


def found(report: Report, key: str, table_name: str = "", number: int | None = None) -> tuple[object, ...]:
    one = line(report, key, table_name, number)
    return one.lower, one.upper, one.verdict


def single(*hidden: str) -> Release:
    return release(table("t", [UNIT, KIND], FACTS, hidden))


def test_the_only_hidden_cell_of_a_row() -> None:
    report = attack([single("north fire")])
    assert found(report, "north fire") == (3, 3, Verdict.EXACT)
    assert not report.is_safe


def test_two_in_a_line_whose_sum_is_small() -> None:
    facts = FACTS | {("north", "road"): 2}
    report = attack(
        [release(table("t", [UNIT, KIND], facts, ["north fire", "north road", "south fire", "south road"]))]
    )
    assert found(report, "north fire") == (1, 4, Verdict.BELOW)
    assert found(report, "north road") == (1, 4, Verdict.BELOW)
    assert found(report, "south fire") == (29, 32, Verdict.NARROW)


def test_four_in_a_square_are_as_wide_as_the_smallest_allows() -> None:
    report = attack([single("north fire", "north road", "south fire", "south road")], exact=True)
    assert found(report, "north fire") == (1, 22, Verdict.SAFE)
    assert found(report, "north road") == (1, 22, Verdict.SAFE)
    assert found(report, "south fire") == (11, 32, Verdict.SAFE)
    assert found(report, "south road") == (10, 31, Verdict.SAFE)
    assert report.is_safe


def test_a_safe_cell_is_not_asked_further_and_said_to_be_at_least_so_wide() -> None:
    quick, best = (
        attack([single("north fire", "north road", "south fire", "south road")], exact=one) for one in (False, True)
    )
    assert quick.is_safe
    for one, other in zip(quick.lines, best.lines, strict=True):
        assert one.upper is not None
        assert other.upper is not None
        assert other.lower <= one.lower < one.upper <= other.upper


def test_a_hidden_cell_is_at_least_one_where_zeros_are_shown() -> None:
    """Five hidden cells of a row with 6 in all: none can be more than 2."""
    facts = {("north", kind): 1 for kind in "abcd"} | {("north", "e"): 2} | {("south", kind): 40 for kind in "abcde"}
    dims = [dimension("unit", "north south"), dimension("kind", "a b c d e")]
    hidden = [f"{unit} {kind}" for unit in ("north", "south") for kind in "abcde"]
    report = attack([release(table("t", dims, facts, hidden))])
    assert found(report, "north a") == (1, 2, Verdict.BELOW)
    assert found(report, "south e") == (40, 41, Verdict.NARROW)


def test_a_sum_of_hidden_cells_that_reveals_each_of_them() -> None:
    """Three hidden cells that are 3 in all, as 0 is shown: each is 1."""
    facts = {("north", kind): 1 for kind in "abc"} | {("south", kind): 40 for kind in "abc"}
    dims = [dimension("unit", "north south"), dimension("kind", "a b c")]
    report = attack(
        [release(table("t", dims, facts, [f"{unit} {kind}" for unit in ("north", "south") for kind in "abc"]))]
    )
    assert found(report, "north b") == (1, 1, Verdict.EXACT)
    assert found(report, "south b") == (40, 40, Verdict.EXACT)


def test_linked_tables_that_hide_differently() -> None:
    """The margin of one table is hidden, and shown by another that counts the same."""
    answer = dimension("answer", "yes no")
    first = table(
        "by kind", [UNIT, KIND], FACTS, ["north fire", "north road", "north water", "north Total", "south Total"]
    )
    facts = {("north", "yes"): 20, ("north", "no"): 18, ("south", "yes"): 60, ("south", "no"): 7, ("east", "yes"): 41}
    second = table("by answer", [UNIT, answer], facts, ["south no", "south yes", "east yes", "east no"])
    report = attack([release(first, second)])
    assert found(report, "north Total") == (38, 38, Verdict.EXACT)
    assert found(report, "south Total") == (67, 67, Verdict.EXACT)
    assert found(report, "north fire") == (3, 3, Verdict.EXACT), "each column has one hidden cell only"


def test_a_level_of_the_tree_of_units_left_open() -> None:
    tree = dimension("unit", "west north south east", parents={"north": "west", "south": "west"})
    hidden = ["north fire", "south fire", "north road", "south road"]
    safe = table("t", [tree, KIND], FACTS, hidden)
    assert attack([release(safe)]).is_safe
    leaky = table("t", [tree, KIND], FACTS, [*hidden[:1], "east fire", "north road", "east road"])
    assert found(attack([release(leaky)]), "north fire") == (3, 3, Verdict.EXACT)


def test_a_whole_group_in_one_hidden_cell() -> None:
    """All of a unit are of one kind: every other cell of the row is shown as 0, so the hidden one is everybody."""
    facts = FACTS | {("north", "road"): 0, ("north", "water"): 0, ("north", "fire"): 19}
    report = attack([release(table("t", [UNIT, KIND], facts, ["north fire", "south fire"]))])
    assert found(report, "north fire") == (19, 19, Verdict.EXACT)


def test_a_zero_that_reveals() -> None:
    """With the zero shown the two left in its row are pinned by their columns; hidden with them they are not."""
    facts = FACTS | {("north", "water"): 0, ("north", "road"): 4}
    report = attack(
        [release(table("t", [UNIT, KIND], facts, ["north fire", "north road", "south fire", "south road"]))]
    )
    assert found(report, "north road") == (1, 6, Verdict.BELOW)


def test_rounding_with_totals_that_are_exact() -> None:
    """Figures to base 5, but a table beside them shows totals as they are."""
    facts = {("north",): 1, ("south",): 4, ("east",): 2}
    rounded = table("t", [UNIT], facts, shown_as=lambda count: 5 * ((count + 4) // 5))
    rules = Rules(rounding=Rounding(5, instead=True))
    assert attack([release(rounded, rules=rules)]).is_safe
    exact = release(table("t", [UNIT], facts, ["north", "south", "east"]), number=2)
    report = attack([release(rounded, rules=rules), exact], exact=True)
    # 7 in all, and each is between 1 and 7 - 2.
    assert found(report, "north") == (1, 5, Verdict.BELOW)
    assert found(report, "north", number=1) == (1, 5, Verdict.BELOW)
    assert not line(report, "north", number=1).hidden


def test_rounding_on_top_of_suppression_says_that_a_figure_is_not_small() -> None:
    """A shown 5 stands for 8 or 9, since 1 to 7 is hidden: the hidden cell beside it has little room."""
    facts = {("north", "fire"): 3, ("north", "road"): 8, ("north", "water"): 9, ("south", "fire"): 30}
    rules = Rules(rounding=Rounding(5), width=4)
    one = table(
        "t",
        [UNIT, KIND],
        facts,
        small(),
        shown_as=lambda count: {8: 5, 9: 10, 20: 15, 30: 30, 33: 35, 50: 50}[count] if count else 0,
    )
    report = attack([release(one, rules=rules)], exact=True)
    # The total of the row, shown as 15, is 11 to 19; road is 8 or 9, and water (shown as 10) 8 to 14.
    assert found(report, "north fire")[:2] == (1, 3)


def test_small_hides_what_it_should_and_leaks() -> None:
    report = attack([release(table("t", [UNIT, KIND], FACTS, small()))])
    assert [one.verdict for one in report.lines] == [Verdict.EXACT]


def test_a_table_without_hidden_cells() -> None:
    report = attack([release(table("t", [UNIT, KIND], FACTS | {("north", "fire"): 33}))])
    assert report.lines == ()
    assert report.is_safe


def test_a_headcount_bounds_a_cell() -> None:
    facts = {("north",): 6, ("south",): 20, ("east",): 30}
    one = table("t", [UNIT], facts, ["north", "south"], within_headcount=True)
    assert found(attack([release(one)], exact=True), "north") == (1, 25, Verdict.SAFE)
    people = {"north": 6, "south": 200, "east": 300}
    assert found(attack([release(one, headcounts=people)]), "north") == (1, 6, Verdict.BELOW)
    assert found(attack([release(one)], headcounts=people), "north") == (1, 6, Verdict.BELOW)
