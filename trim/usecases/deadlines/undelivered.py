"""A notice that cannot be delivered counts as unanswered at once: the next person of the programme hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trim.domain.access import Role
from trim.domain.errors import NotFound
from trim.domain.telling import matters_while
from trim.store import cases, deadlines
from trim.store.deadlines import stage_id
from trim.store.tables import Escalation, Notice, SupportCase
from trim.usecases.deadlines.raise_overdue import WORKER
from trim.usecases.deadlines.subjects import next_for, subjects_of
from trim.usecases.deadlines.unanswered import go_up, is_final
from trim.usecases.telling import tell
from trim.usecases.unit_of_work import UnitOfWork


def act_on_undelivered(uow: UnitOfWork, ids: Sequence[str], *, worker: str, now: datetime) -> int:
    """Go through notices that failed, as far as `worker` still holds them. Gives how many others were asked instead."""
    held = deadlines.still_held(uow.session, ids, worker=worker)
    failed = deadlines.undelivered(uow.session, held)
    deadlines.lock_subjects(uow.session, {one.step_id for one in failed if one.step_id is not None})
    asked = sum(_weigh(uow, notice, now) for notice in failed)
    deadlines.weigh(uow.session, held, now)
    return asked


def _weigh(uow: UnitOfWork, notice: Notice, now: datetime) -> int:
    if notice.subject_kind == "escalation":
        return _weigh_question(uow, notice, now)
    if notice.step_id is not None:
        return _weigh_reminder(uow, notice, notice.step_id, now)
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


def _weigh_reminder(uow: UnitOfWork, notice: Notice, step_id: str, now: datetime) -> int:
    """Whoever should do something cannot be reached: somebody of the programme looks after it before it is late."""
    due = deadlines.due_steps(uow.session, [step_id])
    subjects = subjects_of(uow, due)
    if not subjects or due[0].state not in matters_while(notice.kind):
        return 0
    step, subject = due[0], subjects[step_id]
    asked = deadlines.told_of_step(uow.session, step.id)
    found = next_for(uow, subject, now, to=Role.COORDINATOR.value, asked=asked)
    told = tell(
        uow,
        found.people,
        kind="reminder_undelivered",
        subject_kind=subject.kind,
        subject_ref=subject.ref,
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
        chain=subject.chain,
        subject=subject.chain,
        pack=subject.pack_version_id,
        codes={"step": step.name, "because": notice.failed_because or "", "told": told},
    )
    return 1
