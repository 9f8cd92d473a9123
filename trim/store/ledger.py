"""What the trail says about one case: its own chain, and the lines of other chains that named it among others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from trim.store.tables import TrailEntry, TrailSubject


def about(session: Session, subject: str, *, before: datetime | None, limit: int) -> list[TrailEntry]:
    """Entries about `subject` (such as `case:<id>`, which names its chain as well), the newest first.

    Two questions, each on its own index, put together here: one with OR would read the whole trail.
    """
    own = select(TrailEntry).where(col(TrailEntry.chain) == subject)
    named = (
        select(TrailEntry)
        .join(
            TrailSubject,
            (col(TrailSubject.chain) == col(TrailEntry.chain)) & (col(TrailSubject.number) == col(TrailEntry.number)),
        )
        .where(col(TrailSubject.subject) == subject, col(TrailEntry.chain) != subject)
    )
    key = (col(TrailEntry.at), col(TrailEntry.chain), col(TrailEntry.number))
    found: list[TrailEntry] = []
    for query in (own, named):
        if before is not None:
            query = query.where(col(TrailEntry.at) < before)
        found += session.scalars(query.order_by(*(one.desc() for one in key)).limit(limit))
    return sorted(found, key=lambda entry: (entry.at, entry.chain, entry.number), reverse=True)[:limit]
