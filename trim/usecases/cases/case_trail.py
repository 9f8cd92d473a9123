"""The trail of a case in words: who looked, who changed what, and when; never what was said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.errors import NotFound
from trim.engine.wording import Text
from trim.store import accounts, chains
from trim.usecases.acting.standing import subject_of
from trim.usecases.perform import find
from trim.usecases.unit_of_work import UnitOfWork

PAGE = 50


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line: `what` is its code word, `label` the pack's words where it is an action of the pack."""

    number: int
    at: datetime
    by: str | None
    role: str | None
    what: str
    label: Text | None
    page: str
    to_state: Text | None
    #: The account that the line names, such as one that is kept away.
    about: str | None


@dataclass(frozen=True, slots=True)
class CaseTrail:
    """A page of the trail of a case, the newest first; `before` is where the next page goes on."""

    ref: str
    person: str
    lines: tuple[TrailLine, ...]
    before: int | None


def read_trail(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, before: int | None = None) -> CaseTrail:
    """The trail of a case, for those who oversee it. Raises NotFound, ConflictUnknown."""
    found = find(uow, actor, "case", ref, lock=False)
    case = found.case
    if case is None or "practitioner" in found.roles:
        raise NotFound
    chain = f"case:{case.id}"
    entries = chains.newest(uow.session, chain, before=before, limit=PAGE + 1)
    lines = [(entry, json.loads(entry.text)) for entry in entries[:PAGE]]
    about = {str(account) for _, line in lines if (account := _account(line))}
    names = accounts.names(uow.session, {entry.actor_id for entry, _ in lines} | about)
    uow.record(
        actor,
        now,
        "case.read",
        chain=chain,
        subject=chain,
        role=sorted(found.roles)[0],
        codes={"page": "history"},
    )
    return CaseTrail(
        ref=case.ref,
        person=subject_of(uow, case).name,
        lines=tuple(
            TrailLine(
                number=entry.number,
                at=entry.at,
                by=names.get(entry.actor_id),
                role=line.get("role"),
                what=entry.what,
                label=_label(found.pack, entry.what),
                page=str(line.get("codes", {}).get("page", "")),
                to_state=_state(found.pack, entry.what, line.get("codes", {})),
                about=names.get(_account(line) or ""),
            )
            for entry, line in lines
        ),
        before=entries[PAGE - 1].number if len(entries) > PAGE else None,
    )


def _account(line: dict[str, Any]) -> str | None:
    codes = line.get("codes", {})
    found = codes.get("account") or codes.get("practitioner")
    return str(found) if found else None


def _label(pack: Any, what: str) -> Text | None:
    kind, _, name = what.partition(".")
    lifecycle = pack.lifecycles.get(kind)
    action = lifecycle.actions.get(name) if lifecycle is not None else None
    return action.label if action is not None else None


def _state(pack: Any, what: str, codes: dict[str, Any]) -> Text | None:
    lifecycle = pack.lifecycles.get(what.partition(".")[0])
    if lifecycle is None or codes.get("from") == codes.get("to") or codes.get("to") not in lifecycle.states:
        return None
    label: Text = lifecycle.states[codes["to"]].label
    return label
