"""Private links to a case's own ledger, found by what a browser brings: the digest of a token or of a session."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from trim.store.tables import PrivateLink


def of_token(session: Session, token_digest: str, *, lock: bool = False) -> PrivateLink | None:
    """The link of a token, whatever became of it; locked until the transaction ends when a code is tried."""
    query = select(PrivateLink).where(col(PrivateLink.token_digest) == token_digest)
    return session.scalar(query.with_for_update() if lock else query)


def of_session(session: Session, session_digest: str) -> PrivateLink | None:
    """The link through which a session was opened; none once another code was given or the link was taken back."""
    return session.scalar(select(PrivateLink).where(col(PrivateLink.session_digest) == session_digest))


def of_case(session: Session, case_id: str, limit: int) -> list[PrivateLink]:
    """The links of a case, the newest first."""
    query = select(PrivateLink).where(col(PrivateLink.case_id) == case_id)
    return list(session.scalars(query.order_by(col(PrivateLink.made_at).desc(), col(PrivateLink.id)).limit(limit)))


def end_all(session: Session, case_id: str, now: datetime) -> int:
    """Stop every link of a case that still leads anywhere; gives how many."""
    query = select(PrivateLink).where(col(PrivateLink.case_id) == case_id, col(PrivateLink.ended_at).is_(None))
    rows = list(session.scalars(query.with_for_update()))
    for row in rows:
        end(session, row, now)
    return sum(row.expires_at > now for row in rows)


def end(session: Session, row: PrivateLink, now: datetime) -> None:
    """Stop one link, and whoever looks through it."""
    row.ended_at, row.session_digest = now, None
    session.add(row)
