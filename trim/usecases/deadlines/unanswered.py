"""An escalation that nobody answered in its time goes further up the programme; with nobody left it is an alarm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from trim.audit import trail
from trim.domain.access import Role
from trim.engine.definition import Pack
from trim.store import deadlines
from trim.store.deadlines import stage_id
from trim.store.tables import Account, Escalation, SupportCase
from trim.usecases.acting.rule_words import OVERDUE
from trim.usecases.deadlines.ladder import administrators, next_for_case, time_to_answer
from trim.usecases.deadlines.raise_overdue import ORDINARY, WORKER
from trim.usecases.telling import account_named, supervisors_of, tell
from trim.usecases.unit_of_work import UnitOfWork

Because = Literal["unanswered", "undelivered"]


def act_on_escalations(uow: UnitOfWork, ids: Sequence[str], *, worker: str, now: datetime) -> int:
    """See to escalations whose time is over, as far as `worker` still holds them. Gives how many stages acted."""
    session = uow.session
    held = deadlines.still_held(session, ids, worker=worker)
    next_at: dict[str, datetime | None] = {}
    done = 0
    for escalation in deadlines.escalations(session, held):
        at, acted = _act(uow, escalation, now)
        next_at[escalation.id] = at
        done += acted
    session.flush()
    deadlines.set_next(session, "escalation", next_at)
    deadlines.give_back(session, set(held) - set(next_at), worker=worker)
    return done


def _act(uow: UnitOfWork, escalation: Escalation, now: datetime) -> tuple[datetime | None, int]:
    case = uow.session.get(SupportCase, escalation.case_id, with_for_update=True)
    if case is None or escalation.decided_at is not None or is_final(uow, escalation):
        return None, 0
    if escalation.answer_by > now:
        return escalation.answer_by, 0
    if escalation.taken_by is not None and not _reminded(uow, escalation):
        return _remind_taker(uow, escalation, case, now), 1
    return go_up(uow, escalation, case, now=now, because="unanswered")


def is_final(uow: UnitOfWork, escalation: Escalation) -> bool:
    """Whether the state of an escalation is an end in its pack."""
    states = uow.pack(escalation.pack_version_id).lifecycles["escalation"].states
    return escalation.state in states and states[escalation.state].kind == "final"


def go_up(
    uow: UnitOfWork, escalation: Escalation, case: SupportCase, *, now: datetime, because: Because
) -> tuple[datetime | None, int]:
    """Ask the next people of the programme; gives when to look again, and how many stages acted.

    State and version stay: whoever is deciding at this moment must not be told that their form is out of date.
    """
    pack, zone = uow.pack(escalation.pack_version_id), uow.organisation.zone
    asked = deadlines.told_of(uow.session, escalation.ref) | _apart(uow, escalation, case)
    urgent = escalation.level != ORDINARY
    found = next_for_case(uow, case, now, to=Role.COORDINATOR.value, asked=asked, urgent=urgent)
    if not found.people:
        return _nobody(uow, escalation, case, pack, now)
    clock = escalation.answer_by
    stage = f"{because}:{escalation.rung + 1}"
    escalation.rung += 1
    escalation.to_role = found.role
    escalation.nobody_left_at = None
    escalation.answer_by = time_to_answer(pack, escalation.rule, escalation.level, found.role).after(now, zone)
    uow.session.add(escalation)
    told = _tell(uow, found.people, escalation, "escalation_unanswered", stage, now, urgent=urgent)
    _write(uow, escalation, stage, clock, now, outcome="told", told=told)
    _record(uow, escalation, case, "deadline.went_up", now, role=found.role, because=because, told=told)
    return escalation.answer_by, 1


def _nobody(
    uow: UnitOfWork, escalation: Escalation, case: SupportCase, pack: Pack, now: datetime
) -> tuple[datetime | None, int]:
    """Nobody is left to ask: everybody who may know is told that, once, and a new person is looked for every day."""
    again = time_to_answer(pack, OVERDUE, None, Role.COORDINATOR.value).after(now, uow.organisation.zone)
    if escalation.nobody_left_at is not None:
        return again, 0
    escalation.nobody_left_at = now
    uow.session.add(escalation)
    urgent = escalation.level != ORDINARY
    stage = f"nobody_left:{escalation.rung}"
    everybody = supervisors_of(uow, case, now)
    told = _tell(uow, everybody, escalation, "escalation_without_answer", stage, now, urgent=urgent)
    # Administrators see no case: they can give somebody the role that is missing.
    for one in administrators(uow, now):
        told += tell(
            uow,
            [one],
            kind="nobody_to_ask",
            subject_kind="jobs",
            subject_ref=escalation.ref,
            cause=stage,
            now=now,
            actor=WORKER,
            urgent=urgent,
        )
    _write(uow, escalation, stage, escalation.answer_by, now, outcome="nobody", told=told)
    _record(uow, escalation, case, "deadline.found_nobody", now, role="", because="unanswered", told=told)
    return again, 1


def _remind_taker(uow: UnitOfWork, escalation: Escalation, case: SupportCase, now: datetime) -> datetime:
    """Whoever said "I am looking at it" is asked once how it stands, and has the same time again."""
    pack = uow.pack(escalation.pack_version_id)
    told = _tell(
        uow,
        account_named(uow, str(escalation.taken_by)),
        escalation,
        "escalation_answer_due",
        "answer_due",
        now,
        urgent=escalation.level != ORDINARY,
    )
    _write(uow, escalation, "answer_due", escalation.answer_by, now, outcome="taken", told=told)
    _record(uow, escalation, case, "deadline.answer_reminded", now, role="", because="taken", told=told)
    within = time_to_answer(pack, escalation.rule, escalation.level, escalation.to_role)
    # An account that was closed meanwhile answers nothing: then it goes on at once.
    return within.after(now, uow.organisation.zone) if told else now


def _reminded(uow: UnitOfWork, escalation: Escalation) -> bool:
    return stage_id(escalation.id, escalation.answer_by, "answer_due") in deadlines.acted(uow.session, [escalation.id])


def _apart(uow: UnitOfWork, escalation: Escalation, case: SupportCase) -> set[str]:
    """Whose task it was: an escalation goes to somebody else."""
    apart = {case.practitioner_id} if case.practitioner_id else set()
    if escalation.step_id is not None:
        apart |= deadlines.told_of_step(uow.session, escalation.step_id)
    return apart


def _tell(
    uow: UnitOfWork,
    people: Sequence[Account],
    escalation: Escalation,
    kind: str,
    stage: str,
    now: datetime,
    *,
    urgent: bool,
) -> int:
    return tell(
        uow,
        people,
        kind=kind,
        subject_kind="escalation",
        subject_ref=escalation.ref,
        cause=f"{stage}:{escalation.rung}",
        now=now,
        actor=WORKER,
        urgent=urgent,
    )


def _write(
    uow: UnitOfWork, escalation: Escalation, stage: str, clock: datetime, now: datetime, *, outcome: str, told: int
) -> None:
    row: dict[str, Any] = {
        "id": stage_id(escalation.id, clock, stage),
        "subject_kind": "escalation",
        "subject_id": escalation.id,
        "case_id": escalation.case_id,
        "stage": stage,
        "clock_at": clock,
        "wanted_at": clock,
        "acted_at": now,
        "outcome": outcome,
        "told": told,
        "escalation_id": escalation.id,
    }
    deadlines.write_stages(uow.session, [row])


def _record(
    uow: UnitOfWork, escalation: Escalation, case: SupportCase, what: str, now: datetime, **codes: trail.Code
) -> None:
    uow.record(
        WORKER,
        now,
        what,
        chain=f"case:{case.id}",
        subject=f"escalation:{escalation.id}",
        pack=escalation.pack_version_id,
        codes={"rung": escalation.rung, "level": escalation.level, **codes},
    )
