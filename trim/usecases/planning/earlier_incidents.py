"""Earlier incidents of one exposed person, for the coordinator's eyes alone and never for the meeting (CARE 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from trim.domain.access import Actor
from trim.domain.course import YEAR
from trim.domain.errors import NotFound
from trim.engine.wording import Text
from trim.store import cases, incident_lists, incidents, people
from trim.store.tables import Exposure, Incident, Person
from trim.usecases.incident_access import cases_named, may_work_on, sight_of
from trim.usecases.intake.list_incidents import kind_of, word_of
from trim.usecases.intake.read_incident import people_of
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class EarlierIncident:
    """An incident of the last twelve months; what this reader may not open is counted and not named."""

    ref: str
    occurred_on: date
    kind: Text
    unit: str
    exposure: Text


@dataclass(frozen=True, slots=True)
class EarlierIncidents:
    """`ask`: nobody knows whether the reader leads this person, so nothing is shown before they say (CARE 10)."""

    incident_ref: str
    exposure_id: str
    name: str
    ask: bool
    rows: tuple[EarlierIncident, ...] = ()
    elsewhere: int = 0


def show_earlier(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    incident_ref: str,
    exposure_id: str,
    not_in_line: bool = False,
) -> EarlierIncidents:
    """What the person met in the year before; leaves `incident.earlier_read` in the trail of the incident.

    `not_in_line`: the reader has just said that they neither lead this person nor are led by them.
    Raises NotFound, also for the person themselves, their line manager and those they lead.
    """
    incident: Incident = cases.load(uow.session, "incident", incident_ref)
    roles = may_work_on(uow, actor, incident)
    exposure = incidents.of_id(uow.session, exposure_id)
    if exposure is None or exposure.incident_id != incident.id:
        raise NotFound
    person = people_of(uow, incident, [exposure])[exposure.id]
    _keep_line_apart(uow, actor, person)
    if not person.line_manager_known and not not_in_line:
        return EarlierIncidents(incident.ref, exposure.id, person.name, ask=True)
    uow.record(
        actor,
        now,
        "incident.earlier_read",
        chain=f"incident:{incident.id}",
        subject=f"exposure:{exposure.id}",
        role=sorted(roles)[0],
        codes={"declared": not_in_line and not person.line_manager_known},
        also=cases_named([exposure]),
    )
    rows, elsewhere = _earlier(uow, actor, incident, exposure, now - YEAR)
    return EarlierIncidents(incident.ref, exposure.id, person.name, ask=False, rows=rows, elsewhere=elsewhere)


def _keep_line_apart(uow: UnitOfWork, actor: Actor, person: Person) -> None:
    if actor.person_id is None:
        return
    own = uow.session.get(Person, actor.person_id)
    if person.line_manager_id == actor.person_id or (own is not None and own.line_manager_id == person.id):
        raise NotFound


def _earlier(
    uow: UnitOfWork, actor: Actor, incident: Incident, exposure: Exposure, since: datetime
) -> tuple[tuple[EarlierIncident, ...], int]:
    met = [
        (one, other)
        for one, other in cases.exposures_since(uow.session, exposure.person_index, since)
        if other.id != incident.id
    ]
    mine = incident_lists.among(uow.session, sight_of(uow, actor), [other.id for _, other in met])
    units = people.units(uow.session)
    rows = tuple(
        EarlierIncident(
            other.ref,
            other.occurred_on,
            kind_of(pack, other),
            units[other.unit_id].name,
            word_of(pack, "exposures", one.kind),
        )
        for one, other in met
        if other.id in mine
        for pack in [uow.pack(other.pack_version_id)]
    )
    # That there is a restricted incident is known to its readers alone, so it is not even counted (CARE 13).
    elsewhere = sum(other.id not in mine and not other.restricted for _, other in met)
    return rows, elsewhere
