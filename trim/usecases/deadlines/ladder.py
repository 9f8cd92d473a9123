"""Who is asked next: up the programme and never to line management, to somebody who was not asked yet (CARE 4).

Coordinators of the unit, and whoever stands in for them with a dated grant; then the programme's leads. There is no
role of a clinical adviser; once there is one, it stands last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from trim.domain.access import Role
from trim.engine.definition import Pack
from trim.engine.durations import Duration
from trim.store import accounts, incidents
from trim.store.tables import Account, Incident, SupportCase
from trim.usecases.incident_access import possible_readers
from trim.usecases.telling import duty_for, supervisors_of
from trim.usecases.unit_of_work import UnitOfWork

#: The way up. Whoever is asked first, the others follow: a lead who does not answer leaves it to the coordinators.
RUNGS: Final = (Role.COORDINATOR, Role.PROGRAMME_LEAD)
DUTY: Final = "duty_coordinator"
#: How long an answer may take where no rule of the pack says it: our own choice, a working day of the programme.
ANSWER: Final = Duration(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to ask next, in which role; nobody is left where `people` is empty."""

    role: str
    people: tuple[Account, ...]


def next_for_case(
    uow: UnitOfWork, case: SupportCase, now: datetime, *, to: str, asked: Collection[str], urgent: bool = False
) -> Asked:
    """The nearest people of the programme who were not asked yet and may hear of this case (CARE 10, 13)."""
    if to == DUTY or urgent:
        duty = _new(duty_for(uow, case, now), asked)
        if duty:
            return Asked(DUTY, duty)
    for role in _from(to):
        people = _new(supervisors_of(uow, case, now, (role,)), asked)
        if people:
            return Asked(role.value, people)
    return Asked(to, ())


def next_for_incident(uow: UnitOfWork, incident: Incident, now: datetime, *, to: str, asked: Collection[str]) -> Asked:
    """The same for an incident: not whoever was exposed to it, and of a restricted one its readers alone."""
    for role in _from(to):
        people = _new(readers_of(uow, incident, now, role), asked)
        if people:
            return Asked(role.value, people)
    return Asked(to, ())


def next_for_unit(
    uow: UnitOfWork, programme: str, unit_id: str, now: datetime, *, to: str, asked: Collection[str]
) -> Asked:
    """The same for what belongs to no case and no incident, such as a group session."""
    for role in _from(to):
        people = _new(accounts.holders(uow.session, [role], programme, unit_id, now), asked)
        if people:
            return Asked(role.value, people)
    return Asked(to, ())


def readers_of(uow: UnitOfWork, incident: Incident, now: datetime, role: Role) -> list[Account]:
    """Who oversees an incident in a role and may read it."""
    people = possible_readers(uow, incident, now, (role,))
    if not incident.restricted:
        return people
    return [one for one in people if incidents.is_named_reader(uow.session, incident.id, one.id)]


def administrators(uow: UnitOfWork, now: datetime) -> list[Account]:
    """Who can give somebody a role where nobody is left to ask; they see no case."""
    ids = {one.account_id for one in accounts.grants_in_force(uow.session, now) if one.role == Role.ADMINISTRATOR}
    return [one for one in accounts.by_ids(uow.session, ids).values() if one.active]


def time_to_answer(pack: Pack, rule: str, level: str | None, to: str) -> Duration:
    """How long an escalation may wait: its rule's time, else the longest the pack gives that role, else a day."""
    known = pack.escalations.get(rule)
    within = known.within(level) if known is not None else None
    if within is not None:
        return within
    given = [one.answer_within for one in pack.escalations.values() if one.to == to and one.answer_within is not None]
    return max(given, key=lambda one: one.rough_seconds, default=ANSWER)


def _from(to: str) -> Iterable[Role]:
    first = Role.PROGRAMME_LEAD if to == Role.PROGRAMME_LEAD.value else Role.COORDINATOR
    return (first, *(one for one in RUNGS if one is not first))


def _new(people: Iterable[Account], asked: Collection[str]) -> tuple[Account, ...]:
    return tuple(one for one in people if one.id not in asked)
