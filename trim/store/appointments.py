"""Appointments of a case, and the invitations that wait to leave."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from trim.store.tables import Appointment


def of_case(session: Session, case_id: str, *, state: str = "agreed", lock: bool = False) -> list[Appointment]:
    """The appointments of a case in a state, the first to come first; locked when they will be changed."""
    query = select(Appointment).where(col(Appointment.case_id) == case_id, col(Appointment.state) == state)
    query = query.order_by(col(Appointment.starts_at), col(Appointment.id))
    return list(session.scalars(query.with_for_update() if lock else query))


def one_of_case(session: Session, case_id: str, appointment_id: str) -> Appointment | None:
    """One appointment, if it is of that case."""
    row = session.get(Appointment, appointment_id)
    return row if row is not None and row.case_id == case_id else None


def claim_invitation(session: Session, *, now: datetime, until: datetime) -> Appointment | None:
    """The invitation that has waited longest, taken until an instant so that no other worker sends it too.

    The row is given apart from its session, with this try counted: how often it was tried says whose the claim is.
    Bookkeeping of the worker: what comes of it leaves its own line.
    """
    query = (
        select(Appointment)
        .where(col(Appointment.invite_after) <= now)
        .order_by(col(Appointment.invite_after), col(Appointment.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = session.scalar(query)
    if row is not None:
        session.connection().execute(
            update(Appointment)
            .where(col(Appointment.id) == row.id)
            .values(invite_after=until, invite_attempts=Appointment.invite_attempts + 1)
        )
        session.expunge(row)
        row.invite_attempts += 1
    return row


def wait_until(session: Session, claimed: Appointment, at: datetime) -> None:
    """Try an invitation again at an instant, unless the appointment has changed or another worker has claimed it."""
    session.connection().execute(
        update(Appointment)
        .where(
            col(Appointment.id) == claimed.id,
            col(Appointment.sequence) == claimed.sequence,
            col(Appointment.invite_attempts) == claimed.invite_attempts,
        )
        .values(invite_after=at)
    )
