"""A practitioner or a coordinator notes that somebody has asked for support."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from trim.domain.access import PERMISSIONS, Actor, Can
from trim.domain.calendar import start_of_day
from trim.domain.errors import ConflictUnknown, Forbidden, InvalidInput, NotFound, Reason
from trim.engine.wording import Text
from trim.usecases.acting.standing import standing
from trim.usecases.requests.ask import WAY
from trim.usecases.requests.come_in import beginning_of, come_in, programmes_for
from trim.usecases.requests.units import open_units
from trim.usecases.requests.whom import whom
from trim.usecases.unit_of_work import UnitOfWork

FUTURE = Reason("in_future", "Choose today or a day before.", "Choisissez aujourd’hui ou un jour passé.")
YOURSELF = Reason(
    "yourself",
    "For yourself, use “Ask for support”: somebody else then notes nothing in your name.",
    "Pour vous-même, utilisez « Demander un soutien » : personne ne note alors rien à votre place.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was noted; `case_ref` only where whoever noted it may see the case."""

    case_ref: str | None


def programmes_to_record_in(uow: UnitOfWork, actor: Actor) -> dict[str, Text]:
    """The programmes in which this actor may note a request."""
    own = {grant.programme for grant in actor.grants if Can.RECORD_REQUEST in PERMISSIONS[grant.role]}
    return {name: pack.title for name, pack in programmes_for(uow, WAY).items() if name in own}


def units_to_record_in(uow: UnitOfWork, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The open units over which this actor may note a request, as (id, name)."""
    own = actor.units_where(Can.RECORD_REQUEST)
    return tuple(one for one in open_units(uow) if one[0] in own)


def record_request(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    programme: str,
    who: str,
    unit_id: str,
    asked_on: date,
    note: str = "",
) -> Asked:
    """Note that the person asked, on which day; the first contact counts from it.

    Raises Forbidden outside one's units and programmes, InvalidInput (`who`, `asked_on`).
    """
    if not actor.can(Can.RECORD_REQUEST, unit_id, programme):
        raise Forbidden
    zone = uow.organisation.zone
    today = now.astimezone(zone).date()
    if asked_on > today:
        raise InvalidInput({"asked_on": FUTURE})
    known = whom(uow, actor, now=now, typed=who, unit_id=unit_id, yourself=YOURSELF)
    # A day without an hour counts from its beginning: rather an hour too early than a day too late.
    asked_at = now if asked_on == today else start_of_day(asked_on, zone)
    role = min(
        grant.role.value
        for grant in actor.grants
        if grant.programme == programme and Can.RECORD_REQUEST in PERMISSIONS[grant.role]
    )
    case = come_in(
        uow,
        actor,
        now=now,
        beginning=replace(beginning_of(uow, known, programme, WAY), requested_at=asked_at, known_at=asked_at),
        of="noted",
        note=note,
        role=role,
    )
    try:
        standing(uow, actor, case)
    except (NotFound, ConflictUnknown):
        return Asked(None)
    return Asked(case.ref)
