"""Install a compiled pack, or propose it where it takes a second person, and set up the organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.errors import Forbidden
from trim.engine.definition import Pack
from trim.engine.differences import Difference, differences
from trim.store import packs, settings
from trim.usecases.oversight.pack_force import current_pack, propose, put_in_force
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Installing:
    """What became of it: it is current, it was already, or it waits for a second person."""

    outcome: Literal["installed", "same", "proposed"]
    #: Against the version that was current; empty for the first of its name.
    differences: tuple[Difference, ...] = ()


def what_changes(uow: UnitOfWork, pack: Pack) -> tuple[Difference, ...] | None:
    """What a pack would change of the version that is current; None where there is none of its name."""
    before = current_pack(uow, pack.name)
    return None if before is None else tuple(differences(before, pack))


def takes_second_person(uow: UnitOfWork, pack: Pack) -> bool:
    """Whether a pack does more than correct words: whatever decides is agreed on by a lead of the programme (CARE 12).

    Not for the first of its name: nobody has a role in that programme, and no case runs on it.
    """
    before = current_pack(uow, pack.name)
    return before is not None and before.behaviour_hash != pack.behaviour_hash


def install_pack(uow: UnitOfWork, actor: Actor, *, now: datetime, pack: Pack, by: str | None = None) -> Installing:
    """Make a pack the one that new cases begin on; live cases keep their behaviour (law 2).

    What changes more than words is only proposed, on behalf of the account `by`, and waits for a second person
    (CARE 12). There is no way around it here. Raises Forbidden, and InvalidInput without `by`.
    """
    if not actor.is_system:
        raise Forbidden
    packs.lock(uow.session, pack.name)
    found = what_changes(uow, pack) or ()
    if takes_second_person(uow, pack):
        propose(uow, actor, now=now, pack=pack, by=by)
        return Installing("proposed", found)
    if not put_in_force(uow, actor, now=now, pack=pack, by=by):
        return Installing("same")
    return Installing("installed", found)


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
