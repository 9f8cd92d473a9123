"""What a chart shows: bars of one table, lines over releases. Places are reckoned here, drawn by a template.

A hidden figure has no bar and no point; nothing is drawn between two points that do not stand beside each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trim.statistics.model import TOTAL, UNIT, Dimension, Release, Table, Words
from trim.statistics.shown.narrative import short_period

#: Narrow enough that a telephone shows it in its own size; sizes in pixels of that.
WIDTH = 360
#: Room for numbers to the right of bars.
RIGHT = 64
#: A bar lies under its label: beside it, long words of a pack would have to be cut off.
LABEL, BAR, GAP = 20, 18, 12
#: Width, height and margins of a chart of lines.
LINES, HEIGHT, TOP, BOTTOM, SIDE = 400, 220, 28, 56, 26
#: The height of a line of words.
LINE = 20
MOST_BARS = 12
#: So many of the newest releases stand beside each other before their words run into each other.
MOST_POINTS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label and figure (None: hidden), where both stand, and how long it is (pixels)."""

    label: Words
    value: int | None
    label_y: int
    y: int
    width: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars with the direction that they show, how many of its values had no room, and the size of their drawing."""

    direction: Words
    bars: tuple[Bar, ...]
    left_out: int
    height: int
    width: int = WIDTH
    thick: int = BAR


@dataclass(frozen=True, slots=True)
class Point:
    """One figure over time; `y` None where it is hidden. `value_y` is where its number stands, clear of the line."""

    label: Words
    value: int | None
    x: float
    y: float | None
    value_y: float | None


@dataclass(frozen=True, slots=True)
class Lines:
    """Points over releases; `strokes` join those that stand beside each other."""

    points: tuple[Point, ...]
    strokes: tuple[str, ...]
    highest: int
    width: int = LINES
    height: int = HEIGHT
    base: int = HEIGHT - BOTTOM
    top: int = TOP
    side: int = SIDE


def bars(table: Table, unit: str = TOTAL) -> Bars | None:
    """Bars of the first direction that is not the tree of units, for one unit or all; else of the units at the top.

    None where a table has no direction to draw.
    """
    drawn = next((one for one in table.dimensions if one.name != UNIT), None) or table.dimension(UNIT)
    if drawn is None:
        return None
    values = drawn.children(drawn.total)
    figures = [(drawn.labels[value], _figure(table, drawn, value, unit)) for value in values[:MOST_BARS]]
    most = max([figure for _, figure in figures if figure is not None], default=0) or 1
    each = LABEL + BAR + GAP
    made = [
        Bar(label, figure, at * each + LABEL - 6, at * each + LABEL, round((WIDTH - RIGHT) * (figure or 0) / most, 1))
        for at, (label, figure) in enumerate(figures)
    ]
    return Bars(drawn.label, tuple(made), len(values) - len(made), len(made) * each)


def trend(releases: Sequence[Release], name: str) -> Lines | None:
    """The total of a table over releases of one length, the oldest first; None with fewer than two of them.

    Only tables that count the same measure are put beside each other (`comparable`). Only the newest are drawn.
    """
    if len(releases) < 2:
        return None
    releases = releases[-MOST_POINTS:]
    labels = [short_period(one.period.first, one.period.last) for one in releases]
    figures = [release.table(name).total for release in releases]
    highest = max([figure for figure in figures if figure is not None], default=0) or 1
    step = (LINES - 2 * SIDE) / (len(figures) - 1)
    room = HEIGHT - TOP - BOTTOM
    heights = [None if one is None else round(TOP + room * (1 - one / highest), 1) for one in figures]
    points = tuple(
        Point(label, figure, round(SIDE + at * step, 1), heights[at], _value_y(heights, at))
        for at, (label, figure) in enumerate(zip(labels, figures, strict=True))
    )
    under = LINE if all(" " not in one.en for one in labels) else 0
    return Lines(points, tuple(_strokes(points)), highest, height=HEIGHT - under)


def _value_y(heights: Sequence[float | None], at: int) -> float | None:
    """Above a point, but below it where the line comes down to it from its neighbours and there is room."""
    own = heights[at]
    if own is None:
        return None
    beside = [one for one in (*heights[max(at - 1, 0) : at], *heights[at + 1 : at + 2]) if one is not None]
    below = own + LINE
    # Places are counted from the top: what is smaller stands higher.
    comes_down = bool(beside) and sum(beside) / len(beside) < own
    return below if comes_down and below < HEIGHT - BOTTOM - 4 else own - 10


def comparable(releases: Sequence[Release], like: Release, table: Table) -> list[Release]:
    """The releases of the same length of period that hold a table of this name and measure."""
    found = []
    for one in releases:
        same = [other for other in one.tables if (other.name, other.measure) == (table.name, table.measure)]
        if same and one.period.kind == like.period.kind and one.programmes == like.programmes:
            found.append(one)
    return found


def _figure(table: Table, drawn: Dimension, value: str, unit: str) -> int | None:
    key = tuple(
        value if one is drawn else unit if one.name == UNIT and drawn.name != UNIT else one.total
        for one in table.dimensions
    )
    return table.by_key()[key].value


def _strokes(points: Sequence[Point]) -> list[str]:
    found: list[str] = []
    run: list[str] = []
    for point in (*points, None):
        if point is not None and point.y is not None:
            run.append(f"{point.x},{point.y}")
            continue
        if len(run) > 1:
            found.append(" ".join(run))
        run = []
    return found
