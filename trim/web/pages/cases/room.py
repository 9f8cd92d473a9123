"""The blueprint of the pages about one case, and the words that templates about cases may call."""

from __future__ import annotations

from flask import Blueprint

from trim.web import case_words

bp = Blueprint("cases", __name__)

bp.add_app_template_filter(case_words.said, "said")
bp.add_app_template_filter(case_words.moved_words, "moved_words")
for _function in (
    case_words.anchor_words,
    case_words.came_words,
    case_words.assumption_words,
    case_words.event_title,
    case_words.level_words,
    case_words.level_kind,
    case_words.next_first,
    case_words.obstacles_words,
    case_words.repetition_words,
    case_words.score_words,
):
    bp.add_app_template_global(_function)
