"""Cases of practitioners who have left or will: open, in the sight of a supervisor, paged by key."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_
from sqlmodel import Session, col

from trim.domain.roles import Role
from trim.store.conflicts import Sight, seen_by
from trim.store.tables import Account, RoleGrant, Step, SupportCase
from trim.store.worklists import Key


@dataclass(frozen=True, slots=True)
class LeftRow:
    """One case, and how many its list has in all."""

    case: SupportCase
    of_all: int


def unattended(
    session: Session, sight: Sight, *, states: Collection[str], now: datetime, after: Key | None = None, limit: int
) -> list[LeftRow]:
    """Open cases whose practitioner cannot see them any more, or that wait for an answer from somebody who cannot."""
    support, asked = col(SupportCase.practitioner_id), col(SupportCase.proposed_practitioner_id)
    left = or_(
        and_(support.is_not(None), ~_practises(support, now)),
        and_(asked.is_not(None), ~_practises(asked, now)),
    )
    return _page(session, sight, states, left, after, limit)


def of_practitioner(
    session: Session, sight: Sight, account_id: str, *, states: Collection[str], after: Key | None = None, limit: int
) -> list[LeftRow]:
    """Open cases that somebody supports or is asked to support."""
    theirs = or_(
        col(SupportCase.practitioner_id) == account_id, col(SupportCase.proposed_practitioner_id) == account_id
    )
    return _page(session, sight, states, theirs, after, limit)


def practising(session: Session, account_ids: Collection[str], programmes: Collection[str], now: datetime) -> set[str]:
    """Which of these accounts act as a practitioner of one of these programmes now."""
    if not account_ids:
        return set()
    query = select(Account.id).where(  # type: ignore[call-overload]
        col(Account.id).in_(sorted(account_ids)),
        exists(_grant(now).where(col(RoleGrant.account_id) == col(Account.id), _of(programmes))),
        col(Account.active).is_(True),
    )
    return set(session.scalars(query))


def open_steps(session: Session, case_ids: Collection[str]) -> dict[str, list[Step]]:
    """What is due in each of these cases and beside them, the next first."""
    found: dict[str, list[Step]] = {}
    if not case_ids:
        return found
    query = select(Step).where(col(Step.case_id).in_(sorted(case_ids)), col(Step.state) == "open")
    for step in session.scalars(query.order_by(col(Step.due_at), col(Step.id))):
        found.setdefault(step.case_id or "", []).append(step)
    return found


def _practises(account_id: Any, now: datetime) -> ColumnElement[bool]:
    """Whether the account of that column acts as a practitioner of the case's programme: what `standing` asks."""
    return exists(
        _grant(now)
        .join(Account, col(Account.id) == col(RoleGrant.account_id))
        .where(
            col(RoleGrant.account_id) == account_id,
            col(RoleGrant.programme) == col(SupportCase.programme),
            col(Account.active).is_(True),
        )
        .correlate(SupportCase)
    )


def _grant(now: datetime) -> Any:
    return select(RoleGrant.id).where(  # type: ignore[call-overload]
        col(RoleGrant.role) == Role.PRACTITIONER.value,
        col(RoleGrant.confirmed_at) <= now,
        col(RoleGrant.from_at) <= now,
        or_(col(RoleGrant.until_at).is_(None), col(RoleGrant.until_at) > now),
    )


def _of(programmes: Collection[str]) -> ColumnElement[bool]:
    return col(RoleGrant.programme).in_(sorted(programmes))


def _page(
    session: Session,
    sight: Sight,
    states: Collection[str],
    which: ColumnElement[bool],
    after: Key | None,
    limit: int,
) -> list[LeftRow]:
    # Counted before the page is cut off, in the same question.
    query = select(SupportCase, func.count().over()).where(
        col(SupportCase.state).in_(list(states)), which, *seen_by(sight)
    )
    if after is not None:
        query = query.where(tuple_(col(SupportCase.opened_at), col(SupportCase.id)) > after)
    rows = session.execute(query.order_by(col(SupportCase.opened_at), col(SupportCase.id)).limit(limit))
    return [LeftRow(row[0], row[1]) for row in rows]
