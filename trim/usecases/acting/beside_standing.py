"""How somebody stands to a group session, a check, a pair or a mediation: leads it, oversees the unit, or has no
business there.

Whoever has none, or is the person it is about, gets NotFound: the same answer as for one that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor
from trim.domain.confidentiality import CONTENT_ROLES, OVERSEERS, UNDERTAKINGS
from trim.domain.errors import NotFound
from trim.domain.roles import Role
from trim.store import accounts, incidents, people, undertakings
from trim.store.tables import Account, Incident, Person, Undertaking, UndertakingParty
from trim.usecases.unit_of_work import UnitOfWork

#: In these whoever leads the person, or is led by them, keeps out (CARE 10).
ABOUT_ONE = frozenset({"periodic_check", "pair", "mediation"})
#: In these those who lead it alone see who takes part (CARE 27).
LEADERS_ALONE = frozenset({"group_session"})


@dataclass(frozen=True, slots=True)
class Stand:
    """`roles` are those in which the actor may act; whoever leads acts as practitioner, whatever role they hold."""

    roles: frozenset[str]
    leads: bool
    sees_people: bool


def is_undertaking(kind: str) -> bool:
    """Whether a lifecycle runs beside cases."""
    return kind in UNDERTAKINGS


def stand_to(uow: UnitOfWork, actor: Actor, row: Undertaking) -> Stand:
    """How `actor` stands to it. Raises NotFound without a standing or with a conflict."""
    held = {grant.role for grant in actor.grants if grant.programme == row.programme} & CONTENT_ROLES
    over = {
        grant.role
        for grant in actor.grants
        if grant.programme == row.programme and grant.role in OVERSEERS and row.unit_id in grant.covers
    }
    leads = bool(held) and any(one.account_id == actor.account_id for one in undertakings.leaders(uow.session, row.id))
    if over and not leads and not _may_oversee_incident(uow, actor, row):
        over = set()
    if not (leads or over):
        raise NotFound
    _keep_apart(uow, actor, row)
    roles = {role.value for role in over} | ({Role.PRACTITIONER.value} if leads else set())
    return Stand(frozenset(roles), leads, sees_people=leads or row.kind not in LEADERS_ALONE)


def leaders_for(uow: UnitOfWork, row: Undertaking, now: datetime) -> list[Account]:
    """Accounts with a role of the programme over the unit of it."""
    return accounts.holders(uow.session, sorted(CONTENT_ROLES), row.programme, row.unit_id, now)


def _may_oversee_incident(uow: UnitOfWork, actor: Actor, row: Undertaking) -> bool:
    incident = uow.session.get(Incident, row.incident_id) if row.incident_id else None
    if incident is None or not incident.restricted:
        return True
    return incidents.is_named_reader(uow.session, incident.id, actor.account_id)


def _keep_apart(uow: UnitOfWork, actor: Actor, row: Undertaking) -> None:
    if actor.person_id is None:
        return
    own = uow.vault.blind_index("person", actor.person_id)
    there = undertakings.parties(uow.session, row.id)
    if any(one.person_index == own for one in there):
        raise NotFound
    if row.kind not in ABOUT_ONE:
        return
    staff = uow.session.get(Person, actor.person_id)
    for person in people_of(uow, row, there).values():
        if person.line_manager_id == actor.person_id or (staff is not None and staff.line_manager_id == person.id):
            raise NotFound


def people_of(uow: UnitOfWork, row: Undertaking, there: list[UndertakingParty]) -> dict[str, Person]:
    """Who takes part, by the id of their row; somebody whom the directory no longer knows is left out."""
    owner = f"undertaking:{row.id}"
    ids = {one.id: uow.vault.unseal(owner, "undertaking_party", one.id, one.sealed)["person_id"] for one in there}
    found = people.by_ids(uow.session, set(ids.values()))
    return {party: found[person] for party, person in ids.items() if person in found}
