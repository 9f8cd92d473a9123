"""Where and when the organisation works: zone, country, region, closing days. Every clock runs on them.

An administrator sees first how many clocks would move, then does it. The clocks move in the same transaction as the
settings, each case gets a line in its timeline and its trail, and all coordinators and leads are told: with the zone
somebody could otherwise push every deadline of the house about unseen (CARE 12).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import available_timezones

from trim.audit import trail
from trim.domain.access import Actor, Can
from trim.domain.calendar import CLOCKS_MOVED
from trim.domain.confidentiality import OVERSEERS
from trim.domain.errors import Forbidden, InvalidInput, Reason
from trim.domain.organisation import Organisation
from trim.domain.working_days import checked_calendar
from trim.store import accounts, settings
from trim.store.tables import ActionRecord, Incident, SupportCase
from trim.usecases.oversight.clock_moves import Moved, Moves, move_clocks
from trim.usecases.telling import tell
from trim.usecases.unit_of_work import UnitOfWork

#: Settings that this room keeps.
SETTINGS = ("zone", "country", "region", "closing_days")

UNKNOWN_ZONE = Reason(
    "unknown_zone",
    "This is no time zone. Enter one such as Europe/Paris or America/Toronto.",
    "Ce n’est pas un fuseau horaire. Indiquez-en un comme Europe/Paris ou America/Toronto.",
)
CHANGED = Reason(
    "changed_meanwhile",
    "Somebody changed it meanwhile, or clocks moved. Look at what would happen now.",
    "Quelqu’un l’a modifié entre-temps, ou des échéances ont bougé. Regardez ce qui se passerait maintenant.",
)


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """Zone, country, region and closing days, as somebody wants them."""

    zone_name: str
    country: str = ""
    region: str = ""
    closing_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen. `seen` is handed back with the answer: what was shown is what is done, or nothing."""

    calendar: OwnCalendar
    moves: Moves
    changes: tuple[str, ...]
    seen: str


def own_calendar(uow: UnitOfWork, actor: Actor) -> OwnCalendar:
    """What holds now. Raises Forbidden."""
    _require(actor)
    return _calendar_of(uow.organisation)


def preview_calendar(uow: UnitOfWork, actor: Actor, *, now: datetime, wanted: OwnCalendar) -> Preview:
    """How many clocks would move, and how; nothing does. Raises Forbidden, InvalidInput."""
    _require(actor)
    before = uow.organisation
    after = _with(before, wanted)
    moves = move_clocks(uow, before, after, now=now, do=False)
    return Preview(_calendar_of(after), moves, _changes(before, after), _seen(before, after, moves))


def set_calendar(
    uow: UnitOfWork, actor: Actor, *, now: datetime, wanted: OwnCalendar, seen: str | None = None
) -> Moves:
    """Take the calendar and move every running clock onto it. `seen` is that of the preview; None asks for none.

    In a unit of work that writes alone: a clock that somebody else started meanwhile would stay on the old calendar.
    Raises Forbidden, InvalidInput: a field that cannot be taken, or `seen` where the preview no longer holds.
    """
    _require(actor)
    assert uow.session.info["alone"], "another unit of work could start a clock on the calendar that goes"
    before = uow.organisation
    after = _with(before, wanted)
    changes = _changes(before, after)
    if seen is not None and seen != _seen(before, after, move_clocks(uow, before, after, now=now, do=False)):
        raise InvalidInput({"seen": CHANGED})
    if not changes:
        return Moves()
    moves = move_clocks(uow, before, after, now=now, do=True)
    _write(uow, after)
    for case_id, moved in moves.by_case.items():
        _line_of_case(uow, actor, now, case_id, moved, changes)
    for incident_id, moved in moves.by_incident.items():
        _line_of_incident(uow, actor, now, incident_id, moved, changes)
    uow.record(
        actor,
        now,
        "calendar.changed",
        chain=trail.ORGANISATION,
        subject="organisation",
        codes={
            "settings": list(changes),
            "zone": after.zone_name,
            "before": before.zone_name,
            "steps": moves.steps,
            "cases": moves.cases,
            "escalations": moves.escalations,
            "incidents": moves.incidents,
        },
    )
    _tell_overseers(uow, actor, now)
    return moves


def _require(actor: Actor) -> None:
    if not (actor.is_system or actor.can(Can.SET_CALENDAR)):
        raise Forbidden


def _calendar_of(organisation: Organisation) -> OwnCalendar:
    work = organisation.work_calendar
    return OwnCalendar(organisation.zone_name, work.country, work.region, work.closing_days)


def _with(before: Organisation, wanted: OwnCalendar) -> Organisation:
    """The organisation as it would be. Raises InvalidInput at the fields."""
    problems = {} if wanted.zone_name in available_timezones() else {"zone": UNKNOWN_ZONE}
    try:
        work = checked_calendar(wanted.country, wanted.region, wanted.closing_days)
    except InvalidInput as problem:
        raise InvalidInput({**problems, **problem.problems}) from problem
    if problems:
        raise InvalidInput(problems)
    return replace(before, zone_name=wanted.zone_name, work_calendar=work)


def _changes(before: Organisation, after: Organisation) -> tuple[str, ...]:
    old, new = _calendar_of(before), _calendar_of(after)
    pairs = (
        ("zone", old.zone_name, new.zone_name),
        ("country", old.country, new.country),
        ("region", old.region, new.region),
        ("closing_days", old.closing_days, new.closing_days),
    )
    return tuple(name for name, was, becomes in pairs if was != becomes)


def _seen(before: Organisation, after: Organisation, moves: Moves) -> str:
    """A digest of what a preview showed: the calendar before and after, and every clock that moves."""
    told = [
        [repr(_calendar_of(one)) for one in (before, after)],
        [moves.steps, moves.escalations, moves.incidents, moves.overdue, moves.not_overdue],
        sorted(
            [one.kind, one.subject_id, one.name, repr(one.before), repr(one.after)]
            for moved in (*moves.by_case.values(), *moves.by_incident.values())
            for one in moved
        ),
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _write(uow: UnitOfWork, after: Organisation) -> None:
    wanted = _calendar_of(after)
    values = (wanted.zone_name, wanted.country, wanted.region, [day.isoformat() for day in wanted.closing_days])
    for name, value in zip(SETTINGS, values, strict=True):
        settings.write(uow.session, name, value)
    # What was read before the change must not be answered again in this unit of work.
    uow.__dict__.pop("organisation", None)


def _line_of_case(
    uow: UnitOfWork, actor: Actor, now: datetime, case_id: str, moved: Sequence[Moved], changes: Sequence[str]
) -> None:
    case = uow.session.get(SupportCase, case_id)
    assert case is not None
    record_id, owner = uow.new_id(), f"case:{case_id}"
    content = {"because": list(changes), "moved": [_told(one) for one in moved]}
    uow.session.add(
        ActionRecord(
            id=record_id,
            subject_kind="case",
            subject_id=case_id,
            case_id=case_id,
            action=CLOCKS_MOVED,
            from_state=case.state,
            to_state=case.state,
            version=case.version,
            actor_id=actor.account_id,
            actor_role="system" if actor.is_system else "administrator",
            done_at=now,
            pack_version_id=case.pack_version_id,
            sealed=uow.vault.seal(owner, "action_record", record_id, content),
        )
    )
    _record(uow, actor, now, "case.clocks_moved", owner, moved, changes)


def _line_of_incident(
    uow: UnitOfWork, actor: Actor, now: datetime, incident_id: str, moved: Sequence[Moved], changes: Sequence[str]
) -> None:
    assert uow.session.get(Incident, incident_id) is not None
    _record(uow, actor, now, "incident.clocks_moved", f"incident:{incident_id}", moved, changes)


def _record(
    uow: UnitOfWork,
    actor: Actor,
    now: datetime,
    what: str,
    owner: str,
    moved: Sequence[Moved],
    changes: Sequence[str],
) -> None:
    codes = {"settings": list(changes), "steps": sorted(one.name for one in moved)}
    role = None if actor.is_system else "administrator"
    uow.record(actor, now, what, chain=owner, subject=owner, role=role, codes=codes)


def _told(one: Moved) -> dict[str, str]:
    return {
        "kind": one.kind,
        "step": one.name,
        "before": one.before.due_at.isoformat(),
        "after": one.after.due_at.isoformat(),
    }


def _tell_overseers(uow: UnitOfWork, actor: Actor, now: datetime) -> None:
    told = [
        account
        for programme in uow.shelf.programmes(uow.session)
        for account in accounts.holders_anywhere(uow.session, sorted(OVERSEERS), programme, now)
    ]
    tell(
        uow,
        told,
        kind="calendar_changed",
        subject_kind="calendar",
        subject_ref="",
        cause=now.isoformat(),
        now=now,
        actor=actor,
    )
