"""One chain of the trail, read by its number: the primary key, however long the trail is."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session, col

from trim.store.tables import TrailEntry


def newest(session: Session, chain: str, *, before: int | None = None, limit: int) -> list[TrailEntry]:
    """Entries of a chain, the newest first, those below a number when one is given."""
    query = select(TrailEntry).where(col(TrailEntry.chain) == chain)
    if before is not None:
        query = query.where(col(TrailEntry.number) < before)
    return list(session.scalars(query.order_by(col(TrailEntry.number).desc()).limit(limit)))
