"""Group sessions, periodic checks, pairs and mediations, and the people in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select, tuple_
from sqlmodel import Session, col

from trim.domain.errors import NotFound
from trim.store.tables import (
    ActionRecord,
    Incident,
    IncidentReader,
    Step,
    Undertaking,
    UndertakingGoal,
    UndertakingLeader,
    UndertakingMeeting,
    UndertakingParty,
)

#: A place in a list: the instant it is ordered by, and the row's id.
Key = tuple[datetime, str]


def load(session: Session, ref: str, *, lock: bool = False) -> Undertaking:
    """The one of that reference, of whatever kind. Raises NotFound."""
    query = select(Undertaking).where(col(Undertaking.ref) == ref)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound
    return row


def leaders(session: Session, undertaking_id: str) -> list[UndertakingLeader]:
    """Who leads it, the first named first."""
    query = select(UndertakingLeader).where(col(UndertakingLeader.undertaking_id) == undertaking_id)
    return list(session.scalars(query.order_by(col(UndertakingLeader.since), col(UndertakingLeader.id))))


def parties(session: Session, undertaking_id: str) -> list[UndertakingParty]:
    """Who takes part, the first named first."""
    query = select(UndertakingParty).where(col(UndertakingParty.undertaking_id) == undertaking_id)
    return list(session.scalars(query.order_by(col(UndertakingParty.named_at), col(UndertakingParty.id))))


def meetings(session: Session, undertaking_id: str) -> list[UndertakingMeeting]:
    """Meetings that were held, the earliest first."""
    query = select(UndertakingMeeting).where(col(UndertakingMeeting.undertaking_id) == undertaking_id)
    return list(session.scalars(query.order_by(col(UndertakingMeeting.held_at), col(UndertakingMeeting.id))))


def goals(session: Session, undertaking_id: str) -> list[UndertakingGoal]:
    """Goals in the order in which they were set."""
    query = select(UndertakingGoal).where(col(UndertakingGoal.undertaking_id) == undertaking_id)
    return list(session.scalars(query.order_by(col(UndertakingGoal.number))))


def records(session: Session, undertaking_id: str) -> list[ActionRecord]:
    """Everything that was done on it, in order."""
    query = select(ActionRecord).where(col(ActionRecord.subject_id) == undertaking_id)
    return list(session.scalars(query.order_by(col(ActionRecord.done_at), col(ActionRecord.version))))


def of_person(session: Session, person_index: str) -> list[tuple[UndertakingParty, Undertaking]]:
    """Everything in which a person takes part, the newest first."""
    rows = session.execute(
        select(UndertakingParty, Undertaking)
        .join(Undertaking, col(Undertaking.id) == col(UndertakingParty.undertaking_id))
        .where(col(UndertakingParty.person_index) == person_index)
        .order_by(col(Undertaking.opened_at).desc())
    )
    return [(row[0], row[1]) for row in rows]


def of_incident(session: Session, incident_id: str) -> list[Undertaking]:
    """Sessions about an incident, the earliest first."""
    query = select(Undertaking).where(col(Undertaking.incident_id) == incident_id)
    return list(session.scalars(query.order_by(col(Undertaking.opened_at), col(Undertaking.id))))


def seen(
    account_id: str, units: Mapping[str, Collection[str]], programmes: Collection[str], own_index: str | None
) -> ColumnElement[bool]:
    """Those that an account leads, or oversees in these units by programme: the rule of `standing` as a condition.

    `programmes` are those in which the account holds a role of the programme; `own_index` is whose person it is.
    """
    leads = (
        select(UndertakingLeader.id)  # type: ignore[call-overload]
        .where(
            col(UndertakingLeader.undertaking_id) == col(Undertaking.id),
            col(UndertakingLeader.account_id) == account_id,
        )
        .exists()
    )
    named = (
        select(IncidentReader.id)  # type: ignore[call-overload]
        .where(
            col(IncidentReader.incident_id) == col(Undertaking.incident_id),
            col(IncidentReader.account_id) == account_id,
        )
        .exists()
    )
    restricted = (
        select(Incident.id)  # type: ignore[call-overload]
        .where(col(Incident.id) == col(Undertaking.incident_id), col(Incident.restricted).is_(True))
        .exists()
    )
    oversees = [
        and_(col(Undertaking.programme) == programme, col(Undertaking.unit_id).in_(sorted(covered)))
        for programme, covered in sorted(units.items())
    ]
    mine = or_(
        and_(leads, col(Undertaking.programme).in_(sorted(programmes))),
        and_(or_(*oversees) if oversees else false(), or_(~restricted, named)),
    )
    if own_index is None:
        return mine
    takes_part = (
        select(UndertakingParty.id)  # type: ignore[call-overload]
        .where(
            col(UndertakingParty.undertaking_id) == col(Undertaking.id),
            col(UndertakingParty.person_index) == own_index,
        )
        .exists()
    )
    return and_(mine, ~takes_part)


def page_of(
    session: Session, sight: ColumnElement[bool], *, closed: bool, after: Key | None, limit: int
) -> list[Undertaking]:
    """Those in sight that go on, or those that ended, the newest first."""
    ended = col(Undertaking.closed_at).is_not(None)
    query = select(Undertaking).where(sight, ended if closed else ~ended)
    if after is not None:
        query = query.where(tuple_(col(Undertaking.opened_at), col(Undertaking.id)) < after)
    return list(
        session.scalars(query.order_by(col(Undertaking.opened_at).desc(), col(Undertaking.id).desc()).limit(limit))
    )


def running(session: Session, ids: Collection[str]) -> dict[str, list[Step]]:
    """What nobody has ended of each of these, the next due first."""
    found: dict[str, list[Step]] = {}
    query = (
        select(Step)
        .where(col(Step.subject_id).in_(sorted(ids)), col(Step.state).in_(["open", "paused"]))
        .order_by(col(Step.due_at), col(Step.id))
    )
    for step in session.scalars(query) if ids else ():
        found.setdefault(step.subject_id, []).append(step)
    return found


def count_due(session: Session, sight: ColumnElement[bool], kinds: Collection[str], now: datetime) -> int:
    """How many open steps of those in sight are due by now."""
    query = (
        select(func.count())
        .select_from(Step)
        .join(Undertaking, col(Undertaking.id) == col(Step.subject_id))
        .where(col(Step.subject_kind).in_(sorted(kinds)), col(Step.state) == "open", col(Step.due_at) <= now, sight)
    )
    return session.scalar(query) or 0
