"""Entries of the trail as lines of a history: who, when, on what, in words of catalogue and pack; never content."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trim.domain.access import PERSON, Actor, system_actor
from trim.domain.trail_kinds import Kind
from trim.domain.trail_words import TRAIL_WORDS
from trim.engine.wording import Text
from trim.store import accounts, histories
from trim.store.tables import TrailEntry
from trim.usecases.acting.ties import named
from trim.usecases.oversight.words import Words, words_of
from trim.usecases.unit_of_work import UnitOfWork

#: Who knocked without being signed in: at the sign-in, or at a private link.
STRANGERS = frozenset(system_actor(name).account_id for name in ("sign-in", "private-link"))
#: Kinds of subject with a reference that people read out.
WITH_REF = ("case", "incident", "escalation", "referral", "agreed_step")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry. With `ask` the reader must first say whether they lead the person: until then no more than a case."""

    at: datetime
    kind: Kind
    what: str
    by: str | None
    #: Who without an account: person, stranger, or system.
    otherwise: str
    role: str | None
    #: What an action of the pack says once it is done; None for a word of the catalogue.
    told: Text | None
    page: str
    #: The form of the pack that was opened.
    form: Text | None
    from_state: Text | None
    to_state: Text | None
    #: The account that the entry names, such as one that was asked or is kept away.
    about: str | None
    #: What it was about: kind and reference; None where it has been erased or has none.
    subject: tuple[str, str] | None
    ask: bool = False


def kind_of(what: str) -> Kind:
    """The kind of a code word; actions of a pack are changes."""
    word = TRAIL_WORDS.get(what)
    return word.kind if word is not None else Kind.CHANGE


def lines_of(
    uow: UnitOfWork,
    actor: Actor,
    entries: Sequence[TrailEntry],
    programmes: Collection[str],
    *,
    may_name: str | None = None,
) -> tuple[HistoryLine, ...]:
    """Entries as lines, in a constant number of queries.

    `may_name` is the chain whose case the reader has opened already; each other case is asked about (CARE 10).
    """
    read = [(entry, json.loads(entry.text)) for entry in entries]
    abouts = {account for _, line in read if (account := _account(line))}
    names = accounts.names(uow.session, {entry.actor_id for entry, _ in read} | abouts)
    ids = {entry.chain.removeprefix("case:") for entry, _ in read if entry.chain.startswith("case:")}
    ids.discard((may_name or "").removeprefix("case:"))
    asked = named(uow, actor, histories.cases_by_id(uow.session, ids)) if ids else {}
    unanswered = {f"case:{case_id}" for case_id, whose in asked.items() if whose.ask}
    words = words_of(uow, programmes)
    refs = _refs(uow, read)
    states = {kind: {name: one.label for name, one in words.states(kind).items()} for kind in WITH_REF}
    return tuple(_line(entry, line, names, words, states, refs, ask=entry.chain in unanswered) for entry, line in read)


def _line(
    entry: TrailEntry,
    line: Mapping[str, Any],
    names: Mapping[str, str],
    words: Words,
    states: Mapping[str, Mapping[str, Text]],
    refs: Mapping[tuple[str, str], str],
    *,
    ask: bool,
) -> HistoryLine:
    codes = line.get("codes", {})
    kind, _, name = entry.what.partition(".")
    action = words.action(kind, name) if entry.what not in TRAIL_WORDS else None
    moved = action is not None and codes.get("from") != codes.get("to")
    subject = _subject(entry.chain if ask else str(line["subject"]), entry.chain, refs)
    if ask:
        return HistoryLine(
            entry.at, kind_of(entry.what), "", None, "", None, None, "", None, None, None, None, subject, ask=True
        )
    page = str(codes.get("page") or "")
    if str(line["subject"]).startswith("list:"):
        page = str(line["subject"]).removeprefix("list:")
    return HistoryLine(
        at=entry.at,
        kind=kind_of(entry.what),
        what=entry.what,
        by=names.get(entry.actor_id),
        otherwise=_otherwise(entry.actor_id),
        role=line.get("role"),
        told=action.told if action is not None else None,
        page=page,
        form=_form(words, page),
        from_state=states.get(kind, {}).get(str(codes.get("from"))) if moved else None,
        to_state=states.get(kind, {}).get(str(codes.get("to"))) if moved else None,
        about=names.get(_account(line) or ""),
        subject=subject,
    )


def _otherwise(actor_id: str) -> str:
    if actor_id == PERSON:
        return "person"
    return "stranger" if actor_id in STRANGERS else "system"


def _form(words: Words, page: str) -> Text | None:
    kind, _, name = page.partition(".")
    if kind == "due" or not name:
        return None
    action = words.action("case" if kind == "interview" else kind, name)
    return action.label if action is not None else None


def _account(line: Mapping[str, Any]) -> str | None:
    codes = line.get("codes", {})
    found = codes.get("account") or codes.get("practitioner")
    return str(found) if found else None


def _refs(uow: UnitOfWork, read: Sequence[tuple[TrailEntry, Mapping[str, Any]]]) -> dict[tuple[str, str], str]:
    wanted: dict[str, set[str]] = {kind: set() for kind in WITH_REF}
    for entry, line in read:
        for place in (entry.chain, str(line["subject"])):
            kind, _, row_id = place.partition(":")
            if kind in wanted:
                wanted[kind].add(row_id)
    return {
        (kind, row_id): ref
        for kind, ids in wanted.items()
        for row_id, ref in histories.refs(uow.session, kind, ids).items()
    }


def _subject(subject: str, chain: str, refs: Mapping[tuple[str, str], str]) -> tuple[str, str] | None:
    for place in (subject, chain):
        kind, _, row_id = place.partition(":")
        if (kind, row_id) in refs:
            return kind, refs[kind, row_id]
    return None
