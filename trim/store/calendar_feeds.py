"""Private calendar addresses, found by the digest of what a client asks with, and what their calendars show."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from trim.store.tables import Appointment, CalendarFeed, SupportCase, TrailEntry


def of_token(session: Session, token_digest: str) -> CalendarFeed | None:
    """The feed of an address, whatever became of it."""
    return session.scalar(select(CalendarFeed).where(col(CalendarFeed.token_digest) == token_digest))


def of_account(session: Session, account_id: str, *, lock: bool = False) -> CalendarFeed | None:
    """The feed of an account that works, if it has one."""
    query = (
        select(CalendarFeed)
        .where(col(CalendarFeed.account_id) == account_id, col(CalendarFeed.ended_at).is_(None))
        .order_by(col(CalendarFeed.made_at).desc(), col(CalendarFeed.id))
        .limit(1)
    )
    return session.scalar(query.with_for_update() if lock else query)


def is_noted(session: Session, chain: str, what: str, since: datetime) -> bool:
    """Whether a chain has a line of that word since an instant."""
    query = select(col(TrailEntry.number)).where(
        col(TrailEntry.what) == what, col(TrailEntry.at) >= since, col(TrailEntry.chain) == chain
    )
    return session.scalar(query.limit(1)) is not None


def appointments_of(
    session: Session, account_id: str, *, since: datetime, limit: int
) -> list[tuple[Appointment, SupportCase]]:
    """Agreed and kept appointments in the cases that somebody supports, from an instant on, in their order."""
    query = (
        select(Appointment, SupportCase)
        .join(SupportCase, col(SupportCase.id) == col(Appointment.case_id))
        .where(
            col(SupportCase.practitioner_id) == account_id,
            col(Appointment.state).in_(("agreed", "kept")),
            col(Appointment.starts_at) >= since,
        )
        .order_by(col(Appointment.starts_at), col(Appointment.id))
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
