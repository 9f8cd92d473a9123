"""The agreed plan: each of its steps has its own day and its own end, in the person's own words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from trim.domain.calendar import start_of_day
from trim.domain.course import PLANNED_FOR, plan_anchors
from trim.domain.errors import InvalidInput, Reason
from trim.engine.forms import MISSING
from trim.store import cases, steps
from trim.store.tables import AgreedStep, SupportCase
from trim.usecases.acting import clocks
from trim.usecases.acting.act import PREFIXES, Act
from trim.usecases.unit_of_work import UnitOfWork

LIFE: Final = "agreed_step"
DAY_PAST = Reason("day_past", "Choose today or a day to come.", "Choisissez aujourd’hui ou un jour à venir.")


def agree_step(act: Act) -> None:
    """Add a step to the plan: what, and for which day. Raises InvalidInput (`what`, `day`)."""
    case, uow = act.the_case(), act.uow
    planned_for = _planned_for(act)
    what = str(act.values.get("what") or "").strip()
    if not what:
        raise InvalidInput({"what": MISSING})
    row_id = uow.new_id()
    lifecycle = act.pack.lifecycles[LIFE]
    agreed = AgreedStep(
        id=row_id,
        ref=uow.new_ref(PREFIXES[LIFE]),
        case_id=case.id,
        unit_id=case.unit_id,
        pack_version_id=case.pack_version_id,
        state=lifecycle.initial,
        agreed_at=act.now,
        planned_for=planned_for,
        sealed=act.seal(LIFE, row_id, {"what": what}),
    )
    uow.session.add(agreed)
    uow.session.flush()
    clocks.start(
        uow,
        pack=act.pack,
        lifecycle=LIFE,
        subject=agreed,
        names=lifecycle.starts,
        anchors={"now": act.now, PLANNED_FOR: planned_for},
        variables={},
        case_id=case.id,
        now=act.now,
    )
    act.codes["agreed_step"] = agreed.id


def move_step(act: Act) -> None:
    """Give a step of the plan another day; the pack starts its clock anew. Raises InvalidInput (`day`)."""
    act.subject.planned_for = act.anchors[PLANNED_FOR] = _planned_for(act)


def end_step(act: Act) -> None:
    """Note that a step was done or dropped; which of the two says its state."""
    act.subject.ended_at = act.now


def stop_clocks(uow: UnitOfWork, case: SupportCase, *, by: str, now: datetime) -> None:
    """Stop the clocks of the plan when the case ends or the person wants no more of it (CARE 26)."""
    for agreed in cases.agreed_steps(uow.session, case.id):
        for step in steps.open_steps(uow.session, LIFE, agreed.id):
            steps.end(uow.session, step, state="cancelled", by=by, now=now)


def restart_clocks(act: Act) -> None:
    """Start those clocks again that stopped with the case, now that it goes on; what was done or dropped stays so."""
    case, uow = act.the_case(), act.uow
    if case.closed_at is None:
        return
    for agreed in cases.agreed_steps(uow.session, case.id):
        if agreed.ended_at is not None:
            continue
        clocks.start(
            uow,
            pack=act.pack,
            lifecycle=LIFE,
            subject=agreed,
            names=steps.cancelled_at(uow.session, LIFE, agreed.id, case.closed_at),
            anchors=plan_anchors(agreed.planned_for, act.now, uow.organisation.zone),
            variables={},
            case_id=case.id,
            now=act.now,
        )


def _planned_for(act: Act) -> datetime:
    given = act.values.get("day")
    if not given:
        raise InvalidInput({"day": MISSING})
    day = date.fromisoformat(str(given))
    zone = act.uow.organisation.zone
    if day < act.now.astimezone(zone).date():
        raise InvalidInput({"day": DAY_PAST})
    return start_of_day(day, zone)
