"""Why an escalation reached somebody, in words: which stages acted, what was sent, what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from trim.delivery.words import UNKNOWN, WORDS
from trim.usecases.escalation.came_of import Happened, Sent
from trim.web.notices import failed_words


@dataclass(frozen=True, slots=True)
class SentRow:
    """One notice as the page shows it; `kind` colours what became of it."""

    words: str
    to: str
    made_at: datetime
    became: str
    kind: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage as the page shows it."""

    words: str
    wanted_at: datetime
    acted_at: datetime
    late: bool
    became: str


def sent_rows(sent: Iterable[Sent]) -> list[SentRow]:
    """Notices in the reader's language."""
    return [
        SentRow(
            words=str(_(WORDS.get(one.kind, UNKNOWN))),
            to=one.to,
            made_at=one.made_at,
            became=_became(one),
            kind={"sent": "good", "failed": "urgent"}.get(one.state, "plain"),
            urgent=one.urgent,
        )
        for one in sent
    ]


def _became(one: Sent) -> str:
    if one.state == "failed":
        return _("Not delivered: %(why)s", why=failed_words(one.because))
    return {
        "sent": _("Delivered"),
        "waiting": _("Waits to be sent"),
        "dropped": _("Not needed any more"),
    }.get(one.state, one.state)


#: How much later than its rule wanted it a stage may act without a word, in seconds.
PROMPT = 15 * 60


def stage_rows(stages: Iterable[Happened]) -> list[StageRow]:
    """Stages in the reader's language."""
    return [
        StageRow(
            words=stage_words(one.stage),
            wanted_at=one.wanted_at,
            acted_at=one.acted_at,
            late=(one.acted_at - one.wanted_at).total_seconds() > PROMPT,
            became=outcome_words(one),
        )
        for one in stages
    ]


def stage_words(stage: str) -> str:
    """Which rule acted."""
    return {
        "remind": _("Reminder before it was due"),
        "due": _("Reminder when it was due"),
        "overdue": _("Reminder once it was late"),
        "escalate": _("Taken to somebody else of the programme"),
        "further": _("Taken one step further up"),
        "look_again": _("Day to look at the pause again"),
        "unanswered": _("No answer in time: the next person was asked"),
        "undelivered": _("It could not be delivered: the next person was asked"),
        "answer_due": _("Reminder to whoever looks at it"),
        "nobody_left": _("Nobody was left to ask"),
    }.get(stage.partition(":")[0], stage)


def outcome_words(one: Happened) -> str:
    """What came of it: also where nobody was left to ask, those who hear of that."""
    if one.told:
        return _("Told: %(number)s", number=one.told)
    return {
        "overtaken": _("Not sent: the next one was due already"),
        "nobody": _("Nobody could be told"),
        "stood": _("It had been asked already"),
    }.get(one.outcome, _("Told: %(number)s", number=one.told))
