"""Why something without a case was taken further, in words: which rule and clock, what was sent, delivered or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trim.usecases.cases.case_file import DueStep
from trim.usecases.escalation.went_further import WentFurther
from trim.web.duration_words import duration_words
from trim.web.escalation_words import SentRow, StageRow, sent_rows, stage_rows


@dataclass(frozen=True, slots=True)
class FurtherRow:
    """One step as the page shows it; `after` is empty where the pack has no rule of it."""

    step: DueStep
    after: str
    acted: list[StageRow]
    sent: list[SentRow]


def further_rows(found: Iterable[WentFurther]) -> list[FurtherRow]:
    """Steps that went further, in the reader's language."""
    return [
        FurtherRow(
            step=one.step,
            after=duration_words(one.after) if one.after is not None else "",
            acted=stage_rows(one.stages),
            sent=sent_rows(one.sent),
        )
        for one in found
    ]
