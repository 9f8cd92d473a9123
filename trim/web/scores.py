"""Scores as rows that the macros in `templates/macros/score.html` draw."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from trim.engine.definition import PREFERRED_NOT_TO_ANSWER, Instrument, Item
from trim.engine.scoring import Change, Score
from trim.web.i18n import language


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One item: its points now and, beside an earlier interview, before; None is no answer, its words say why."""

    label: str
    most: int
    changeable: bool
    later: int | None
    later_words: str
    earlier: int | None = None
    earlier_words: str = ""
    difference: int | None = None
    status: str = ""


def score_rows(
    instrument: Instrument, later: Score, *, earlier: Score | None = None, change: Change | None = None
) -> list[ScoreRow]:
    """The items of the later score in the instrument's order, with the earlier score beside them.

    Items that only the earlier interview asked (those that cannot change) follow, so that nothing seems lost.
    `instrument` must hold the words of every item of both: hand in the fuller one of the two.
    """
    now = {one.item: one for one in later.contributions}
    before = {one.item: one for one in earlier.contributions} if earlier else {}
    changes = {one.item: one for one in change.items} if change else {}
    rows = []
    for item in instrument.scored_items():
        if item.name not in now and item.name not in before:
            continue
        moved = changes.get(item.name)
        current, previous = now.get(item.name), before.get(item.name)
        # An item that was not asked again keeps its earlier points, marked as carried over (CARE 6).
        carried = current is None or (moved is not None and moved.status == "carried")
        shown = moved.later if moved and carried else (current.points if current else None)
        rows.append(
            ScoreRow(
                label=item.label.of(language()),
                most=item.most,
                changeable=item.changeable,
                later=shown,
                later_words=_words(item, shown, current.answer if current else ""),
                earlier=previous.points if previous else None,
                earlier_words=_words(item, previous.points, previous.answer) if previous else "",
                difference=moved.difference if moved else None,
                status=moved.status if moved else "",
            )
        )
    return rows


def _words(item: Item, points: int | None, answer: str) -> str:
    """The anchor of the points in words, or why there are none."""
    if points is None:
        return _("Preferred not to answer") if answer == PREFERRED_NOT_TO_ANSWER else _("Not asked")
    return next((anchor.label.of(language()) for anchor in item.anchors if anchor.value == points), "")
