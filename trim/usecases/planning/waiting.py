"""What waits for a coordinator at the incidents: for the board. No names, so that a list of it needs no trail.

Restricted incidents and those the reader was exposed to are left out, and a person's open case is hinted at only to who
may open it (CARE 10, 13).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from trim.domain.access import Actor
from trim.engine.definition import Pack
from trim.engine.wording import Text
from trim.store import incident_lists, people
from trim.store.incident_lists import Key, People, Sight
from trim.store.tables import Incident, Unit
from trim.usecases.acting.ties import sight_of as case_sight
from trim.usecases.incident_access import sight_of
from trim.usecases.intake.list_incidents import ended, kind_of
from trim.usecases.unit_of_work import UnitOfWork

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Portion(Generic[Row]):
    """Rows and the key after which the next ones follow; None when these are the last."""

    rows: tuple[Row, ...]
    after: Key | None = None


@dataclass(frozen=True, slots=True)
class About:
    """Which incident: enough to know it again, nothing of what happened."""

    ref: str
    kind: Text
    unit: str
    occurred_on: date
    restricted: bool


@dataclass(frozen=True, slots=True)
class ToPlan:
    """An incident without a plan, or with people named after its meeting who have none."""

    incident: About
    people: int
    undecided: int
    due_at: datetime
    latest_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToLookAgain:
    """An incident with people who have "nothing yet" and whose day has come."""

    incident: About
    people: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ToJoin:
    """A person with an open case was at another incident: one interview for both, or two?"""

    incident: About
    exposure_id: str
    since: datetime


@dataclass(frozen=True, slots=True)
class IncidentsWaiting:
    """Everything that waits at the incidents, each list with its own next page."""

    to_plan: Portion[ToPlan]
    late: Portion[ToPlan]
    look_again: Portion[ToLookAgain]
    to_join: Portion[ToJoin]

    def __bool__(self) -> bool:
        return any((self.to_plan.rows, self.late.rows, self.look_again.rows, self.to_join.rows))


def incidents_waiting(
    uow: UnitOfWork,
    actor: Actor,
    now: datetime,
    *,
    limit: int = 25,
    to_plan_after: Key | None = None,
    late_after: Key | None = None,
    look_again_after: Key | None = None,
    to_join_after: Key | None = None,
) -> IncidentsWaiting:
    """Incidents without a plan, people named later, looking again that is due, joins to decide; the next due first.

    The number of queries does not depend on how much waits.
    """
    sight = sight_of(uow, actor)
    shelf = _Shelf(uow, sight, people.units(uow.session))
    return IncidentsWaiting(
        to_plan=_to_plan(shelf, to_plan_after, limit),
        late=_late(shelf, late_after, limit),
        look_again=_look_again(shelf, now, look_again_after, limit),
        to_join=_to_join(shelf, actor, to_join_after, limit),
    )


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What every list needs."""

    uow: UnitOfWork
    sight: Sight
    units: Mapping[str, Unit]

    def about(self, incident: Incident) -> About:
        return About(
            incident.ref,
            kind_of(self.uow.pack(incident.pack_version_id), incident),
            self.units[incident.unit_id].name,
            incident.occurred_on,
            incident.restricted,
        )

    def packs(self) -> list[Pack]:
        """The packs of the programmes in sight that know incidents at all."""
        found = [self.uow.shelf.current(self.uow.session, programme)[1] for programme in sorted(self.sight.units)]
        return [pack for pack in found if "incident" in pack.lifecycles]


def _to_plan(shelf: _Shelf, after: Key | None, limit: int) -> Portion[ToPlan]:
    session = shelf.uow.session
    found = incident_lists.to_plan(session, shelf.sight, after=after, limit=limit + 1)
    here = found[:limit]
    counted = incident_lists.people_of(session, [incident.id for _, incident in here])
    rows = []
    for step, incident in here:
        there = counted.get(incident.id, People())
        rows.append(ToPlan(shelf.about(incident), there.exposed, there.undecided, step.due_at, step.latest_at))
    return Portion(tuple(rows), (here[-1][0].due_at, here[-1][0].id) if len(found) > limit else None)


def _late(shelf: _Shelf, after: Key | None, limit: int) -> Portion[ToPlan]:
    session = shelf.uow.session
    # Those who are named later have for themselves the steps that an incident begins with.
    names = {name for pack in shelf.packs() for name in pack.lifecycles["incident"].starts}
    found = incident_lists.incidents_with(session, shelf.sight, names=names, after=after, limit=limit + 1)
    here = found[:limit]
    counted = incident_lists.people_of(session, [incident.id for incident, _, _ in here])
    rows = tuple(
        ToPlan(shelf.about(incident), counted[incident.id].exposed, undecided, due_at, None)
        for incident, due_at, undecided in here
    )
    return Portion(rows, (here[-1][1], here[-1][0].id) if len(found) > limit else None)


def _look_again(shelf: _Shelf, now: datetime, after: Key | None, limit: int) -> Portion[ToLookAgain]:
    found = incident_lists.incidents_with(
        shelf.uow.session, shelf.sight, names=["look_again"], until=now, after=after, limit=limit + 1
    )
    here = found[:limit]
    rows = tuple(ToLookAgain(shelf.about(incident), count, due_at) for incident, due_at, count in here)
    return Portion(rows, (here[-1][1], here[-1][0].id) if len(found) > limit else None)


def _to_join(shelf: _Shelf, actor: Actor, after: Key | None, limit: int) -> Portion[ToJoin]:
    found = incident_lists.joins_to_decide(
        shelf.uow.session,
        shelf.sight,
        case_sight(shelf.uow, actor),
        final=ended(shelf.uow, shelf.sight.units),
        after=after,
        limit=limit + 1,
    )
    here = found[:limit]
    rows = tuple(ToJoin(shelf.about(incident), exposure.id, step.opened_at) for step, incident, exposure in here)
    return Portion(rows, (here[-1][0].due_at, here[-1][0].id) if len(found) > limit else None)
