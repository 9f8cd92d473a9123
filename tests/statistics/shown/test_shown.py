"""What pages draw from a release: places, rates, lines with gaps, comparison, a paragraph; reckoned by hand."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

from trim.statistics.model import UNIT, Cell, Dimension, Release, Rules, Table, Words
from trim.statistics.periods import Period
from trim.statistics.shown.charts import bars, comparable, trend
from trim.statistics.shown.compared import compare
from trim.statistics.shown.files import Face, heads, rows, sheet_heads, sheet_rows
from trim.statistics.shown.laid_out import lay_out, rates
from trim.statistics.shown.narrative import narrative, period_words, short_period
from trim.statistics.shown.numerals import numeral, signed
from trim.statistics.shown.reading import reading_lines

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
    layout = lay_out(SHOWN.tables[0])
    assert [(row.label.en, row.depth, row.is_total) for row in layout.rows] == [
        ("all", 0, False),
        ("north", 1, False),
        ("south", 1, False),
        ("Total", 0, True),
    ]


def test_rates_are_the_figure_for_a_hundred_people_and_none_where_it_is_hidden() -> None:
    found = rates(SHOWN, SHOWN.tables[0])
    assert [(one.label.en, one.depth, one.figure, one.people, one.rate) for one in found] == [
        ("all", 0, 30, 158, 19.0),
        ("north", 1, 13, 58, 22.4),
        ("south", 1, 17, 100, 17.0),
        ("Total", 0, 30, 158, 19.0),
    ]
    assert [one.rate for one in rates(GAP, GAP.tables[0])] == [None, None, 12.0, None]
    assert rates(LATER, LATER.tables[0]) == ()


KIND = Dimension(
    "kind",
    Words("Kind", "Nature"),
    ("fire", "HSE"),
    {"fire": frozenset({"fire"}), "HSE": frozenset({"HSE"})},
    {"fire": Words("Fire", "Incendie"), "HSE": Words("HSE scale", "HSE"), "Total": Words("All", "Total")},
)


def crossed() -> Release:
    """Units by kind, as most tables are: one figure of a unit for each kind, one for all."""
    cells = tuple(
        Cell((unit, kind), value, "shown" if value is not None else "suppressed")
        for unit in UNITS.with_total()
        for kind, value in (("Total", 1200), ("fire", 900), ("HSE", None))
    )
    table = Table("crossed", "crossed", Words("Crossed", "Croisé"), Words("d", "d"), (UNITS, KIND), cells)
    return dataclasses.replace(SHOWN, tables=(table,))


def test_a_table_of_two_directions_has_a_rate_for_each_unit_from_its_total() -> None:
    made = crossed()
    assert [(one.figure, one.rate) for one in rates(made, made.tables[0])][1] == (1200, 2069.0)
    heads = sheet_heads(made, made.tables[0], "en")
    assert heads == ["Unit", "Kind", "Status", "Number", "Head-count", "Per 100 people"]
    found = list(sheet_rows(made, made.tables[0], "en"))
    assert found[0] == ["Total", "All", "shown", 1200, 158, 759.5]
    # A part of a unit's figure has no head-count of its own: nobody counted who could have met a fire.
    assert found[1] == ["Total", "Fire", "shown", 900, None, None]
    assert found[2] == ["Total", "HSE scale", "hidden", None, None, None]
    bare = dataclasses.replace(made, headcounts={})
    assert sheet_heads(bare, made.tables[0], "en") == ["Unit", "Kind", "Status", "Number"]
    assert next(sheet_rows(bare, made.tables[0], "en")) == ["Total", "All", "shown", 1200]


def test_a_french_file_has_french_fractions_and_whole_numbers_that_can_be_reckoned_with() -> None:
    face = Face(at="", by="", number=1, digest="", released_at="")
    first = dict(zip(heads("fr"), next(rows(crossed(), face, "fr")), strict=True))
    assert (first["Nombre"], first["Effectif"], first["Pour 100 personnes"]) == ("1200", "158", "759,5")


def test_numbers_read_as_each_language_writes_them() -> None:
    assert [numeral(one, "en") for one in (0, 999, 1234, 1234567, 19.0)] == ["0", "999", "1,234", "1,234,567", "19.0"]
    assert [numeral(one, "fr") for one in (999, 1234, 22.4, 2069.0)] == ["999", "1\u202f234", "22,4", "2\u202f069,0"]
    assert [signed(one, "fr") for one in (5, 0, -1200)] == ["+5", "0", "\u22121\u202f200"]


def test_a_hidden_figure_has_no_bar_and_breaks_the_line() -> None:
    drawn = bars(GAP.tables[0])
    assert drawn is not None
    assert [(bar.value, bar.width) for bar in drawn.bars] == [(None, 0.0)]
    line = trend([SHOWN, GAP, LATER, LAST], "incidents")
    assert line is not None
    assert [point.value for point in line.points] == [30, None, 45, 40]
    assert [point.label.fr for point in line.points] == ["T1 2025", "T2 2025", "T3 2025", "T4 2025"]
    assert line.points[1].y is None
    [stroke] = line.strokes
    assert len(stroke.split()) == 2
    assert trend([SHOWN], "incidents") is None
    # 30, then 45, then 40: the number of the highest stands above its point, that of the last below, clear of the line.
    assert [(point.y or 0) > (point.value_y or 0) for point in line.points] == [True, False, True, False]


def test_many_releases_are_drawn_without_their_words_running_into_each_other() -> None:
    """The newest eight: a label of seven letters of 13 pixels needs some 46."""
    line = trend([SHOWN] * 12 + [LAST], "incidents")
    assert line is not None
    assert (len(line.points), line.points[-1].value) == (8, 40)
    places = [point.x for point in line.points]
    assert min(later - earlier for earlier, later in pairwise(places)) >= 46


def test_what_a_chart_of_bars_has_no_room_for_is_counted() -> None:
    many = tuple(f"kind{at}" for at in range(15))
    wide = dataclasses.replace(
        KIND,
        values=many,
        covers={one: frozenset({one}) for one in many},
        labels={one: Words(one, one) for one in (*many, "Total")},
    )
    cells = tuple(Cell((one,), 9, "shown") for one in wide.with_total())
    drawn = bars(Table("many", "many", Words("m", "m"), Words("d", "d"), (wide,), cells))
    assert drawn is not None
    assert (len(drawn.bars), drawn.left_out, drawn.direction.fr) == (12, 3, "Nature")
    assert max(bar.y for bar in drawn.bars) + drawn.thick <= drawn.height


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
    assert "In all: incidents, 45." in said
    assert "Rose most since the first quarter of 2025: incidents, all, from 30 to 45." in said
    assert "No figure is hidden." in said
    hidden = [one.en for one in narrative(GAP, SHOWN)]
    assert hidden[-1].startswith("3 of 4 figures are hidden. A figure of 1 to 7, or with fewer than 3 incidents")
    # A hidden figure neither rose nor fell, and nothing says by which rule it is hidden.
    assert not [one for one in hidden if "30" in one]
    french = " ".join(one.fr for one in narrative(LATER, SHOWN))
    assert "Plus fortes hausses depuis le premier trimestre 2025\u00a0: événements, total, de 30 à 45." in french


def test_a_table_of_its_sum_alone_says_that_it_is_so_on_purpose() -> None:
    """Of three tables one is empty, one is whole, one was put together until only its sum was left."""
    whole = SHOWN.tables[0]
    sums = [
        Table(name, name, Words(name, name), Words("d", "d"), (), (Cell((), value, "shown"),))
        for name, value in (("few", 12), ("none", 0))
    ]
    said = [one.fr for one in narrative(dataclasses.replace(SHOWN, tables=(whole, *sums)))]
    assert [one for one in said if "se limite au total" in one and "Sur 2 tableaux non vides, 1" in one]
    assert not [one for one in narrative(SHOWN) if "total only" in one.en]


def test_periods_read_as_people_say_them() -> None:
    assert period_words("2025-Q1", "2025-Q2").en == "the first half of 2025"
    assert period_words("2025-Q3", "2025-Q4").fr == "le second semestre 2025"
    assert period_words("2025-Q1", "2025-Q4").fr == "l’année 2025"
    assert short_period("2025-Q3", "2025-Q4") == Words("H2 2025", "S2 2025")
    assert short_period("2025-Q1", "2025-Q4").fr == "2025"


def test_how_to_read_speaks_of_hidden_figures_only_where_there_are_some_and_of_rates_only_where_they_are() -> None:
    said = dict(reading_lines(GAP, "en"))
    assert "A hidden figure" in said
    assert "for each 100 people" in said["Comparing units"]
    said = dict(reading_lines(LATER, "fr"))
    assert "Un chiffre masqué" not in said
    assert "classement" in said["Comparer des unités"]
