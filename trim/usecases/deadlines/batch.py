"""Up to a hundred steps that want something, in one transaction: each stage once, with its notices and its line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from trim.audit import trail
from trim.domain.access import Role
from trim.engine.definition import Step as StepRule
from trim.engine.stages import Stage, stages_of
from trim.store import deadlines
from trim.store.deadlines import DueStep, stage_id
from trim.store.tables import Account
from trim.usecases.acting.rules import rule_of
from trim.usecases.deadlines.ladder import ANSWER, RUNGS, administrators
from trim.usecases.deadlines.raise_overdue import WORKER, raise_overdue
from trim.usecases.deadlines.subjects import Subject, case_of, next_for, subjects_of
from trim.usecases.unit_of_work import UnitOfWork

#: What is told at each stage that reminds, and the word of its line.
NOTICES = {"remind": "step_reminder", "due": "step_due", "overdue": "step_late", "look_again": "step_look_again"}
#: A clock that moves by no more than this is the same one, and reminds nobody twice: no zone is further from another
#: than 26 hours. One that moves by more began anew, after a pause or from another day.
SAME_CLOCK = timedelta(hours=36)
PRACTITIONER = Role.PRACTITIONER.value


@dataclass
class Work:
    """What one transaction gathers, to be written at its end in a handful of statements."""

    uow: UnitOfWork
    now: datetime
    #: For which instants each stage acted, by step and stage.
    done: dict[tuple[str, str], list[datetime]]
    stages: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    lines: list[trail.Line] = field(default_factory=list)
    next_at: dict[str, datetime | None] = field(default_factory=dict)


def act_on_steps(uow: UnitOfWork, ids: Sequence[str], *, worker: str, now: datetime) -> int:
    """Do what these steps want at `now`, as far as `worker` still holds them. Gives how many stages acted.

    Everything is in the transaction of `uow`: stages, notices, escalations, facts, lines, and when each step next
    wants something. A stage that acted before is never done again: its row has one possible id.
    """
    session = uow.session
    held = deadlines.still_held(session, ids, worker=worker)
    if not held:
        return 0
    deadlines.lock_subjects(session, held)
    due = deadlines.due_steps(session, held)
    subjects = subjects_of(uow, due)
    work = Work(uow, now, deadlines.acted_at(session, held))
    for step in due:
        subject = subjects.get(step.id)
        work.next_at[step.id] = None if subject is None else _act(work, step, subject)
    deadlines.write_stages(session, work.stages)
    deadlines.write_notices(session, work.notices)
    trail.record_many(session, at=now, actor=WORKER, lines=work.lines)
    deadlines.set_next(session, "step", work.next_at)
    # What was erased between the claim and here has nothing left to be done.
    deadlines.give_back(session, set(held) - set(work.next_at), worker=worker)
    return len(work.stages)


def _act(work: Work, step: DueStep, subject: Subject) -> datetime | None:
    """Do what one step wants; gives when it wants something next."""
    if step.state == "paused":
        return _look_again(work, step, subject)
    if step.state != "open":
        return None
    rule = rule_of(work.uow.pack(subject.pack_version_id), step.subject_kind, step.name)
    stages = stages_of(
        rule,
        due_at=step.due_at,
        latest_at=step.latest_at,
        opened_at=step.opened_at,
        zone=work.uow.organisation.zone,
    )
    left = [one for one in stages if not _has_acted(work, step, one.name, one.at)]
    now = [one for one in left if one.at <= work.now]
    for place, stage in enumerate(now):
        later = now[place + 1 :]
        if stage.kind == "escalate":
            _escalate(work, step, subject, stage)
        elif any(one.kind != "escalate" for one in later):
            # A reminder that something will be due, sent when it is late already, only wears people out.
            _write(work, step, subject, stage, outcome="overtaken")
        else:
            _remind(work, step, subject, stage, rule)
    coming = next((one.at for one in left if one.at > work.now), None)
    if coming is None and subject.case_id is None:
        return _further(work, step, subject, stages, just_now=bool(now))
    return coming


def _has_acted(work: Work, step: DueStep, stage: str, at: datetime) -> bool:
    """Whether a stage acted on this clock: one that moved a little, with the time zone say, is the same clock."""
    return any(abs(one - at) <= SAME_CLOCK for one in work.done.get((step.id, stage), ()))


def _remind(work: Work, step: DueStep, subject: Subject, stage: Stage, rule: StepRule | None) -> None:
    who = rule.who if rule is not None else PRACTITIONER
    accounts: Collection[str] = subject.doers if who == PRACTITIONER else ()
    if not accounts:
        accounts = _people(work, subject, to=Role.COORDINATOR.value if who == PRACTITIONER else who, asked=())
    _tell(work, step, subject, stage, NOTICES[stage.kind], accounts)
    _write(work, step, subject, stage, outcome="told" if accounts else "nobody", told=len(accounts))


def _escalate(work: Work, step: DueStep, subject: Subject, stage: Stage) -> None:
    to = stage.to or Role.COORDINATOR.value
    # Not those whose task it is: the practitioner, or whoever was reminded of it.
    asked = {*subject.doers, *deadlines.told_of_step(work.uow.session, step.id), *_told_now(work, step)}
    case = case_of(work.uow, subject)
    if case is None:
        people = _people(work, subject, to=to, asked=asked)
        _tell(work, step, subject, stage, "step_escalated", people)
        _write(work, step, subject, stage, outcome="told" if people else "nobody", told=len(people))
        if not people:
            _nobody_left(work, step, subject, stage, 1)
        return
    raised = raise_overdue(work.uow, case, step, to=to, asked=asked, now=work.now)
    outcome = "stood" if raised.stood else "told" if raised.told else "nobody"
    _write(work, step, subject, stage, outcome=outcome, told=raised.told, escalation_id=raised.escalation_id)


def _further(
    work: Work, step: DueStep, subject: Subject, stages: Sequence[Stage], *, just_now: bool
) -> datetime | None:
    """What has no case has no escalation of its own: while it stays open, the next people are told, day by day."""
    last = next((one for one in stages if one.kind == "escalate"), None)
    if last is None:
        return None
    again = ANSWER.after(work.now, work.uow.organisation.zone)
    if just_now:
        return again
    number = 1
    while _has_acted(work, step, f"further:{number}", last.at):
        number += 1
    asked = {*subject.doers, *deadlines.told_of_step(work.uow.session, step.id)}
    people = _people(work, subject, to=last.to or Role.COORDINATOR.value, asked=asked)
    if people:
        stage = Stage("escalate", f"further:{number}", last.at, last.to)
        _tell(work, step, subject, stage, "step_escalated", people)
        _write(work, step, subject, stage, outcome="told", told=len(people))
    else:
        _nobody_left(work, step, subject, last, number)
    # Whoever gets a role later is asked within a day.
    return again


def _nobody_left(work: Work, step: DueStep, subject: Subject, last: Stage, number: int) -> None:
    """Everybody of the programme was asked: they hear that once, and so do administrators, who can give a role."""
    stage = Stage("escalate", f"nobody_left:{number}", last.at)
    if _has_acted(work, step, stage.name, stage.at):
        return
    everybody = {one.id for role in RUNGS for one in _holders(work, subject, role)}
    _tell(work, step, subject, stage, "escalation_without_answer", sorted(everybody))
    # They see neither case nor incident, and the link of theirs leads to the background work.
    others = [one.id for one in administrators(work.uow, work.now)]
    _tell(work, step, replace(subject, kind="jobs"), stage, "nobody_to_ask", others)
    _write(work, step, subject, stage, outcome="nobody", told=len(everybody) + len(others))


def _look_again(work: Work, step: DueStep, subject: Subject) -> datetime | None:
    """A pause whose day to look again has come: coordinators hear of it, and nothing else moves (CARE 23)."""
    at = step.look_again_at
    if at is None or at > work.now:
        return at
    if _has_acted(work, step, "look_again", at):
        return None
    people = _people(work, subject, to=Role.COORDINATOR.value, asked=())
    stage = Stage("due", "look_again", at)
    _tell(work, step, subject, stage, NOTICES["look_again"], people)
    _write(work, step, subject, stage, outcome="told" if people else "nobody", told=len(people))
    return None


def _people(work: Work, subject: Subject, *, to: str, asked: Collection[str]) -> list[str]:
    return [one.id for one in next_for(work.uow, subject, work.now, to=to, asked=asked).people]


def _holders(work: Work, subject: Subject, role: Role) -> tuple[Account, ...]:
    found = next_for(work.uow, subject, work.now, to=role.value, asked=())
    return found.people if found.role == role.value else ()


def _told_now(work: Work, step: DueStep) -> set[str]:
    return {str(one["recipient_id"]) for one in work.notices if one["step_id"] == step.id}


def _tell(work: Work, step: DueStep, subject: Subject, stage: Stage, kind: str, accounts: Collection[str]) -> None:
    cause = stage_id(step.id, stage.at, stage.name)
    work.notices += [
        {
            "once_key": f"{kind}:{subject.ref}:{cause}:{account}",
            "kind": kind,
            "subject_kind": subject.kind,
            "subject_ref": subject.ref,
            "step_id": step.id,
            "recipient_id": account,
            "made_at": work.now,
        }
        for account in accounts
    ]


def _write(
    work: Work,
    step: DueStep,
    subject: Subject,
    stage: Stage,
    *,
    outcome: str,
    told: int = 0,
    escalation_id: str | None = None,
) -> None:
    work.stages.append(
        {
            "id": stage_id(step.id, stage.at, stage.name),
            "subject_kind": "step",
            "subject_id": step.id,
            "case_id": subject.case_id,
            "stage": stage.name,
            "clock_at": step.due_at,
            "wanted_at": stage.at,
            "acted_at": work.now,
            "outcome": outcome,
            "told": told,
            "escalation_id": escalation_id,
        }
    )
    codes: dict[str, trail.Code] = {
        "step": step.name,
        "stage": stage.name,
        "wanted": stage.at.isoformat(),
        "outcome": outcome,
        "told": told,
    }
    if escalation_id is not None:
        codes["escalation"] = escalation_id
    work.lines.append(
        trail.Line(
            chain=subject.chain,
            what="deadline.escalated" if stage.kind == "escalate" else "deadline.reminded",
            subject=subject.chain,
            pack=subject.pack_version_id,
            codes=codes,
        )
    )
