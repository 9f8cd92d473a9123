"""The auditor reads the trail: who did what when, without content; reading it is itself in the trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from trim.audit import trail
from trim.domain.access import Actor, Can
from trim.domain.calendar import end_of_day, start_of_day
from trim.domain.errors import Forbidden
from trim.domain.trail_kinds import Kind
from trim.domain.trail_words import TRAIL_WORDS
from trim.domain.watch import Span
from trim.store import accounts, trail_entries
from trim.store.tables import TrailEntry
from trim.usecases.oversight.history import key_of_text
from trim.usecases.oversight.neutral import TrailLine, neutral_line, stored_words
from trim.usecases.unit_of_work import UnitOfWork

PAGE = 50
#: The kinds of chains.
KINDS = ("case", "incident", "account", "organisation")
#: What somebody sees of their own chain: how they came and went.
OWN = ("sign_in.succeeded", "sign_in.failed", "sign_in.locked", "sign_in.ended", "password.changed")

#: Lists of the trail that have a page of their own, with the kinds of entries that they show.
LISTS: Mapping[str, tuple[Kind, ...]] = {
    "break_glass": (Kind.BREAK_GLASS,),
    "exports": (Kind.EXPORT, Kind.DOCUMENT, Kind.STATISTICS),
}


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which entries; None leaves a part open. `day` is a day in the organisation's zone, `who` the id of an account."""

    kind: str | None = None
    what: str | None = None
    day: date | None = None
    who: str | None = None


@dataclass(frozen=True, slots=True)
class TrailPage:
    """A page of entries, the newest first; `before` says where the next one goes on, None at the end."""

    lines: tuple[TrailLine, ...]
    before: str | None
    #: The name of the account that was asked for.
    who: str | None = None


def read_trail(
    uow: UnitOfWork, actor: Actor, *, now: datetime, wanted: TrailFilter, before: str | None = None
) -> TrailPage:
    """A page of the trail. Raises Forbidden. A key that cannot be read begins at the newest."""
    require_auditor(actor)
    zone = uow.organisation.zone
    found = trail_entries.newest(
        uow.session,
        kind=wanted.kind if wanted.kind in KINDS else None,
        whats=stored_words(uow, wanted.what) if wanted.what else None,
        actor_id=wanted.who,
        from_at=start_of_day(wanted.day, zone) if wanted.day else None,
        until_at=end_of_day(wanted.day, zone) if wanted.day else None,
        before=key_of_text(before),
        limit=PAGE + 1,
    )
    page = _page(uow, found, wanted.who)
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
            "who": (wanted.who or "")[:64] or None,
            "entries": len(page.lines),
        },
    )
    return page


def read_list(
    uow: UnitOfWork, actor: Actor, *, now: datetime, name: str, span: Span, before: str | None = None
) -> TrailPage:
    """A page of one of LISTS within some days. Raises Forbidden, KeyError for a list that there is not."""
    require_auditor(actor)
    zone = uow.organisation.zone
    found = trail_entries.newest(
        uow.session,
        whats=words_of_kinds(LISTS[name]),
        from_at=start_of_day(span.first, zone),
        until_at=end_of_day(span.last, zone),
        before=key_of_text(before),
        limit=PAGE + 1,
    )
    page = _page(uow, found)
    note_looked(uow, actor, now, name, span, len(page.lines))
    return page


def own_sign_ins(uow: UnitOfWork, actor: Actor, *, limit: int = 10) -> tuple[TrailLine, ...]:
    """How somebody themselves came and went, the newest first: a sign-in they do not know is a warning."""
    found = trail_entries.of_chain(uow.session, trail.account_chain(actor.account_id), OWN, limit)
    return tuple(neutral_line(one.text, one.at, {}) for one in found)


def require_auditor(actor: Actor) -> None:
    """Raises Forbidden for whoever may not see the trail."""
    if not actor.can(Can.SEE_TRAIL):
        raise Forbidden


def words_of_kinds(kinds: Collection[Kind]) -> list[str]:
    """Every code word of these kinds."""
    return sorted(word for word, known in TRAIL_WORDS.items() if known.kind in kinds)


def note_looked(uow: UnitOfWork, actor: Actor, now: datetime, name: str, span: Span, rows: int) -> None:
    """One line for a list that the auditor looked at."""
    uow.record(
        actor,
        now,
        "trail.read",
        chain=trail.account_chain(actor.account_id),
        subject="trail",
        codes={"list": name, "first": span.first.isoformat(), "last": span.last.isoformat(), "entries": rows},
    )


def _page(uow: UnitOfWork, found: list[TrailEntry], who: str | None = None) -> TrailPage:
    page = found[:PAGE]
    names = accounts.names(uow.session, {one.actor_id for one in page} | ({who} if who else set()))
    last = page[-1] if len(found) > PAGE else None
    return TrailPage(
        tuple(neutral_line(one.text, one.at, names) for one in page),
        f"{last.at.isoformat()}|{last.chain}|{last.number}" if last else None,
        names.get(who, who) if who else None,
    )
