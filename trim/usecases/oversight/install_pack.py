"""Install a compiled pack and set up the organisation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.errors import Forbidden
from trim.engine.definition import Pack
from trim.store import packs, settings
from trim.usecases.unit_of_work import UnitOfWork


def install_pack(uow: UnitOfWork, actor: Actor, *, now: datetime, pack: Pack) -> bool:
    """Make a pack the one that new cases begin on; live cases keep theirs (law 2). False when it is already."""
    if not actor.is_system:
        raise Forbidden
    if not packs.install(uow.session, pack, row_id=uow.new_id(), now=now):
        return False
    uow.record(
        actor,
        now,
        "pack.installed",
        chain=trail.ORGANISATION,
        subject=f"pack:{pack.name}",
        codes={"version": pack.version, "behaviour": pack.behaviour_hash, "wording": pack.wording_hash},
    )
    return True


def change_settings(uow: UnitOfWork, actor: Actor, *, now: datetime, values: Mapping[str, Any]) -> None:
    """Set settings of the organisation; the trail names which, not their values. Raises Forbidden.

    A demonstration stays one for ever: nobody's case may ever stand beside invented ones (CARE 34).
    """
    if not actor.is_system or (uow.organisation.demonstration and not values.get("demonstration", True)):
        raise Forbidden
    for name, value in values.items():
        settings.write(uow.session, name, value)
    # What was read before the change must not be answered again in this unit of work.
    uow.__dict__.pop("organisation", None)
    uow.record(
        actor,
        now,
        "settings.changed",
        chain=trail.ORGANISATION,
        subject="organisation",
        codes={"settings": sorted(values)},
    )
