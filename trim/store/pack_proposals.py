"""Versions of packs that wait for a second person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from trim.domain.errors import NotFound
from trim.store.tables import PackProposal


def load(session: Session, proposal_id: str, *, to_decide: bool = False) -> PackProposal:
    """One proposal, kept from others until the end of the transaction when it is `to_decide`. Raises NotFound."""
    found: PackProposal | None = session.get(PackProposal, proposal_id, with_for_update=to_decide)
    if found is None:
        raise NotFound
    return found


def waiting(session: Session) -> list[PackProposal]:
    """The proposals that nobody has decided, by name; of each name there is one at most."""
    query = select(PackProposal).where(col(PackProposal.decided_at).is_(None)).order_by(col(PackProposal.name))
    return list(session.scalars(query))


def decided(session: Session, limit: int) -> list[PackProposal]:
    """The newest that were decided."""
    query = select(PackProposal).where(col(PackProposal.decided_at).is_not(None))
    return list(session.scalars(query.order_by(col(PackProposal.decided_at).desc(), col(PackProposal.id)).limit(limit)))


def replace_waiting(session: Session, name: str, *, by: str, now: datetime) -> None:
    """A newer proposal of the same name takes the place of the one that waits."""
    session.execute(
        update(PackProposal)
        .where(col(PackProposal.name) == name, col(PackProposal.decided_at).is_(None))
        .values(decided_at=now, decided_by=by, outcome="replaced")
    )
