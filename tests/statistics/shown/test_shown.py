"""What pages draw from a release: places, rates, lines with gaps, comparison, a paragraph; reckoned by hand."""

from __future__ import annotations

from trim.statistics.model import UNIT, Cell, Dimension, Release, Rules, Table, Words
from trim.statistics.periods import Period
from trim.statistics.shown.charts import bars, comparable, trend
from trim.statistics.shown.compared import compare
from trim.statistics.shown.laid_out import lay_out
from trim.statistics.shown.narrative import narrative, period_words

UNITS = Dimension(
    UNIT,
    Words("Unit", "Unité"),
    ("all", "north", "south"),
    {"all": frozenset({"a", "n", "s"}), "north": frozenset({"n"}), "south": frozenset({"s"})},
    {one: Words(one, one) for one in ("all", "north", "south", "Total")},
    {"north": "all", "south": "all"},
)


def release(number: int, quarter: str, figures: dict[str, int | None], people: dict[str, int] | None = None) -> Release:
    cells = tuple(Cell((key,), value, "shown" if value is not None else "suppressed") for key, value in figures.items())
    table = Table("incidents", "incidents", Words("Incidents", "Événements"), Words("d", "d"), (UNITS,), cells)
    return Release(number, Period(quarter, quarter), ("trim",), Rules(), (table,), headcounts=people or {})


SHOWN = release(1, "2025-Q1", {"Total": 30, "all": 30, "north": 13, "south": 17}, {"a": 0, "n": 58, "s": 100})
GAP = release(2, "2025-Q2", {"Total": None, "all": None, "north": None, "south": 12}, {"a": 0, "n": 58, "s": 100})
LATER = release(3, "2025-Q3", {"Total": 45, "all": 45, "north": 20, "south": 25})
LAST = release(4, "2025-Q4", {"Total": 40, "all": 40, "north": 9, "south": 31})


def test_a_tree_is_laid_out_with_children_below_their_parent_and_the_total_last() -> None:
    layout = lay_out(SHOWN, SHOWN.tables[0])
    assert [(row.label.en, row.depth, row.is_total) for row in layout.rows] == [
        ("all", 0, False),
        ("north", 1, False),
        ("south", 1, False),
        ("Total", 0, True),
    ]


def test_rates_are_the_figure_for_a_hundred_people_and_none_where_it_is_hidden() -> None:
    rates = [row.places[0].rate for row in lay_out(SHOWN, SHOWN.tables[0]).rows]
    assert rates == [19.0, 22.4, 17.0, 19.0]
    assert [row.places[0].rate for row in lay_out(GAP, GAP.tables[0]).rows] == [None, None, 12.0, None]
    assert not lay_out(LATER, LATER.tables[0]).has_rates


def test_a_hidden_figure_has_no_bar_and_breaks_the_line() -> None:
    drawn = bars(GAP.tables[0])
    assert drawn is not None
    assert [(bar.value, bar.width) for bar in drawn.bars] == [(None, 0.0)]
    line = trend([SHOWN, GAP, LATER, LAST], "incidents", ["1", "2", "3", "4"])
    assert line is not None
    assert [point.value for point in line.points] == [30, None, 45, 40]
    assert line.points[1].y is None
    [stroke] = line.strokes
    assert len(stroke.split()) == 2
    assert trend([SHOWN], "incidents", ["1"]) is None


def test_only_periods_of_one_length_are_put_beside_each_other() -> None:
    year = Release(5, Period("2024-Q1", "2024-Q4"), ("trim",), Rules(), SHOWN.tables)
    assert comparable([year, SHOWN, GAP], GAP, GAP.tables[0]) == [SHOWN, GAP]


def test_a_difference_needs_both_figures() -> None:
    [table] = compare(SHOWN, GAP)
    assert [(line.before, line.after, line.difference) for line in table.lines] == [(30, None, None)]
    [table] = compare(LATER, LAST)
    assert [line.difference for line in table.lines] == [-5]


def test_the_paragraph_tells_what_rose_and_that_figures_are_hidden() -> None:
    said = " ".join(one.en for one in narrative(LATER, SHOWN))
    assert "the third quarter of 2025" in said
    assert "Rose most since the first quarter of 2025: Incidents, All: 30 → 45." in said
    assert "No figure is hidden." in said
    hidden = [one.en for one in narrative(GAP, SHOWN)]
    assert hidden[-1].startswith("3 of 4 figures are hidden. A figure of 1 to 7 people")
    # A hidden figure neither rose nor fell, and nothing says by which rule it is hidden.
    assert not [one for one in hidden if "30" in one]
    french = " ".join(one.fr for one in narrative(LATER, SHOWN))
    assert "Plus fortes hausses depuis le premier trimestre 2025" in french


def test_periods_read_as_people_say_them() -> None:
    assert period_words("2025-Q1", "2025-Q2").en == "the first half of 2025"
    assert period_words("2025-Q3", "2025-Q4").fr == "le second semestre 2025"
    assert period_words("2025-Q1", "2025-Q4").fr == "l’année 2025"
