"""Refused attempts by day: who was refused what, how often. One who tries a door fifty times is one row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from trim.domain.access import Actor
from trim.domain.trail_kinds import Kind, Words
from trim.domain.trail_words import TRAIL_WORDS
from trim.domain.watch import Pattern, Span
from trim.store import accounts, trail_refusals
from trim.usecases.oversight.read_trail import note_looked, require_auditor, words_of_kinds
from trim.usecases.unit_of_work import UnitOfWork

PAGE = 50
#: Failures to sign in: of other kinds than refusals, and already grouped when they are written.
SIGN_INS = ("sign_in.failed", "sign_in.locked", "sign_in.source_locked")


@dataclass(frozen=True, slots=True)
class Refused:
    """One row. `account_id` is empty for an address that belongs to nobody."""

    day: date
    account_id: str
    who: str
    what: str
    words: Words | None
    subject: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """A page of rows, the newest day first; `after` says where the next one goes on, None at the end."""

    rows: tuple[Refused, ...]
    after: str | None


def read_refusals(uow: UnitOfWork, actor: Actor, *, now: datetime, span: Span, after: str | None = None) -> RefusedPage:
    """A page of refused attempts within some days. Raises Forbidden. A key that cannot be read begins at the newest."""
    require_auditor(actor)
    windows = uow.organisation.watch.windows(Pattern.MANY_REFUSALS, span, uow.organisation.zone)
    words = [*words_of_kinds([Kind.REFUSAL]), *SIGN_INS]
    found = trail_refusals.refusals(uow.session, windows, words=words, after=_key(after), limit=PAGE + 1)
    page = found[:PAGE]
    ids = {one.chain.partition(":")[2] for one in page}
    names = accounts.names(uow.session, ids)
    note_looked(uow, actor, now, "refused", span, len(page))
    last = page[-1] if len(found) > PAGE else None
    return RefusedPage(
        tuple(_row(one, names) for one in page),
        "|".join((last.day.isoformat(), last.chain, last.what, last.subject)) if last else None,
    )


def _row(one: trail_refusals.Group, names: dict[str, str]) -> Refused:
    account_id = one.chain.partition(":")[2]
    return Refused(
        day=one.day,
        account_id=account_id if account_id in names else "",
        who=names.get(account_id, ""),
        what=one.what,
        words=TRAIL_WORDS[one.what].words if one.what in TRAIL_WORDS else None,
        subject=one.subject.partition(":")[2] if one.subject.startswith("page:") else "",
        times=one.times,
        last_at=one.last_at,
    )


def _key(text: str | None) -> trail_refusals.Key | None:
    try:
        day, chain, what, subject = (text or "").split("|")
        return date.fromisoformat(day), chain, what, subject
    except ValueError:
        return None
