"""Openings by break-glass: who sees which case for hours, and what the person is not told yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlmodel import Session, col

from trim.store.tables import BreakGlass, SupportCase


def in_force(now: datetime) -> ColumnElement[bool]:
    """The condition under which an opening gives sight at `now`."""
    return and_(col(BreakGlass.opened_at) <= now, col(BreakGlass.until_at) > now, col(BreakGlass.ended_at).is_(None))


def cases_open_to(session: Session, account_id: str, now: datetime) -> frozenset[str]:
    """Ids of the cases that an account has opened and still sees."""
    query = select(BreakGlass.case_id).where(col(BreakGlass.account_id) == account_id, in_force(now))  # type: ignore[call-overload]
    return frozenset(session.scalars(query))


def of_account(session: Session, account_id: str, now: datetime) -> list[tuple[BreakGlass, SupportCase]]:
    """What an account has opened and still sees, the one that ends first before the others."""
    query = (
        select(BreakGlass, SupportCase)
        .join(SupportCase, col(SupportCase.id) == col(BreakGlass.case_id))
        .where(col(BreakGlass.account_id) == account_id, in_force(now))
        .order_by(col(BreakGlass.until_at), col(BreakGlass.id))
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def of_case(session: Session, case_id: str, limit: int = 20) -> list[BreakGlass]:
    """The openings of a case, the newest first."""
    query = select(BreakGlass).where(col(BreakGlass.case_id) == case_id)
    order = (col(BreakGlass.opened_at).desc(), col(BreakGlass.id))
    return list(session.scalars(query.order_by(*order).limit(limit)))


def untold(session: Session, case_id: str, now: datetime) -> list[BreakGlass]:
    """The openings of a case of which the person is not told yet (CARE 15)."""
    query = select(BreakGlass).where(
        col(BreakGlass.case_id) == case_id,
        col(BreakGlass.told_after) > now,
        col(BreakGlass.delay_ended_at).is_(None),
    )
    return list(session.scalars(query.order_by(col(BreakGlass.opened_at), col(BreakGlass.id))))


def locked(session: Session, case_id: str, opening_id: str) -> BreakGlass | None:
    """One opening of a case, locked until the transaction ends."""
    query = select(BreakGlass).where(col(BreakGlass.id) == opening_id, col(BreakGlass.case_id) == case_id)
    return session.scalar(query.with_for_update())
