"""Incidents and who was exposed to them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from trim.store.tables import Account, Exposure, Incident, IncidentReader, PlanningMeeting, Step, TrailEntry


def is_named_reader(session: Session, incident_id: str, account_id: str) -> bool:
    """Whether an account is named as reader of a restricted incident."""
    query = select(IncidentReader.id).where(  # type: ignore[call-overload]
        col(IncidentReader.incident_id) == incident_id, col(IncidentReader.account_id) == account_id
    )
    return session.scalar(query) is not None


def exposures(session: Session, incident_id: str) -> list[Exposure]:
    """Everybody exposed, the first named first."""
    query = select(Exposure).where(col(Exposure.incident_id) == incident_id)
    return list(session.scalars(query.order_by(col(Exposure.became_known_at), col(Exposure.id))))


def exposure(session: Session, incident_id: str, person_index: str) -> Exposure | None:
    """One person's exposure to an incident."""
    return session.scalar(
        select(Exposure).where(col(Exposure.incident_id) == incident_id, col(Exposure.person_index) == person_index)
    )


def exposed_incident_ids(session: Session, person_index: str) -> set[str]:
    """Ids of all incidents somebody was exposed to."""
    return set(session.scalars(select(Exposure.incident_id).where(col(Exposure.person_index) == person_index)))  # type: ignore[call-overload]


def similar(
    session: Session, *, programme: str, unit_id: str, kind: str, around: datetime, hours: int, limit: int = 5
) -> list[Incident]:
    """Incidents of one unit and kind within `hours` of an instant: possibly the same event."""
    reach = timedelta(hours=hours)
    query = (
        select(Incident)
        .where(
            col(Incident.programme) == programme,
            col(Incident.unit_id) == unit_id,
            col(Incident.kind) == kind,
            col(Incident.occurred_at) >= around - reach,
            col(Incident.occurred_at) <= around + reach,
        )
        .order_by(col(Incident.occurred_at), col(Incident.id))
        .limit(limit)
    )
    return list(session.scalars(query))


def waiting_to_join(session: Session, person_index: str, programme: str) -> list[tuple[Exposure, Incident]]:
    """Exposures of a person that wait for the decision whether they join the open case (CARE 21), the oldest first."""
    rows = session.execute(
        select(Exposure, Incident)
        .join(Incident, col(Incident.id) == col(Exposure.incident_id))
        .join(Step, (col(Step.subject_kind) == "exposure") & (col(Step.subject_id) == col(Exposure.id)))
        .where(
            col(Exposure.person_index) == person_index,
            col(Incident.programme) == programme,
            col(Step.name) == "join_case",
            col(Step.state) == "open",
        )
        .order_by(col(Incident.occurred_at), col(Exposure.id))
    )
    return [(row[0], row[1]) for row in rows]


def meetings(session: Session, incident_id: str) -> list[PlanningMeeting]:
    """Planning meetings of an incident, the earliest first."""
    query = select(PlanningMeeting).where(col(PlanningMeeting.incident_id) == incident_id)
    return list(session.scalars(query.order_by(col(PlanningMeeting.held_at), col(PlanningMeeting.id))))


def of_id(session: Session, exposure_id: str) -> Exposure | None:
    """The exposure of an id."""
    return session.get(Exposure, exposure_id)


def readers(session: Session, incident_id: str) -> list[Account]:
    """Accounts named as readers of a restricted incident, by name."""
    query = (
        select(Account)
        .join(IncidentReader, col(IncidentReader.account_id) == col(Account.id))
        .where(col(IncidentReader.incident_id) == incident_id)
    )
    return list(session.scalars(query.order_by(col(Account.name), col(Account.id))))


def name_readers(session: Session, incident_id: str, account_ids: Collection[str], new_id: Callable[[], str]) -> None:
    """Let these accounts, and no others, read a restricted incident; `new_id` makes the row ids."""
    named = {
        row.account_id: row
        for row in session.scalars(select(IncidentReader).where(col(IncidentReader.incident_id) == incident_id))
    }
    for account_id in set(named) - set(account_ids):
        session.delete(named[account_id])
    for account_id in sorted(set(account_ids) - set(named)):
        session.add(IncidentReader(id=new_id(), incident_id=incident_id, account_id=account_id))
    session.flush()


def history(session: Session, chain: str, kinds: Collection[str], limit: int = 200) -> list[TrailEntry]:
    """What happened to an incident as its trail tells it, the newest first, of these kinds of happenings."""
    query = select(TrailEntry).where(col(TrailEntry.chain) == chain, col(TrailEntry.what).in_(list(kinds)))
    return list(session.scalars(query.order_by(col(TrailEntry.number).desc()).limit(limit)))
