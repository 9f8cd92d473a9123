"""Figures of a release, counted by hand."""

from __future__ import annotations

from tests.statistics.plain import OPEN, W, cube, declaration, release, row, shown
from trim.statistics.counts import Count, Unit
from trim.statistics.declaration import Declaration, DimensionDeclared, Measure, TableDeclared
from trim.statistics.model import Rules

NORTH = Unit("north", "North", "top", 100)
EAST = Unit("east", "East", "top", 100)
UNITS = (Unit("top", "Top"), NORTH, EAST, Unit("n1", "N1", "north", 50), Unit("n2", "N2", "north", 50))


def test_margins_and_branches_of_the_tree_are_the_sums_of_the_facts():
    rows = cube({("n1", "a"): 20, ("n1", "b"): 30, ("n2", "a"): 40, ("north", "b"): 9, ("east", "a"): 50})
    found = shown(release(rows, declaration(("unit", "incident_kind")), units=UNITS))
    assert found == {
        ("Total", "Total"): 149,
        ("Total", "a"): 110,
        ("Total", "b"): 39,
        ("east", "Total"): 50,
        ("east", "a"): 50,
        ("east", "b"): 0,
        ("north", "Total"): 99,
        ("north", "a"): 60,
        ("north", "b"): 39,
        ("north:itself", "Total"): 9,
        ("north:itself", "a"): 0,
        ("north:itself", "b"): 9,
        ("n1", "Total"): 50,
        ("n1", "a"): 20,
        ("n1", "b"): 30,
        ("n2", "Total"): 40,
        ("n2", "a"): 40,
        ("n2", "b"): 0,
    }


def test_only_the_quarters_the_programme_and_the_kind_asked_for_are_counted():
    rows = [row(30), row(11, "2025-Q2"), row(17, "2024-Q4"), Count("2025-Q1", "fact", "u", "straw", persons=99)]
    rows.append(Count("2025-Q1", "other_fact", "u", "trim", persons=99))
    assert shown(release(rows, declaration(("unit",)))) == {("Total",): 30, ("u",): 30}
    assert shown(release(rows, declaration(("unit",)), "2025-Q1", "2025-Q2"))["Total",] == 41


def test_facts_that_take_others_back_are_subtracted():
    tables = Declaration(
        {},
        {"m": Measure("m", W, frozenset({"fact"}), frozenset({"fact_taken_back"}))},
        (TableDeclared("t1", "m", W, W, True, ()),),
    )
    rows = [row(30), Count("2025-Q1", "fact_taken_back", "u", "trim", persons=4)]
    assert shown(release(rows, tables))["u",] == 26


def test_a_category_is_told_by_its_part_and_a_strange_word_counts_as_not_stated():
    band = DimensionDeclared("band", W, "category", 2, {"low": W, "high": W})
    tables = Declaration(
        {"band": band}, {"m": Measure("m", W, frozenset({"fact"}))}, (TableDeclared("t1", "m", W, W, False, ("band",)),)
    )
    rows = [row(30, category="first:low"), row(20, category="follow_up:low"), row(15, category="first:red")]
    rows.append(row(12, category="first"))
    rows.append(row(40, category="first:high"))
    assert shown(release(rows, tables)) == {("Total",): 117, ("low",): 50, ("high",): 40, ("not_stated",): 27}


def test_one_to_seven_are_hidden_and_never_alone():
    found = shown(release(cube({("x", "a"): 7, ("x", "b"): 20, ("y", "a"): 30, ("y", "b"): 40}),
                          declaration(("unit", "incident_kind"))))  # fmt: skip
    assert {key for key, value in found.items() if value is None} == {("x", "a"), ("x", "b"), ("y", "a"), ("y", "b")}
    assert found["Total", "Total"] == 97


def test_eight_are_shown():
    rows = cube({("x", "a"): 8, ("x", "b"): 20, ("y", "a"): 30, ("y", "b"): 40})
    assert None not in shown(release(rows, declaration(("unit", "incident_kind")))).values()


def test_thresholds_of_five_and_ten():
    rows = cube({("x", "a"): 8, ("x", "b"): 20, ("y", "a"): 30, ("y", "b"): 40})
    by = declaration(("unit", "incident_kind"))
    assert None not in shown(release(rows, by, rules=Rules(5, 1, 3, most_hidden=100, least_headcount=0))).values()
    ten = shown(release(rows, by, rules=Rules(10, 1, 3, most_hidden=100, least_headcount=0)))
    assert ten["x", "a"] is None


def test_figures_with_fewer_than_three_incidents_behind_them_are_hidden_however_large():
    rules = Rules(least_headcount=0, most_hidden=100)
    by = declaration(("incident_kind",))

    def some(kind: str, persons: int, marks: int) -> Count:
        return Count("2025-Q1", "fact", "u", "trim", incident_kind=kind, persons=persons, incidents=1, marks=marks)

    two = [some("a", 40, 0b1), some("a", 40, 0b10), some("b", 50, 0b111), some("c", 60, 0b1011)]
    found = shown(release(two, by, rules=rules))
    assert found["a",] is None
    assert found["Total",] == 190
    three = [some("a", 40, 0b1), some("a", 40, 0b10), some("a", 1, 0b100), *two[2:]]
    assert shown(release(three, by, rules=rules))["a",] == 81


def test_people_whom_no_incident_brought_need_none_behind_them():
    rows = [Count("2025-Q1", "fact", "u", "trim", incident_kind=kind, persons=40, incidents=0) for kind in "ab"]
    found = shown(release(rows, declaration(("incident_kind",)), rules=Rules(most_hidden=100)))
    assert found == {("Total",): 80, ("a",): 40, ("b",): 40}


def test_everybody_of_a_unit_in_one_place_is_not_told_and_neither_are_the_zeros_that_would_tell():
    rows = [row(n, unit=u, category=c) for u, c, n in [("x", "no", 12), ("y", "no", 20), ("y", "yes", 40),
                                                       ("z", "no", 30), ("z", "yes", 25)]]  # fmt: skip
    answer = DimensionDeclared("answer", W, "category", values={"yes": W, "no": W})
    tables = Declaration(
        {"answer": answer},
        {"m": Measure("m", W, frozenset({"fact"}), sensitive=True)},
        (TableDeclared("t1", "m", W, W, True, ("answer",)),),
    )
    made = release(rows, tables)
    assert shown(made)["x", "no"] is None
    assert shown(made)["x", "yes"] is None
    assert not made.tables[0].zeros_shown


def test_a_unit_of_few_people_has_no_row_of_its_own():
    units = (Unit("a", "A", None, 5), Unit("b", "B", None, 40), Unit("c", "C", None, 40))
    rows = [row(30, unit="a"), row(40, unit="b"), row(50, unit="c")]
    made = release(rows, declaration(("unit",)), units=units, rules=Rules(incidents=1))
    unit = made.tables[0].dimensions[0]
    assert "a" not in unit.values
    assert [sorted(unit.covers[value]) for value in unit.values] == [["c"], ["a", "b"]]
    assert made.headcount(unit, "other") == 45


def test_no_figure_above_the_headcount_is_thought_possible_and_that_everybody_was_counted_is_hidden():
    units = (Unit("a", "A", None, 30), Unit("b", "B", None, 40), Unit("c", "C", None, 60))
    rows = [row(30, unit="a"), row(20, unit="b"), row(25, unit="c")]
    made = release(rows, declaration(("unit",), within_headcount=True), units=units)
    assert made.tables[0].within_headcount
    assert shown(made)["a",] is None


def test_nothing_at_all_is_one_zero():
    made = release([], declaration(("unit", "incident_kind")), rules=OPEN)
    assert [(cell.key, cell.value) for cell in made.tables[0].cells] == [((), 0)]
