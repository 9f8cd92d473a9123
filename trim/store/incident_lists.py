"""Lists of incidents as one reader may see them: paged by key, the same number of queries whatever their length."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select, true, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from trim.store import conflicts
from trim.store.tables import Exposure, Incident, IncidentReader, Step, SupportCase

#: The step of an exposure that waits for the decision whether it joins an open case (CARE 21).
JOIN = "join_case"

#: Where the next page begins: the instant and id of the last row of this one.
Key = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader may see: units by programme, incidents that name them, none they were exposed to (CARE 10)."""

    units: Mapping[str, Collection[str]]
    account_id: str
    #: Blind index of the reader's own person, where they have one.
    person_index: str | None


def visible(sight: Sight) -> ColumnElement[bool]:
    """The condition on incidents that a reader may see; the same rule as `usecases.incident_access`."""
    if not sight.units:
        return false()
    named = select(IncidentReader.incident_id).where(col(IncidentReader.account_id) == sight.account_id)  # type: ignore[call-overload]
    within = or_(
        *(
            and_(col(Incident.programme) == programme, col(Incident.unit_id).in_(list(units)))
            for programme, units in sight.units.items()
        )
    )
    seen = and_(within, or_(col(Incident.restricted).is_(False), col(Incident.id).in_(named)))
    if sight.person_index is None:
        return seen
    own = select(Exposure.incident_id).where(col(Exposure.person_index) == sight.person_index)  # type: ignore[call-overload]
    return and_(seen, col(Incident.id).not_in(own))


def newest(
    session: Session, sight: Sight, *, states: Collection[str] | None = None, after: Key | None = None, limit: int = 25
) -> list[Incident]:
    """Incidents, the newest first, paged by (occurred_at, id); `states` None takes all."""
    query = select(Incident).where(visible(sight))
    if states is not None:
        query = query.where(col(Incident.state).in_(list(states)))
    if after is not None:
        query = query.where(tuple_(col(Incident.occurred_at), col(Incident.id)) < after)
    return list(session.scalars(query.order_by(col(Incident.occurred_at).desc(), col(Incident.id).desc()).limit(limit)))


def among(session: Session, sight: Sight, ids: Iterable[str]) -> dict[str, Incident]:
    """Those of some incidents that a reader may see, by id."""
    query = select(Incident).where(col(Incident.id).in_(list(ids)), visible(sight))
    return {incident.id: incident for incident in session.scalars(query)}


@dataclass(frozen=True, slots=True)
class People:
    """How many were exposed to an incident, and for how many of them no response was chosen yet."""

    exposed: int = 0
    undecided: int = 0


def people_of(session: Session, ids: Iterable[str]) -> dict[str, People]:
    """Counts of exposed people by incident id; an incident without any is left out."""
    rows = session.execute(
        select(  # type: ignore[call-overload]
            Exposure.incident_id, func.count(), func.count().filter(col(Exposure.response).is_(None))
        )
        .where(col(Exposure.incident_id).in_(list(ids)))
        .group_by(col(Exposure.incident_id))
    )
    return {row[0]: People(row[1], row[2]) for row in rows}


def case_refs(session: Session, sight: conflicts.Sight, case_ids: Iterable[str]) -> dict[str, str]:
    """References of those of some cases that a reader may know of, by case id (CARE 10)."""
    query = select(SupportCase.id, SupportCase.ref).where(  # type: ignore[call-overload]
        col(SupportCase.id).in_(list(case_ids)), *conflicts.seen_by(sight)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def steps_of(session: Session, incident_id: str) -> list[Step]:
    """Steps of an incident itself that are open or done, in the order in which their clocks were started."""
    query = select(Step).where(
        col(Step.subject_kind) == "incident", col(Step.subject_id) == incident_id, col(Step.state) != "cancelled"
    )
    return list(session.scalars(query.order_by(col(Step.opened_at), col(Step.id))))


def open_steps(
    session: Session, ids: Iterable[str], hidden: ColumnElement[bool] | None = None
) -> dict[str, list[Step]]:
    """Open steps of incidents and of the exposures to them, by incident id, the next due first.

    With `hidden`, made by `hidden_case`, joins are left out whose open case is kept from the reader.
    """
    wanted = list(ids)
    rows = session.execute(
        select(Step, func.coalesce(col(Exposure.incident_id), col(Step.subject_id)))
        .outerjoin(Exposure, and_(col(Step.subject_kind) == "exposure", col(Exposure.id) == col(Step.subject_id)))
        .where(
            col(Step.state) == "open",
            or_(col(Step.name) != JOIN, not_(hidden)) if hidden is not None else true(),
            or_(
                and_(col(Step.subject_kind) == "incident", col(Step.subject_id).in_(wanted)),
                and_(col(Step.subject_kind) == "exposure", col(Exposure.incident_id).in_(wanted)),
            ),
        )
        .order_by(col(Step.due_at), col(Step.id))
    )
    found: dict[str, list[Step]] = {}
    for step, incident_id in rows:
        found.setdefault(incident_id, []).append(step)
    return found


def to_plan(
    session: Session, sight: Sight, *, after: Key | None = None, limit: int = 25
) -> list[tuple[Step, Incident]]:
    """Incidents whose planning meeting is still to come, the next due first, paged by (due_at, step id)."""
    query = (
        select(Step, Incident)
        .join(Incident, and_(col(Step.subject_kind) == "incident", col(Incident.id) == col(Step.subject_id)))
        .where(_open_in(sight), visible(sight))
    )
    return _page(session, query, after, limit)


def joins_to_decide(
    session: Session,
    sight: Sight,
    case_sight: conflicts.Sight,
    *,
    final: Collection[str],
    after: Key | None = None,
    limit: int = 25,
) -> list[tuple[Step, Incident, Exposure]]:
    """Exposures that wait to be joined to an open case, the oldest first, paged by (due_at, step id).

    That a person has an open case is hinted at only to who may see it (CARE 10); `final` are the state words that mean
    ended.
    """
    query = (
        select(Step, Incident, Exposure)
        .join(Exposure, and_(col(Step.subject_kind) == "exposure", col(Exposure.id) == col(Step.subject_id)))
        .join(Incident, col(Incident.id) == col(Exposure.incident_id))
        .where(_open_in(sight), col(Step.name) == JOIN, visible(sight), ~hidden_case(case_sight, final))
    )
    return _page(session, query, after, limit)


def hidden_case(case_sight: conflicts.Sight, final: Collection[str]) -> ColumnElement[bool]:
    """That an exposed person has an open case which is kept from the reader: its being there is kept from them too."""
    incident = aliased(Incident)
    return exists(
        select(SupportCase.id)  # type: ignore[call-overload]
        .join(incident, col(incident.programme) == col(SupportCase.programme))
        .where(
            col(incident.id) == col(Exposure.incident_id),
            col(SupportCase.person_index) == col(Exposure.person_index),
            col(SupportCase.state).not_in(list(final)),
            not_(and_(*conflicts.seen_by(case_sight))),
        )
    )


def incidents_with(
    session: Session,
    sight: Sight,
    *,
    names: Collection[str],
    until: datetime | None = None,
    after: Key | None = None,
    limit: int = 25,
) -> list[tuple[Incident, datetime, int]]:
    """Incidents with open steps of these names for some of their people, the one due first at the head.

    Each with the earliest due instant and how many people; paged by (due, incident id); `until` leaves out later ones.
    """
    due: Any = (
        select(
            col(Exposure.incident_id).label("incident_id"),
            func.min(col(Step.due_at)).label("due_at"),
            func.count().label("people"),
        )
        .join(Exposure, and_(col(Step.subject_kind) == "exposure", col(Exposure.id) == col(Step.subject_id)))
        .where(_open_in(sight), col(Step.name).in_(list(names)))
    )
    if until is not None:
        due = due.where(col(Step.due_at) <= until)
    due = due.group_by(col(Exposure.incident_id)).subquery()
    query: Any = select(Incident, due.c.due_at, due.c.people).join(due, col(Incident.id) == due.c.incident_id)
    query = query.where(visible(sight))
    if after is not None:
        query = query.where(tuple_(due.c.due_at, col(Incident.id)) > after)
    rows = session.execute(query.order_by(due.c.due_at, col(Incident.id)).limit(limit))
    return [(row[0], row[1], row[2]) for row in rows]


def _open_in(sight: Sight) -> ColumnElement[bool]:
    units = {unit for some in sight.units.values() for unit in some}
    return and_(col(Step.state) == "open", col(Step.unit_id).in_(units))


def _page(session: Session, query: Any, after: Key | None, limit: int) -> list[Any]:
    if after is not None:
        query = query.where(tuple_(col(Step.due_at), col(Step.id)) > after)
    return [tuple(row) for row in session.execute(query.order_by(col(Step.due_at), col(Step.id)).limit(limit))]
