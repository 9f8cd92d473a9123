"""Shows what may have been reported already, to each reader no more than they may know (CARE 13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor
from trim.domain.errors import TrimError
from trim.domain.incident import IncidentReport
from trim.engine.wording import Text
from trim.store import incident_lists, incidents
from trim.store.tables import Incident
from trim.usecases.incident_access import sight_of
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SimilarIncident:
    """An incident of the same unit and kind near in time, for somebody who may open it."""

    ref: str
    occurred_at: datetime
    time_known: bool
    state: Text
    people: int


@dataclass(frozen=True, slots=True)
class Similar:
    """What looks like the same event: those that the reader may open, and whether there are others."""

    known: tuple[SimilarIncident, ...] = ()
    hidden: bool = False

    def __bool__(self) -> bool:
        return bool(self.known) or self.hidden


@dataclass(eq=False)
class ProbablyReported(TrimError):
    """The same event was probably reported already: nothing was stored, and the reporter is asked."""

    similar: Similar


def possible_duplicates(uow: UnitOfWork, actor: Actor, report: IncidentReport) -> Similar:
    """Incidents of one unit and kind near in time. Restricted ones count too: their readers know of them, and a second
    report in the open would undo the restriction."""
    found = incidents.similar(
        uow.session,
        programme=report.programme,
        unit_id=report.unit_id,
        kind=report.kind,
        around=report.occurred_at(uow.organisation.zone),
        hours=uow.organisation.duplicate_hours,
    )
    return as_seen_by(uow, actor, found)


def look_alikes(uow: UnitOfWork, actor: Actor, incident: Incident) -> tuple[SimilarIncident, ...]:
    """Other incidents that may be the same event as a stored one, for somebody who has opened that one."""
    found = incidents.similar(
        uow.session,
        programme=incident.programme,
        unit_id=incident.unit_id,
        kind=incident.kind,
        around=incident.occurred_at,
        hours=uow.organisation.duplicate_hours,
    )
    return as_seen_by(uow, actor, [one for one in found if one.id != incident.id]).known


def as_seen_by(uow: UnitOfWork, actor: Actor, found: list[Incident]) -> Similar:
    """Split what was found into what the reader may open and the bare fact that there is more."""
    if not found:
        return Similar()
    ids = [one.id for one in found]
    mine = incident_lists.among(uow.session, sight_of(uow, actor), ids)
    people = incident_lists.people_of(uow.session, mine)
    known = tuple(
        SimilarIncident(
            one.ref,
            one.occurred_at,
            one.time_known,
            uow.pack(one.pack_version_id).lifecycles["incident"].states[one.state].label,
            people[one.id].exposed if one.id in people else 0,
        )
        for one in found
        if one.id in mine
    )
    return Similar(known, hidden=len(known) < len(found))
