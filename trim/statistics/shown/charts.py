"""What a chart shows: bars of one table, lines over releases. Places are reckoned here, drawn by a template.

A hidden figure has no bar and no point; nothing is drawn between two points that do not stand beside each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trim.statistics.model import TOTAL, UNIT, Dimension, Release, Table, Words

WIDTH = 420
#: Room for labels to the left of bars, and for numbers to their right.
LEFT, RIGHT = 150, 44
BAR, GAP = 22, 12
#: Height and margins of a chart of lines.
HEIGHT, TOP, BOTTOM, SIDE = 220, 24, 44, 40
MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label and figure, None where it is hidden, and where it lies in the drawing (pixels)."""

    label: Words
    value: int | None
    y: int
    width: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars with the size of their drawing."""

    bars: tuple[Bar, ...]
    height: int
    width: int = WIDTH
    left: int = LEFT


@dataclass(frozen=True, slots=True)
class Point:
    """One figure over time; `y` None where it is hidden."""

    label: str
    value: int | None
    x: float
    y: float | None


@dataclass(frozen=True, slots=True)
class Lines:
    """Points over releases; `strokes` join those that stand beside each other."""

    points: tuple[Point, ...]
    strokes: tuple[str, ...]
    highest: int
    width: int = WIDTH
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
    values = drawn.children(drawn.total)[:MOST_BARS]
    figures = [(drawn.labels[value], _figure(table, drawn, value, unit)) for value in values]
    most = max([figure for _, figure in figures if figure is not None], default=0) or 1
    room = WIDTH - LEFT - RIGHT
    made = [
        Bar(label, figure, GAP + at * (BAR + GAP), round(room * (figure or 0) / most, 1))
        for at, (label, figure) in enumerate(figures)
    ]
    return Bars(tuple(made), GAP + len(made) * (BAR + GAP))


def trend(releases: Sequence[Release], name: str, labels: Sequence[str]) -> Lines | None:
    """The total of a table over releases of one length, the oldest first; None with fewer than two of them.

    `labels` are the words for each release. Only tables that count the same measure are put beside each other.
    """
    if len(releases) < 2:
        return None
    figures = [_total(release, name) for release in releases]
    highest = max([figure for figure in figures if figure is not None], default=0) or 1
    step = (WIDTH - 2 * SIDE) / (len(figures) - 1)
    room = HEIGHT - TOP - BOTTOM
    points = tuple(
        Point(
            label,
            figure,
            round(SIDE + at * step, 1),
            None if figure is None else round(TOP + room * (1 - figure / highest), 1),
        )
        for at, (label, figure) in enumerate(zip(labels, figures, strict=True))
    )
    return Lines(points, tuple(_strokes(points)), highest)


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


def _total(release: Release, name: str) -> int | None:
    table = release.table(name)
    return table.by_key()[tuple(one.total for one in table.dimensions)].value


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
