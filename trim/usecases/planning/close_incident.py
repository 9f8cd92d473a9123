"""Close an incident: everybody on its list has a response; the cases that came of it go on."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor
from trim.store import incidents
from trim.usecases.acting.act import Act
from trim.usecases.perform import find, perform
from trim.usecases.unit_of_work import UnitOfWork


def close_incident(uow: UnitOfWork, actor: Actor, *, now: datetime, incident_ref: str, version: int) -> Act:
    """Close it. Raises NotFound, StaleVersion, NotAllowedNow while somebody has no response."""
    found = find(uow, actor, "incident", incident_ref, lock=True)
    exposed = incidents.exposures(uow.session, found.subject.id)
    actions = found.pack.lifecycles["incident"].actions.values()
    return perform(
        uow,
        actor,
        now=now,
        kind="incident",
        ref=incident_ref,
        action=next(one.name for one in actions if "close_incident" in one.does),
        version=version,
        values={},
        computed={"everybody_decided": all(one.response is not None for one in exposed)},
    )
