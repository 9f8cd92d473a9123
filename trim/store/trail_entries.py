"""Reads the trail for people: newest first, paged by key, each filter on an index."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlmodel import Session, col

from trim.store.tables import TrailEntry

#: Where a page goes on: instant, chain and number of the last entry shown.
Key = tuple[datetime, str, int]


def newest(
    session: Session,
    *,
    chain: str | None = None,
    kind: str | None = None,
    whats: Collection[str] | None = None,
    actor_id: str | None = None,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    before: Key | None = None,
    limit: int,
) -> list[TrailEntry]:
    """Entries, the newest first; `kind` is the beginning of a chain's name (case, incident, account, organisation)."""
    query = select(TrailEntry)
    if chain is not None:
        query = query.where(col(TrailEntry.chain) == chain)
    if kind is not None:
        query = query.where(col(TrailEntry.chain).like(f"{kind}%"))
    if whats is not None:
        query = query.where(col(TrailEntry.what).in_(list(whats)))
    if actor_id is not None:
        query = query.where(col(TrailEntry.actor_id) == actor_id)
    if from_at is not None:
        query = query.where(col(TrailEntry.at) >= from_at)
    if until_at is not None:
        query = query.where(col(TrailEntry.at) < until_at)
    key = (col(TrailEntry.at), col(TrailEntry.chain), col(TrailEntry.number))
    if before is not None:
        query = query.where(tuple_(*key) < before)
    return list(session.scalars(query.order_by(*(one.desc() for one in key)).limit(limit)))


def of_chain(session: Session, chain: str, whats: tuple[str, ...], limit: int) -> list[TrailEntry]:
    """The newest entries of one chain that are one of these words."""
    query = select(TrailEntry).where(col(TrailEntry.chain) == chain, col(TrailEntry.what).in_(whats))
    return list(session.scalars(query.order_by(col(TrailEntry.number).desc()).limit(limit)))
