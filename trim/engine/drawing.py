"""Lays out states and arrows as SVG: open states in one column, ends in a second, arrows in lanes beside them."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from html import escape
from typing import Final

BOX_WIDTH: Final = 240
LEAST_HEIGHT: Final = 44
GAP: Final = 30
LANE: Final = 20
PORT: Final = 20
MARGIN: Final = 24
LINE: Final = 20
INK: Final = "#1d2b36"
QUIET: Final = "#5b6b78"
FILLS: Final = {"waiting": "#fff4d6", "active": "#e3f0fb", "final": "#eceff1"}


@dataclass(frozen=True, slots=True)
class Arrow:
    """One action from some states to one target; arrows of one action bear the same number."""

    number: int
    label: str
    sources: tuple[str, ...]
    target: str
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is drawn; a state is its name, its label and its kind."""

    name: str
    title: str
    states: tuple[tuple[str, str, str], ...]
    initial: str
    current: str | None
    arrows: tuple[Arrow, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Box:
    name: str
    lines: list[str]
    kind: str
    column: int
    x: float = 0
    y: float = 0
    height: float = LEAST_HEIGHT
    ports: dict[str, list[int]] = field(default_factory=lambda: {"left": [], "right": []})

    def port_y(self, side: str, arrow: int) -> float:
        """Give the height at which an arrow meets this side."""
        ports = self.ports[side]
        return self.y + self.height * (ports.index(arrow) + 1) / (len(ports) + 1)


def draw(picture: Picture) -> str:
    """Give the picture as one SVG element."""
    boxes = {
        name: _Box(name, textwrap.wrap(label, 28), kind, 1 if kind == "final" else 0)
        for name, label, kind in picture.states
    }
    rows = [name for name in boxes if boxes[name].column == 0]
    straight = {index for index, arrow in enumerate(picture.arrows) if _is_straight(arrow, rows)}
    sides = {
        index: "right" if boxes[arrow.target].column or any(boxes[one].column for one in arrow.sources) else "left"
        for index, arrow in enumerate(picture.arrows)
        if index not in straight
    }
    _give_ports(picture, boxes, sides)
    _stack(boxes)
    lanes = _lanes(picture, boxes, sides)
    left, right = (1 + max((lanes[i] for i in lanes if sides[i] == side), default=-1) for side in ("left", "right"))
    first_x = MARGIN + left * LANE + LANE
    second_x = first_x + BOX_WIDTH + (right + 2) * LANE
    for box in boxes.values():
        box.x = second_x if box.column else first_x
    drawn = [_box(box, picture) for box in boxes.values()]
    badges = []
    for index, arrow in enumerate(picture.arrows):
        if index in straight:
            line, badge = _straight(arrow, boxes)
        else:
            line, badge = _bent(index, arrow, boxes, sides[index], lanes[index], first_x)
        drawn.append(line)
        badges.append(badge)
    bottom = max(box.y + box.height for box in boxes.values()) + GAP
    has_ends = any(box.column for box in boxes.values())
    width = (second_x if has_ends else first_x) + BOX_WIDTH + MARGIN
    drawn += badges  # After every line, so that none runs through a number.
    legend, height = _legend(picture, bottom, width)
    return _frame(picture, drawn + legend, width, height)


def _is_straight(arrow: Arrow, rows: list[str]) -> bool:
    """Say whether the arrow leads just from one box to the one below."""
    if len(arrow.sources) != 1 or arrow.sources[0] not in rows or arrow.target not in rows:
        return False
    return rows.index(arrow.target) == rows.index(arrow.sources[0]) + 1


def _give_ports(picture: Picture, boxes: dict[str, _Box], sides: dict[int, str]) -> None:
    for index, side in sides.items():
        arrow = picture.arrows[index]
        for name in (*arrow.sources, arrow.target):
            box = boxes[name]
            # Ends stand to the right of the lanes, so arrows meet them on their left.
            box.ports["left" if box.column else side].append(index)
    for box in boxes.values():
        most = max(len(ports) for ports in box.ports.values())
        box.height = max(LEAST_HEIGHT, (most + 1) * PORT, 16 + LINE * len(box.lines))


def _stack(boxes: dict[str, _Box]) -> None:
    for column in (0, 1):
        # The second column stands a little lower, so that lines meeting both columns seldom lie on each other.
        y = float(MARGIN + 9 * column)
        for box in boxes.values():
            if box.column == column:
                box.y = y
                y += box.height + GAP


def _meets(box: _Box, side: str, index: int) -> float:
    return box.port_y("left" if box.column else side, index)


def _lanes(picture: Picture, boxes: dict[str, _Box], sides: dict[int, str]) -> dict[int, int]:
    """Give each bent arrow a lane of its own where others run; the shorter lie nearer to the boxes."""
    spans = {}
    for index, side in sides.items():
        arrow = picture.arrows[index]
        heights = [_meets(boxes[name], side, index) for name in (*arrow.sources, arrow.target)]
        spans[index] = (min(heights), max(heights))
    lanes: dict[int, int] = {}
    for index in sorted(spans, key=lambda one: (spans[one][1] - spans[one][0], one)):
        low, high = spans[index]
        taken = {
            lanes[other]
            for other in lanes
            if sides[other] == sides[index] and spans[other][0] - 8 < high and low - 8 < spans[other][1]
        }
        lanes[index] = next(lane for lane in range(len(spans) + 1) if lane not in taken)
    return lanes


def _box(box: _Box, picture: Picture) -> str:
    current = box.name == picture.current
    width = 3.5 if current else 2.5 if box.name == picture.initial else 1.2
    middle = box.y + box.height / 2 - LINE * (len(box.lines) - 1) / 2 + 5
    words = "".join(
        f'<text x="{_n(box.x + BOX_WIDTH / 2)}" y="{_n(middle + LINE * number)}" text-anchor="middle" '
        f'fill="{INK}">{escape(line)}</text>'
        for number, line in enumerate(box.lines)
    )
    return (
        f'<g class="state state-{box.kind}{" state-current" if current else ""}">'
        f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{BOX_WIDTH}" height="{_n(box.height)}" '
        f'rx="{20 if box.kind == "final" else 6}" fill="{FILLS[box.kind]}" stroke="{INK}" stroke-width="{width}"/>'
        f"{words}</g>"
    )


def _straight(arrow: Arrow, boxes: dict[str, _Box]) -> tuple[str, str]:
    source, target = boxes[arrow.sources[0]], boxes[arrow.target]
    x, y = source.x + BOX_WIDTH / 2, source.y + source.height
    line = f'<path d="M{_n(x)} {_n(y)}V{_n(target.y - 7)}" {_stroke(arrow)}/>'
    head = f'<path d="M{_n(x - 5)} {_n(target.y - 8)}h10l-5 8z" fill="{_ink(arrow)}"/>'
    return f'<g class="arrow">{line}{head}</g>', _badge(arrow.number, x + 14, (y + target.y) / 2)


def _bent(index: int, arrow: Arrow, boxes: dict[str, _Box], side: str, lane: int, first_x: float) -> tuple[str, str]:
    edge = first_x if side == "left" else first_x + BOX_WIDTH
    x = edge - LANE * (lane + 1.2) if side == "left" else edge + LANE * (lane + 1.2)
    parts = []
    heights = []
    for name in (*arrow.sources, arrow.target):
        box = boxes[name]
        y = _meets(box, side, index)
        heights.append(y)
        end = box.x if box.column or side == "left" else box.x + BOX_WIDTH
        if name != arrow.target:
            parts.append(f"M{_n(end)} {_n(y)}H{_n(x)}")
            continue
        back = -8 if end > x else 8
        parts.append(f"M{_n(x)} {_n(y)}H{_n(end + back)}")
        head = f"M{_n(end + back)} {_n(y - 5)}v10l{-back} -5z"
        badge = _badge(arrow.number, x, y)
    parts.append(f"M{_n(x)} {_n(min(heights))}V{_n(max(heights))}")
    line = f'<g class="arrow"><path d="{"".join(parts)}" {_stroke(arrow)}/><path d="{head}" fill="{_ink(arrow)}"/></g>'
    return line, badge


def _badge(number: int, x: float, y: float) -> str:
    return (
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="9" fill="#ffffff" stroke="{QUIET}"/>'
        f'<text x="{_n(x)}" y="{_n(y + 4)}" font-size="11" text-anchor="middle" fill="{INK}">{number}</text>'
    )


def _legend(picture: Picture, top: float, width: float) -> tuple[list[str], float]:
    """Write what each number means in two columns, then the notes, and give the height of it all."""
    drawn = []
    labels = {arrow.number: arrow.label for arrow in picture.arrows}
    half = (len(labels) + 1) // 2
    column = (width - 2 * MARGIN) / 2
    y = top + 10
    for index, (number, label) in enumerate(labels.items()):
        across, down = divmod(index, half)
        x = MARGIN + across * column
        drawn.append(_badge(number, x + 9, y + down * 24 - 4))
        drawn.append(f'<text x="{_n(x + 26)}" y="{_n(y + down * 24)}" fill="{INK}">{escape(label)}</text>')
    y += half * 24 + 6
    for note in picture.notes:
        for line in textwrap.wrap(note, int((width - 2 * MARGIN) / 7)):
            drawn.append(f'<text x="{MARGIN}" y="{_n(y)}" fill="{QUIET}">{escape(line)}</text>')
            y += LINE
    return drawn, y + MARGIN / 2


def _frame(picture: Picture, drawn: list[str], width: float, height: float) -> str:
    ident = f"way-of-{picture.name}"
    labels = {name: label for name, label, _ in picture.states}
    words = " ".join(
        f"{arrow.label}: {', '.join(labels[one] for one in arrow.sources)} → {labels[arrow.target]}."
        for arrow in picture.arrows
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" '
        f'height="{_n(height)}" role="img" aria-labelledby="{ident}-title {ident}-words" '
        'font-family="system-ui, sans-serif" font-size="14">\n'
        f'<title id="{ident}-title">{escape(picture.title)}</title>\n'
        f'<desc id="{ident}-words">{escape(words)}</desc>\n'
        f'<rect width="{_n(width)}" height="{_n(height)}" fill="#ffffff"/>\n' + "\n".join(drawn) + "\n</svg>\n"
    )


def _stroke(arrow: Arrow) -> str:
    return f'fill="none" stroke="{_ink(arrow)}" stroke-width="1.4"'


def _ink(arrow: Arrow) -> str:
    return "#b3261e" if arrow.danger else QUIET


def _n(value: float) -> str:
    """Write a number without a needless decimal, so that pictures can be compared."""
    return f"{value:.1f}".removesuffix(".0")
