"""Subtracting one release from another: periods, units that split, merge or are renamed, "other", corrections."""

from __future__ import annotations

import dataclasses

import pytest

from tests.statistics.attack.test_classic_leaks import found
from tests.support.published import dimension, release, table
from trim.statistics.attack import Contradiction, Malformed, Verdict, attack
from trim.statistics.model import TOTAL, Release, Rounding, Rules

UNIT, KIND = dimension("unit", "north south"), dimension("kind", "fire road")
SQUARE = ["north fire", "north road", "south fire", "south road"]
Q1 = {("north", "fire"): 3, ("north", "road"): 20, ("south", "fire"): 30, ("south", "road"): 12}
Q2 = {("north", "fire"): 9, ("north", "road"): 21, ("south", "fire"): 31, ("south", "road"): 13}
H1 = {codes: Q1[codes] + Q2[codes] for codes in Q1}


def published(number: int, period: str, facts: dict[tuple[str, str], int], hidden: list[str]) -> Release:
    return release(table("t", [UNIT, KIND], facts, hidden), number=number, period=period)


def test_a_half_year_less_its_second_quarter_is_the_first() -> None:
    first, second = published(1, "2025-Q1 2025-Q1", Q1, SQUARE), published(2, "2025-Q2 2025-Q2", Q2, [])
    assert attack([first, second]).is_safe
    report = attack([first, second, published(3, "2025-Q1 2025-Q2", H1, [])])
    assert found(report, "north fire", number=1) == (3, 3, Verdict.EXACT), "the new release opens an old one"
    assert report.earlier == (1, 2)


def test_a_year_with_one_quarter_never_published() -> None:
    """What the published quarters leave of the year is a quarter of which only that is known."""
    year = {codes: 4 * Q1[codes] for codes in Q1}
    quarters = [published(at, f"2025-Q{at} 2025-Q{at}", Q1, SQUARE) for at in (1, 2, 3)]
    report = attack([*quarters, published(4, "2025-Q1 2025-Q4", year, [])], exact=True)
    # 12 fires in the north over the year, at least 1 in each of the other two quarters that hid it.
    assert found(report, "north fire", number=1) == (1, 10, Verdict.SAFE)
    low = {codes: count if codes != ("north", "fire") else 3 for codes, count in year.items()}
    report = attack([*quarters, published(4, "2025-Q1 2025-Q4", low, [])])
    assert found(report, "north fire", number=1) == (1, 1, Verdict.EXACT)


def test_quarters_of_other_periods_say_nothing() -> None:
    alone = attack([published(2, "2025-Q2 2025-Q2", Q2, SQUARE)], exact=True)
    with_other = attack(
        [published(1, "2025-Q1 2025-Q1", Q1, []), published(2, "2025-Q2 2025-Q2", Q2, SQUARE)], exact=True
    )
    assert alone.lines == with_other.lines


def test_another_programme_says_nothing_and_both_together_do() -> None:
    one = [UNIT, KIND]
    trim = release(table("t", one, Q1, SQUARE))
    straw = release(table("t", one, Q2, []), number=2, programmes=("straw",))
    assert attack([trim, straw]).lines == ()
    both = release(table("t", one, H1, []), number=3, programmes=("trim", "straw"))
    assert found(attack([trim, straw, both]), "south fire", number=1) == (30, 30, Verdict.EXACT)


def test_a_unit_that_splits() -> None:
    """The year shows the unit by its new parts; in the first quarter there was only the whole."""
    facts = {("old", "fire"): 3, ("old", "road"): 20, ("south", "fire"): 30, ("south", "road"): 12}
    before = dimension("unit", "old south")
    first = release(table("t", [before, KIND], facts, ["old fire", "old road", "south fire", "south road"]))
    split = {("a", "fire"): 9, ("a", "road"): 10, ("b", "fire"): 11, ("b", "road"): 12, ("south", "fire"): 13}
    second = release(table("t", [dimension("unit", "a b south"), KIND], split), number=2, period="2025-Q2 2025-Q2")
    together = dimension("unit", "was_old a b south", parents={"a": "was_old", "b": "was_old"})
    together = dimension(
        "unit", "all a b rest south", covers={"rest": "old"}, parents={"a": "all", "b": "all", "rest": "all"}
    )
    both = {codes: facts.get(codes, 0) + split.get(codes, 0) for codes in {*facts, *split}}
    hide = ["rest fire", "rest road", "south fire", "south road", "all fire", "all road"]
    half = release(table("t", [together, KIND], both, hide), number=3, period="2025-Q1 2025-Q2")
    report = attack([first, second, half], exact=True)
    # The rest of the half-year is the old unit of the first quarter; both hide it, and it stays hidden.
    assert found(report, "rest fire") == (1, 22, Verdict.SAFE)
    assert found(report, "old fire", number=1) == (1, 22, Verdict.SAFE)
    # Shown for the new parts and the sum over all of them, it is the difference.
    open_ = release(table("t", [together, KIND], both, hide[:4]), number=3, period="2025-Q1 2025-Q2")
    assert found(attack([first, second, open_]), "old fire", number=1) == (3, 3, Verdict.EXACT)


def test_codes_that_no_value_covers_had_no_cases() -> None:
    """The quarter knows two units and the half-year three: so the quarter's hidden total is the sum of the two."""
    facts = {("old",): 9, ("south",): 20}
    quarter = release(table("t", [dimension("unit", "old south")], facts, ["Total"]))
    later = {("old",): 18, ("south",): 40, ("new",): 12}
    half = release(
        table("t", [dimension("unit", "old south new")], later, ["new", "Total"]), number=2, period="2025-Q1 2025-Q2"
    )
    assert found(attack([quarter, half]), "Total", number=1) == (29, 29, Verdict.EXACT)


def test_what_no_child_of_a_unit_covers_had_no_cases() -> None:
    """The unit covers a code of its own besides those of its children, and is their sum all the same."""
    tree = dimension("unit", "west north south", parents={"north": "west", "south": "west"})
    covers = {**tree.covers, "west": frozenset({"west", "north", "south"})}
    quarter = release(
        table("t", [dataclasses.replace(tree, covers=covers)], {("north",): 8, ("south",): 9}, ["west", "Total"])
    )
    flat = dimension("unit", "west north south")
    later = {("west",): 12, ("north",): 20, ("south",): 30}
    half = release(table("t", [flat], later, ["west", "Total"]), number=2, period="2025-Q1 2025-Q2")
    assert found(attack([quarter, half]), "west", number=1) == (17, 17, Verdict.EXACT)


@pytest.mark.parametrize(
    ("shown", "interval"),
    [
        # Every pair is 0 or 1: three halves fit three pairs, and of whole numbers only one of the three is 1.
        ({"pair": 0, "rest": 2, TOTAL: 2}, (2, 2, Verdict.EXACT)),
        # Every pair is at least 1: three halves fit, and of whole numbers two of the three are 1.
        ({"pair": 2, "rest": 2, TOTAL: 4}, (4, 4, Verdict.EXACT)),
    ],
)
def test_whole_numbers_say_more_than_sums(shown: dict[str, int], interval: tuple[object, ...]) -> None:
    """All pairs out of a, b, c and out of d, e, f are given to base 2. Sums leave a total of 2 to 3, or 3 to 4."""
    tables = []
    for pair in ("a b", "a c", "b c", "d e", "d f", "e f"):
        rest = " ".join(code for code in "abcdef" if code not in pair)
        one = table(pair, [dimension("kind", "pair rest", covers={"pair": pair, "rest": rest})], {})
        cells = tuple(dataclasses.replace(cell, value=shown[cell.key[0]]) for cell in one.cells)
        tables.append(dataclasses.replace(one, cells=cells))
    hidden = table("t", [dimension("kind", "a b c d e f")], {}, [*"abcdef", "Total"])
    rounded = release(*tables, rules=Rules(rounding=Rounding(2, instead=True)))
    report = attack([rounded, release(dataclasses.replace(hidden, zeros_shown=False), number=2)], exact=True)
    assert found(report, "Total", "t", 2) == interval


def test_the_same_cell_under_two_rules_keeps_the_stricter_of_them() -> None:
    facts = Q1 | {("north", "road"): 6}
    strict = release(table("t", [UNIT, KIND], facts, SQUARE), rules=Rules(threshold=10, width=4))
    loose = release(table("u", [UNIT, KIND], facts, SQUARE), number=2, rules=Rules(threshold=5, width=2))
    report = attack([strict, loose])
    assert found(report, "north fire", "t", 1) == (1, 8, Verdict.BELOW)
    assert found(report, "north fire", "u", 2)[2] is Verdict.SAFE


def test_units_that_merge_are_their_sum() -> None:
    merged = dimension("unit", "both", covers={"both": "north south"})
    hidden = release(table("t", [UNIT, KIND], Q1, ["north fire", "south fire", "north road", "south road"]))
    assert attack([hidden]).is_safe
    low = {("north", "fire"): 1, ("south", "fire"): 1, ("north", "road"): 50, ("south", "road"): 40}
    rows = table("t", [UNIT, KIND], low, [*SQUARE, "Total fire", "Total road"])
    both = table("u", [merged, KIND], low)
    assert attack([release(rows)]).is_safe
    report = attack([release(rows, both)])
    assert found(report, "north fire") == (1, 1, Verdict.EXACT), "2 in both units, at least 1 in each"


def test_another_name_for_the_same_codes_is_the_same_unit() -> None:
    renamed = dimension("unit", "harbour south", covers={"harbour": "north"})
    first = published(1, "2025-Q1 2025-Q1", Q1, SQUARE)
    again = release(table("other", [renamed, KIND], Q1, []), number=2)
    assert found(attack([first, again]), "north road", number=1) == (20, 20, Verdict.EXACT)


def test_kinds_put_together_as_other_in_one_table_only() -> None:
    kinds = dimension("kind", "fire road water")
    merged = dimension("kind", "fire other", covers={"other": "road water"})
    facts = {
        ("north", "fire"): 30,
        ("north", "road"): 3,
        ("north", "water"): 9,
        ("south", "fire"): 25,
        ("south", "road"): 20,
        ("south", "water"): 21,
    }
    fine = table("fine", [UNIT, kinds], facts, ["north road", "north water", "south road", "south water"])
    assert attack([release(fine)]).is_safe
    coarse = table("coarse", [UNIT, merged], facts)
    assert attack([release(fine, coarse)]).is_safe, "the sum of two hidden cells was known before"
    finer = table("fine", [UNIT, kinds], facts, [f"{unit} {kind}" for unit in UNIT.values for kind in kinds.values])
    assert attack([release(finer)], exact=True).is_safe
    report = attack([release(finer, coarse)])
    assert found(report, "north fire") == (30, 30, Verdict.EXACT)


def test_groups_that_overlap_without_one_holding_the_other() -> None:
    """{fire, road} and {road, water} are shown beside the total: road follows."""
    kinds = {
        "ab": dimension("kind", "one rest", covers={"one": "fire road", "rest": "water"}),
        "bc": dimension("kind", "two rest", covers={"two": "road water", "rest": "fire"}),
    }
    facts = {("fire",): 30, ("road",): 4, ("water",): 20}
    tables = [table(name, [one], facts) for name, one in kinds.items()]
    hidden = table("t", [dimension("kind", "fire road water")], facts, ["fire", "road", "water"])
    assert attack([release(hidden)]).is_safe
    assert found(attack([release(hidden, *tables)]), "road") == (4, 4, Verdict.EXACT)


def test_a_correction_beside_what_it_corrects() -> None:
    """One row changed in sight. The other did not, so what one of the two releases shows of it holds for the other."""
    changed = Q1 | {("south", "road"): 14}
    first = published(1, "2025-Q1 2025-Q1", Q1, SQUARE)
    open_ = release(table("t", [UNIT, KIND], changed, []), number=2, corrects=1)
    report = attack([first, open_])
    assert found(report, "north fire", number=1) == (3, 3, Verdict.EXACT)
    assert found(report, "south fire", number=1) == (30, 30, Verdict.EXACT), "its column did not change"
    assert found(report, "north road", number=1) == (20, 20, Verdict.EXACT)
    assert found(report, "south road", number=1) == (12, 12, Verdict.EXACT), "what is left of its row"


def test_a_correction_whose_changes_cancel_out_contradicts_nothing() -> None:
    """The margins are alike and every cell in them differs: the presumption is dropped, the attack goes on."""
    moved = {("north", "fire"): 13, ("north", "road"): 10, ("south", "fire"): 20, ("south", "road"): 22}
    first = published(1, "2025-Q1 2025-Q1", Q1, ["north fire", "north road"])
    second = release(table("t", [UNIT, KIND], moved, SQUARE), number=2, corrects=1)
    report = attack([first, second], exact=True)
    assert found(report, "north fire", number=1) == (3, 3, Verdict.EXACT)


def test_what_comes_after_a_correction_counts_the_corrected_facts() -> None:
    changed = Q1 | {("north", "fire"): 16}
    first = published(1, "2025-Q1 2025-Q1", Q1, [])
    second = release(table("t", [UNIT, KIND], changed, []), number=2, corrects=1)
    half = {codes: changed[codes] + Q2[codes] for codes in Q1}
    third = published(3, "2025-Q2 2025-Q2", Q2, SQUARE)
    report = attack([first, second, third, published(4, "2025-Q1 2025-Q2", half, [])])
    assert found(report, "north fire", number=3) == (9, 9, Verdict.EXACT)


def test_numbers_that_fit_nothing_are_named() -> None:
    first = published(1, "2025-Q1 2025-Q1", Q1, [])
    second = release(table("u", [UNIT, KIND], Q2, []), number=2)
    with pytest.raises(Contradiction, match="release 2, table “u”"):
        attack([first, second])


def test_releases_that_do_not_fit_together_are_refused() -> None:
    first = published(1, "2025-Q1 2025-Q1", Q1, [])
    with pytest.raises(Malformed, match="no release"):
        attack([])
    with pytest.raises(Malformed, match="Release 1 stands after release 1"):
        attack([first, first])
    with pytest.raises(Malformed, match="corrects release 7, which is not there"):
        attack([first, release(table("t", [UNIT, KIND], Q1), number=2, corrects=7)])
    with pytest.raises(Malformed, match="another period"):
        attack([first, release(table("t", [UNIT, KIND], Q1), number=2, corrects=1, period="2025-Q2 2025-Q2")])
