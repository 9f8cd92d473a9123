"""The auditor reads the trail: who did what when, without content; reading it is itself in the trail."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from trim.audit import trail
from trim.domain.access import Actor, Can
from trim.domain.calendar import end_of_day, start_of_day
from trim.domain.errors import Forbidden
from trim.store import accounts, trail_entries
from trim.usecases.unit_of_work import UnitOfWork

PAGE = 50
#: The kinds of chains.
KINDS = ("case", "incident", "account", "organisation")
#: What somebody sees of their own chain: how they came and went.
OWN = ("sign_in.succeeded", "sign_in.failed", "sign_in.locked", "sign_in.ended", "password.changed")


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which entries; None leaves a part open. `day` is a day in the organisation's zone."""

    kind: str | None = None
    what: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry for reading: ids, code words, no content."""

    at: datetime
    chain: str
    number: int
    who: str
    role: str | None
    what: str
    subject: str
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TrailPage:
    """A page of entries, the newest first; `before` says where the next one goes on, None at the end."""

    lines: tuple[TrailLine, ...]
    before: str | None


def read_trail(
    uow: UnitOfWork, actor: Actor, *, now: datetime, wanted: TrailFilter, before: str | None = None
) -> TrailPage:
    """A page of the trail. Raises Forbidden. A key that cannot be read begins at the newest."""
    if not actor.can(Can.SEE_TRAIL):
        raise Forbidden
    zone = uow.organisation.zone
    found = trail_entries.newest(
        uow.session,
        kind=wanted.kind if wanted.kind in KINDS else None,
        what=wanted.what or None,
        from_at=start_of_day(wanted.day, zone) if wanted.day else None,
        until_at=end_of_day(wanted.day, zone) if wanted.day else None,
        before=_key(before),
        limit=PAGE + 1,
    )
    page = found[:PAGE]
    names = accounts.names(uow.session, (one.actor_id for one in page))
    uow.record(
        actor,
        now,
        "trail.read",
        chain=trail.account_chain(actor.account_id),
        subject="trail",
        codes={
            "kind": wanted.kind if wanted.kind in KINDS else None,
            "what": (wanted.what or "")[:64] or None,
            "day": wanted.day.isoformat() if wanted.day else None,
            "entries": len(page),
        },
    )
    last = page[-1] if len(found) > PAGE else None
    return TrailPage(
        tuple(_line(one.text, one.at, names) for one in page),
        f"{last.at.isoformat()}|{last.chain}|{last.number}" if last else None,
    )


def own_sign_ins(uow: UnitOfWork, actor: Actor, *, limit: int = 10) -> tuple[TrailLine, ...]:
    """How somebody themselves came and went, the newest first: a sign-in they do not know is a warning."""
    found = trail_entries.of_chain(uow.session, trail.account_chain(actor.account_id), OWN, limit)
    return tuple(_line(one.text, one.at, {}) for one in found)


def _line(text: str, at: datetime, names: dict[str, str]) -> TrailLine:
    line = json.loads(text)
    codes = line.get("codes", {})
    return TrailLine(
        at=at,
        chain=line["chain"],
        number=line["n"],
        who=names.get(line["actor"], line["actor"]),
        role=line.get("role"),
        what=line["what"],
        subject=line["subject"],
        codes=tuple((name, _words(value)) for name, value in codes.items() if value not in (None, "", [], {})),
    )


def _words(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _key(text: str | None) -> trail_entries.Key | None:
    try:
        at, chain, number = (text or "").split("|")
        instant = datetime.fromisoformat(at)
        return (instant, chain, int(number)) if instant.tzinfo else None
    except ValueError:
        return None
