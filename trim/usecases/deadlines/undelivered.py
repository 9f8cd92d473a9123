"""A notice that cannot be delivered counts as unanswered at once: the next person of the programme hears of it."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Role
from trim.domain.errors import NotFound
from trim.store import cases, deadlines
from trim.store.deadlines import stage_id
from trim.store.tables import Escalation, Incident, Notice, Step, SupportCase, Undertaking
from trim.usecases.deadlines.ladder import Asked, next_for_case, next_for_incident, next_for_unit
from trim.usecases.deadlines.raise_overdue import WORKER
from trim.usecases.deadlines.unanswered import go_up, is_final
from trim.usecases.telling import tell
from trim.usecases.unit_of_work import Backend, UnitOfWork


def weigh_undelivered(backend: Backend, *, now: datetime) -> int:
    """Go through notices that failed, a hundred in a transaction. Gives how many others were asked instead."""
    asked = 0
    while True:
        with backend.writing() as uow:
            failed = deadlines.undelivered(uow.session)
            for notice in failed:
                asked += _weigh(uow, notice, now)
            if failed:
                deadlines.weigh(uow.session, [one.id for one in failed], now)
        if len(failed) < deadlines.BATCH:
            return asked


def _weigh(uow: UnitOfWork, notice: Notice, now: datetime) -> int:
    if notice.subject_kind == "escalation":
        return _weigh_question(uow, notice, now)
    if notice.step_id is not None:
        return _weigh_reminder(uow, notice, now)
    # The rest asks nothing of anybody by a clock; it stands on the page of what could not be delivered.
    return 0


def _weigh_question(uow: UnitOfWork, notice: Notice, now: datetime) -> int:
    """An escalation of which nobody who was told can have heard goes up at once, before its clock is over."""
    try:
        escalation: Escalation = cases.load(uow.session, "escalation", notice.subject_ref, lock=True)
    except NotFound:
        return 0
    case = uow.session.get(SupportCase, escalation.case_id, with_for_update=True)
    if case is None or escalation.decided_at is not None or escalation.taken_by or is_final(uow, escalation):
        return 0
    if deadlines.may_answer(uow.session, escalation.ref) or escalation.nobody_left_at is not None:
        return 0
    at, acted = go_up(uow, escalation, case, now=now, because="undelivered")
    uow.session.flush()
    deadlines.set_next(uow.session, "escalation", {escalation.id: at})
    return acted


def _weigh_reminder(uow: UnitOfWork, notice: Notice, now: datetime) -> int:
    """Whoever should do something cannot be reached: somebody of the programme looks after it before it is late."""
    step = uow.session.get(Step, notice.step_id)
    if step is None or step.state != "open":
        return 0
    found, chain, pack = _instead(uow, step, now)
    told = tell(
        uow,
        found.people,
        kind="reminder_undelivered",
        subject_kind=notice.subject_kind,
        subject_ref=notice.subject_ref,
        cause=f"{step.id}:{notice.id}",
        now=now,
        actor=WORKER,
        step_id=step.id,
    )
    row = {
        "id": stage_id(step.id, notice.made_at, f"undelivered:{notice.id}"),
        "subject_kind": "step",
        "subject_id": step.id,
        "case_id": step.case_id,
        "stage": "undelivered",
        "clock_at": step.due_at,
        "wanted_at": notice.settled_at or now,
        "acted_at": now,
        "outcome": "told" if told else "nobody",
        "told": told,
        "escalation_id": None,
    }
    deadlines.write_stages(uow.session, [row])
    uow.record(
        WORKER,
        now,
        "deadline.undelivered",
        chain=chain,
        subject=chain,
        pack=pack,
        codes={"step": step.name, "because": notice.failed_because or "", "told": told},
    )
    return 1


def _instead(uow: UnitOfWork, step: Step, now: datetime) -> tuple[Asked, str, str]:
    asked = deadlines.told_of_step(uow.session, step.id)
    to = Role.COORDINATOR.value
    if step.case_id is not None:
        case = cases.by_id(uow.session, step.case_id)
        return next_for_case(uow, case, now, to=to, asked=asked), f"case:{case.id}", case.pack_version_id
    incident = uow.session.get(Incident, step.subject_id)
    if incident is not None:
        found = next_for_incident(uow, incident, now, to=to, asked=asked)
        return found, f"incident:{incident.id}", incident.pack_version_id
    one = uow.session.get(Undertaking, step.subject_id)
    if one is None:
        raise NotFound
    found = next_for_unit(uow, one.programme, one.unit_id, now, to=to, asked=asked)
    return found, f"undertaking:{one.id}", one.pack_version_id
