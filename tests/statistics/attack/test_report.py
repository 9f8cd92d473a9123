"""The report: canonical, read back whole, told in words, and without any hint at true values."""

from __future__ import annotations

import dataclasses
import itertools
import json

import pytest

from tests.support.published import dimension, release, small, table
from trim.statistics.attack import (
    Contradiction,
    Malformed,
    NotAReport,
    Verdict,
    attack,
    from_json,
    in_words,
    to_json,
)
from trim.statistics.model import Dimension, Release, Rules

UNIT, KIND = dimension("unit", "north south"), dimension("kind", "fire road")
FACTS = {("north", "fire"): 3, ("north", "road"): 20, ("south", "fire"): 30, ("south", "road"): 12}
SQUARE = ["north fire", "north road", "south fire", "south road"]


def published(*hidden: str, facts: dict[tuple[str, str], int] = FACTS) -> Release:
    return release(table("t", [UNIT, KIND], facts, hidden))


def test_the_same_release_gives_the_same_bytes_and_they_read_back() -> None:
    report = attack([published("north fire", "north road", "south fire", "south Total")])
    assert to_json(report) == to_json(attack([published("north fire", "north road", "south fire", "south Total")]))
    assert from_json(to_json(report)) == report
    said = json.loads(to_json(report))
    assert said["safe"] is False
    assert sum(said["counts"].values()) == len(said["cells"]) == 4


def test_the_report_holds_no_true_value() -> None:
    """Two tables that show the same, made of different facts, give the same report."""
    other = {
        codes: count + (2 if (codes[0] == "north") == (codes[1] == "fire") else -2) for codes, count in FACTS.items()
    }
    one, two = (release(table("t", [UNIT, KIND], facts, SQUARE)) for facts in (FACTS, other))
    assert one == two
    assert to_json(attack([one])) == to_json(attack([two]))


def test_in_words() -> None:
    assert in_words(attack([published(*SQUARE)])) == (
        "Release 1: 4 hidden cells were attacked.\n"
        "None can be worked out, none can be shown to be small, and every interval is as wide as promised.\n"
    )
    low = FACTS | {("north", "road"): 2}
    assert in_words(attack([published(*SQUARE, facts=low), published_again(low)])) == (
        "Release 2, together with 1 earlier: 8 hidden cells were attacked, and 2 shown.\n"
        "2 can be computed exactly.\n"
        "4 can be shown to be small.\n"
        "4 can be narrowed down further than promised.\n"
        "This release must not be published as it is.\n"
        "  Release 2, table “t”, north / Total: is 5 (exact).\n"
        "  Release 2, table “t”, north / fire: lies between 1 and 4 (below).\n"
        "  Release 2, table “t”, north / road: lies between 1 and 4 (below).\n"
        "  Release 2, table “t”, south / fire: lies between 29 and 32 (narrow).\n"
        "  Release 2, table “t”, south / road: lies between 10 and 13 (narrow).\n"
        "  Release 1, table “t”, north / Total: is 5 (exact).\n"
        "  Release 1, table “t”, north / fire: lies between 1 and 4 (below).\n"
        "  Release 1, table “t”, north / road: lies between 1 and 4 (below).\n"
        "  Release 1, table “t”, south / fire: lies between 29 and 32 (narrow).\n"
        "  Release 1, table “t”, south / road: lies between 10 and 13 (narrow).\n"
    )
    exact = in_words(attack([published("north fire")]))
    assert "1 hidden cell was attacked.\n1 can be computed exactly." in exact
    assert "north / fire: is 3 (exact)." in exact


def published_again(facts: dict[tuple[str, str], int]) -> Release:
    return dataclasses.replace(published(*SQUARE, facts=facts), number=2)


def test_many_exposed_cells_are_told_in_part() -> None:
    kinds = dimension("kind", [f"k{at}" for at in range(30)])
    facts = {(unit, kind): 8 + at for unit in UNIT.values for at, kind in enumerate(kinds.values)}
    told = in_words(attack([release(table("t", [UNIT, kinds], facts, [f"north {kind}" for kind in kinds.values]))]))
    assert told.endswith("  and 10 more.\n")


def test_what_nothing_bounds_has_no_upper_end() -> None:
    one = dimension("unit", "north")
    report = attack([release(table("t", [one], {("north",): 20}, ["north", "Total"]))])
    assert [(line.lower, line.upper, line.verdict) for line in report.lines] == [(1, None, Verdict.SAFE)] * 2


def test_progress_goes_up_to_the_end() -> None:
    heard: list[tuple[int, int]] = []
    attack([published(*SQUARE)], progress=lambda done, of: heard.append((done, of)))
    assert heard[0] == (0, 4)
    assert heard[-1] == (4, 4)
    assert all(one[0] <= two[0] for one, two in itertools.pairwise(heard))


def test_no_time_left_is_never_safe() -> None:
    """A clock that is past the limit at once: nothing is proven, so nothing passes; plain leaks are still named."""
    report = attack([published(*SQUARE)], time_limit=0.0, clock=lambda: 5.0)
    assert {line.verdict for line in report.lines} == {Verdict.UNDECIDED}
    assert not report.is_safe
    assert "4 could not be decided in time, and count as exposed." in in_words(report)
    report = attack([published("north fire")], time_limit=0.0, clock=lambda: 5.0)
    assert [line.verdict for line in report.lines] == [Verdict.EXACT]


def test_a_threshold_of_ten_and_width() -> None:
    facts = FACTS | {("north", "road"): 6}
    hidden = release(table("t", [UNIT, KIND], facts, SQUARE), rules=Rules(threshold=7, width=4))
    assert attack([hidden]).is_safe
    assert attack([dataclasses.replace(hidden, rules=Rules(threshold=10, width=4))]).count(Verdict.BELOW) == 2
    assert attack([dataclasses.replace(hidden, rules=Rules(threshold=7, width=8))]).count(Verdict.NARROW) == 4


def test_a_release_that_is_not_whole_is_refused() -> None:
    one = published(*SQUARE)
    (whole,) = one.tables
    with pytest.raises(Malformed, match="Release 1, table “t”: 9 different cells are expected; there are 8"):
        attack([dataclasses.replace(one, tables=(dataclasses.replace(whole, cells=whole.cells[1:]),))])
    with pytest.raises(Malformed, match="the name stands twice"):
        attack([dataclasses.replace(one, tables=(whole, whole))])
    bad_cells = tuple(dataclasses.replace(cell, value=None) for cell in whole.cells)
    with pytest.raises(Malformed, match="a shown cell must have a value"):
        attack([dataclasses.replace(one, tables=(dataclasses.replace(whole, cells=bad_cells),))])
    overlapping = dimension("unit", "north south", covers={"south": "south north"})
    with pytest.raises(Malformed, match="values below “Total” overlap"):
        attack([release(table("t", [overlapping, KIND], FACTS, small()))])
    orphan: Dimension = dataclasses.replace(
        dimension("unit", "west north south", parents={"north": "west"}),
        covers={"west": frozenset("w"), "north": frozenset("n"), "south": frozenset("s")},
    )
    with pytest.raises(Malformed, match="“west” does not cover what is below it"):
        attack([release(table("t", [orphan, KIND], {}, small()))])


def test_sums_that_do_not_hold_name_the_table() -> None:
    (whole,) = published().tables
    cells = tuple(
        dataclasses.replace(cell, value=999) if cell.key == ("Total", "Total") else cell for cell in whole.cells
    )
    with pytest.raises(Contradiction, match="No numbers fit"):
        attack([dataclasses.replace(published(), tables=(dataclasses.replace(whole, cells=cells),))])


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "other/1"}', '{"format": "trim-statistics-attack/1"}'])
def test_what_is_no_report_is_refused(content: str) -> None:
    with pytest.raises(NotAReport):
        from_json(content)
