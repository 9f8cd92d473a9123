"""Who may work on an incident: coordinators and leads of its unit, only the named ones when it is restricted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from trim.domain.access import Actor, Can, Role
from trim.domain.confidentiality import OVERSEERS
from trim.domain.errors import NotFound
from trim.store import accounts, incidents
from trim.store.incident_lists import Sight
from trim.store.tables import Account, Exposure, Incident
from trim.usecases.unit_of_work import UnitOfWork

#: Who plans and oversees; nobody else sees incidents.
SUPERVISORS = OVERSEERS


def may_work_on(uow: UnitOfWork, actor: Actor, incident: Incident) -> frozenset[str]:
    """The roles in which the actor may act on the incident.

    Raises NotFound without one, when a restricted incident does not name the actor, and when the actor was exposed to
    it: nobody plans the support of those beside whom they stood (CARE 10).
    """
    roles = {
        grant.role.value
        for grant in actor.grants
        if grant.programme == incident.programme and incident.unit_id in grant.covers and grant.role in SUPERVISORS
    }
    if not roles or not actor.can(Can.SEE_INCIDENTS, incident.unit_id):
        raise NotFound
    if incident.restricted and not incidents.is_named_reader(uow.session, incident.id, actor.account_id):
        raise NotFound
    if actor.person_id is not None:
        own = uow.vault.blind_index("person", actor.person_id)
        if incidents.exposure(uow.session, incident.id, own) is not None:
            raise NotFound
    return frozenset(roles)


def may_open(uow: UnitOfWork, actor: Actor, incident: Incident) -> bool:
    """Whether the actor may work on the incident, for a page that goes elsewhere if not."""
    try:
        may_work_on(uow, actor, incident)
    except NotFound:
        return False
    return True


def sight_of(uow: UnitOfWork, actor: Actor) -> Sight:
    """What `may_work_on` allows, for lists: the same rules as one condition of a query."""
    units: dict[str, set[str]] = {}
    for grant in actor.grants:
        if grant.role in SUPERVISORS:
            units.setdefault(grant.programme, set()).update(grant.covers)
    own = uow.vault.blind_index("person", actor.person_id) if actor.person_id is not None else None
    return Sight(units, actor.account_id, own)


def possible_readers(
    uow: UnitOfWork, incident: Incident, now: datetime, roles: Iterable[Role] = SUPERVISORS
) -> list[Account]:
    """Coordinators and leads who may be named as readers of an incident: over its unit, and not exposed to it."""
    exposed = {one.person_index for one in incidents.exposures(uow.session, incident.id)}
    return [
        account
        for account in accounts.holders(uow.session, list(roles), incident.programme, incident.unit_id, now)
        if account.person_id is None or uow.vault.blind_index("person", account.person_id) not in exposed
    ]


def cases_named(exposed: Iterable[Exposure]) -> list[str]:
    """The cases of people whose name an incident shows: a line that it was read is in the ledger of each (CARE 15)."""
    return [f"case:{one.case_id}" for one in exposed if one.case_id is not None]
