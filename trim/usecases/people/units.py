"""Units of the organisation, in a tree."""

from __future__ import annotations

from datetime import datetime

from trim.audit import trail
from trim.domain.access import Actor, Can
from trim.domain.errors import Forbidden, InvalidInput, Reason
from trim.store import people
from trim.store.tables import Unit
from trim.usecases.unit_of_work import UnitOfWork

NAME_TAKEN = Reason("name_taken", "There is a unit of this name already.", "Une unité porte déjà ce nom.")


def add_unit(uow: UnitOfWork, actor: Actor, *, now: datetime, name: str, parent_id: str | None = None) -> Unit:
    """Add a unit below another. Raises Forbidden, InvalidInput when the name is taken."""
    if not (actor.is_system or actor.can(Can.MANAGE_ACCOUNTS)):
        raise Forbidden
    if any(unit.name == name for unit in people.units(uow.session).values()):
        raise InvalidInput({"name": NAME_TAKEN})
    unit = Unit(id=uow.new_id(), name=name, parent_id=parent_id)
    uow.session.add(unit)
    uow.session.flush()
    uow.record(actor, now, "unit.added", chain=trail.ORGANISATION, subject=f"unit:{unit.id}")
    return unit
