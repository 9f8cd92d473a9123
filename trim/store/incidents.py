"""Incidents and who was exposed to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, tuple_
from sqlmodel import Session, col

from trim.store.tables import Exposure, Incident, IncidentReader, PlanningMeeting


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


def meetings(session: Session, incident_id: str) -> list[PlanningMeeting]:
    """Planning meetings of an incident, the earliest first."""
    query = select(PlanningMeeting).where(col(PlanningMeeting.incident_id) == incident_id)
    return list(session.scalars(query.order_by(col(PlanningMeeting.held_at), col(PlanningMeeting.id))))


def page(
    session: Session,
    *,
    units: Collection[str],
    account_id: str,
    states: Collection[str] | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int = 25,
) -> list[Incident]:
    """Incidents of some units, the newest first, paged by (occurred_at, id); restricted ones for named readers only."""
    named = select(IncidentReader.incident_id).where(col(IncidentReader.account_id) == account_id)  # type: ignore[call-overload]
    query = select(Incident).where(
        col(Incident.unit_id).in_(list(units)),
        col(Incident.restricted).is_(False) | col(Incident.id).in_(named),
    )
    if states is not None:
        query = query.where(col(Incident.state).in_(list(states)))
    if after is not None:
        query = query.where(tuple_(col(Incident.occurred_at), col(Incident.id)) < after)
    return list(session.scalars(query.order_by(col(Incident.occurred_at).desc(), col(Incident.id).desc()).limit(limit)))
