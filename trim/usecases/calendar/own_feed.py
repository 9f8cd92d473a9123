"""A practitioner's private calendar address: made anew, taken back; shown once and kept as a digest alone."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from trim.audit import trail
from trim.domain.access import Actor, Can
from trim.domain.errors import Forbidden
from trim.store import calendar_feeds
from trim.store.tables import CalendarFeed
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class OwnFeed:
    """Whether there is an address, and since when."""

    made_at: datetime | None


def own_feed(uow: UnitOfWork, actor: Actor) -> OwnFeed:
    """The actor's own address, of which nobody can say more than when it was made. Raises Forbidden."""
    _require(actor)
    row = calendar_feeds.of_account(uow.session, actor.account_id)
    return OwnFeed(row.made_at if row is not None else None)


def make_feed(uow: UnitOfWork, actor: Actor, *, now: datetime) -> str:
    """Make an address and give its secret part, once; an earlier one stops working. Raises Forbidden."""
    _require(actor)
    replaced = _end(uow, actor, now)
    token = secrets.token_urlsafe(32)
    row = CalendarFeed(id=uow.new_id(), account_id=actor.account_id, token_digest=token_digest(uow, token), made_at=now)
    uow.session.add(row)
    _record(uow, actor, now, "feed.made", feed=row.id, replaced=replaced)
    return token


def end_feed(uow: UnitOfWork, actor: Actor, *, now: datetime) -> None:
    """Take the address back: whoever has it finds nothing from now on. Raises Forbidden."""
    _require(actor)
    ended = _end(uow, actor, now)
    if ended:
        _record(uow, actor, now, "feed.ended", feed=ended)


def token_digest(uow: UnitOfWork, token: str) -> str:
    """What is kept of an address."""
    return uow.vault.blind_index("calendar feed", token)


def _require(actor: Actor) -> None:
    if not actor.can(Can.WORK_OWN_CASES):
        raise Forbidden


def _end(uow: UnitOfWork, actor: Actor, now: datetime) -> str:
    row = calendar_feeds.of_account(uow.session, actor.account_id, lock=True)
    if row is None:
        return ""
    row.ended_at = now
    uow.session.add(row)
    return row.id


def _record(uow: UnitOfWork, actor: Actor, now: datetime, what: str, **codes: str) -> None:
    chain = trail.account_chain(actor.account_id)
    uow.record(actor, now, what, chain=chain, subject=chain, codes=dict(codes))
