"""Who may work on an incident: coordinators and leads of its unit, only the named ones when it is restricted."""

from __future__ import annotations

from trim.domain.access import Actor, Can, Role
from trim.domain.errors import NotFound
from trim.store import incidents
from trim.store.tables import Incident
from trim.usecases.unit_of_work import UnitOfWork


def may_work_on(uow: UnitOfWork, actor: Actor, incident: Incident) -> frozenset[str]:
    """The roles in which the actor may act on the incident.

    Raises NotFound without one, when a restricted incident does not name the actor, and when the actor was exposed to
    it: nobody plans the support of those beside whom they stood (CARE 10).
    """
    roles = {
        grant.role.value
        for grant in actor.grants
        if grant.programme == incident.programme
        and incident.unit_id in grant.covers
        and grant.role in (Role.COORDINATOR, Role.PROGRAMME_LEAD)
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
