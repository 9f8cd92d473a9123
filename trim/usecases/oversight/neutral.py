"""Entries of the trail as an auditor reads them: who did what kind of thing, when, on which opaque id, and no more.

The trail itself names the pack's actions (`case.raise_red_flag`, `case.record_decline`) and codes such as outcomes,
decisions and grounds. Whoever audits needs none of them to see that the rules were kept, and they say how somebody is:
so actions of a pack read alike here, and only codes of the list below are shown (CARE 14).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trim.domain.confidentiality import UNDERTAKINGS
from trim.domain.trail_kinds import TrailWord, Words
from trim.domain.trail_words import TRAIL_WORDS
from trim.store import packs
from trim.usecases.unit_of_work import UnitOfWork

#: Kinds of subjects that a pack has actions for.
SUBJECTS = ("case", "incident", "escalation", "referral", "agreed_step", *UNDERTAKINGS)
#: Kinds of chains whose codes may say how somebody is: an access request tells what is held, and why some stays out.
TELLING = (*SUBJECTS, "request", "undertaking")
#: What is read instead of the name of an action.
ACTION = ".action"
_ACTIONS = {
    "case": Words("Action on a case", "Action sur un dossier"),
    "incident": Words("Action on an incident", "Action sur un événement"),
    "escalation": Words("Action on a question for a coordinator", "Action sur une question à la coordination"),
    "referral": Words("Action on a referral", "Action sur une orientation"),
    "agreed_step": Words("Action on a step of a plan", "Action sur une étape d’un plan"),
    "group_session": Words("Action on a group session", "Action sur une séance de groupe"),
    "periodic_check": Words("Action on a periodic check", "Action sur un point régulier"),
    "pair": Words("Action on a pair", "Action sur un binôme"),
    "mediation": Words("Action on a mediation", "Action sur une médiation"),
}

#: Codes of entries about cases, incidents and access requests that say nothing of how anybody is.
TOLD = frozenset({"version", "document", "account", "practitioner", "people", "rows", "found", "due", "told", "until"})
#: Pages whose name says nothing either; others are read as "page".
PAGES = frozenset(
    {"case", "offer", "history", "incident", "sheet", "referral", "agreed_step", "assessment", "interview", "join"}
)


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry for reading: ids, code words, no content."""

    at: datetime
    chain: str
    number: int
    who: str
    role: str | None
    #: The code word, neutral; `words` says it in plain language where the catalogue knows it.
    what: str
    words: Words | None
    subject: str
    codes: tuple[tuple[str, str], ...]


def neutral_line(text: str, at: datetime, names: Mapping[str, str]) -> TrailLine:
    """An entry of the trail, its stored text given."""
    line = json.loads(text)
    what = neutral_word(line["what"])
    return TrailLine(
        at=at,
        chain=line["chain"],
        number=line["n"],
        who=names.get(line["actor"], line["actor"]),
        role=line.get("role"),
        what=what,
        words=plain_words(what),
        subject=line["subject"],
        codes=_codes(line),
    )


def neutral_word(what: str) -> str:
    """The code word as it is shown: an action of a pack says only what kind of thing it was done on."""
    return what if what in TRAIL_WORDS else what.partition(".")[0] + ACTION


def plain_words(what: str) -> Words | None:
    """A neutral code word in plain language."""
    known: TrailWord | None = TRAIL_WORDS.get(what)
    return known.words if known is not None else _ACTIONS.get(what.removesuffix(ACTION))


def stored_words(uow: UnitOfWork, shown: str) -> Collection[str]:
    """The code words of the trail that are shown as this one.

    None for a word that is never shown: asking for an action by its name would tell what the list hides.
    """
    if shown in TRAIL_WORDS:
        return [shown]
    kind = shown.removesuffix(ACTION)
    if not shown.endswith(ACTION) or kind not in SUBJECTS:
        return []
    return actions(uow, kind)


def actions(uow: UnitOfWork, kind: str, *, does: str | None = None, final: bool = False) -> list[str]:
    """Code words of the actions of a kind in all installed packs; those with an effect, or those that end it."""
    words = set()
    for version in packs.every_version(uow.session):
        lifecycle = uow.pack(version).lifecycles.get(kind)
        if lifecycle is None:
            continue
        for action in lifecycle.actions.values():
            ends = bool(action.to) and all(lifecycle.states[one.state].kind == "final" for one in action.to or ())
            if (does is None or does in action.does) and (ends or not final):
                words.add(f"{kind}.{action.name}")
    return sorted(words)


def _codes(line: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    codes: dict[str, Any] = line.get("codes", {})
    shown = [(name, value) for name, value in codes.items() if value not in (None, "", [], {})]
    if line["chain"].partition(":")[0] not in TELLING:
        return tuple((name, _told(value)) for name, value in shown)
    return tuple(
        (name, _page(value) if name == "page" else _told(value))
        for name, value in shown
        if name in TOLD or name == "page"
    )


def _page(name: str) -> str:
    return name if name in PAGES else "page"


def _told(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
