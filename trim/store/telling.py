"""How people want to be told, when they are away, and notices that did not reach them: rows, read and changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlmodel import Session, col

from trim.store.tables import Account, DutyTurn, HowTold, Leave, Notice, RoleGrant


def how_told(session: Session, account_id: str, *, lock: bool = False) -> HowTold | None:
    """An account's wishes; None while it has set nothing."""
    query = select(HowTold).where(col(HowTold.account_id) == account_id)
    return session.scalar(query.with_for_update() if lock else query)


def leave(session: Session, leave_id: str) -> Leave | None:
    """One leave, locked."""
    return session.get(Leave, leave_id, with_for_update=True)


def has_turn_within(session: Session, account_id: str, from_at: datetime, until_at: datetime) -> bool:
    """Whether an account is on duty at some moment of a span."""
    query = select(col(DutyTurn.id)).where(
        col(DutyTurn.account_id) == account_id, col(DutyTurn.from_at) < until_at, col(DutyTurn.until_at) > from_at
    )
    return session.scalar(query.limit(1)) is not None


def away_on(session: Session, account_ids: Collection[str], day: date) -> set[str]:
    """Which of these accounts' holders are away on a day."""
    query = select(col(Leave.account_id)).where(
        col(Leave.account_id).in_(account_ids), col(Leave.from_on) <= day, col(Leave.until_on) >= day
    )
    return set(session.scalars(query)) if account_ids else set()


def undelivered(
    session: Session, *, unit_ids: Collection[str] | None, after: tuple[datetime, str] | None, limit: int
) -> list[tuple[Notice, Account]]:
    """Notices that could not be delivered and of which nobody took note, the newest first.

    `unit_ids`: only those to people who hold, or held, a role over one of these units; None: all. `after`: the place of
    the last row shown.
    """
    query = (
        select(Notice, Account)
        .join(Account, col(Account.id) == col(Notice.recipient_id))
        .where(col(Notice.state) == "failed", col(Notice.seen_at).is_(None))
        .order_by(col(Notice.settled_at).desc(), col(Notice.id).desc())
        .limit(limit)
    )
    if unit_ids is not None:
        query = query.where(_within(unit_ids))
    if after is not None:
        query = query.where(tuple_(col(Notice.settled_at), col(Notice.id)) < after)
    return [(row[0], row[1]) for row in session.execute(query)]


def count_undelivered(session: Session, *, unit_ids: Collection[str] | None) -> int:
    """How many notices reached nobody and were not taken note of."""
    query = select(func.count()).where(col(Notice.state) == "failed", col(Notice.seen_at).is_(None))
    if unit_ids is not None:
        query = query.where(_within(unit_ids))
    return int(session.scalar(query) or 0)


def failed_notice(session: Session, notice_id: str, *, unit_ids: Collection[str] | None) -> Notice | None:
    """One notice that could not be delivered, locked; None where it is not one of these units'."""
    query = select(Notice).where(col(Notice.id) == notice_id, col(Notice.state) == "failed")
    if unit_ids is not None:
        query = query.where(_within(unit_ids))
    return session.scalar(query.with_for_update())


def notice_to(session: Session, notice_id: str, account_id: str) -> Notice | None:
    """A notice to an account; None where it is somebody else's."""
    found = session.get(Notice, notice_id)
    return found if found is not None and found.recipient_id == account_id else None


def _within(unit_ids: Collection[str]) -> ColumnElement[bool]:
    holders = select(col(RoleGrant.account_id)).where(col(RoleGrant.unit_id).in_(unit_ids))
    return col(Notice.recipient_id).in_(holders)
