"""Why an escalation reached somebody: which rule, which clock, what was sent before, and whether it was delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.engine.definition import Pack
from trim.engine.durations import Duration
from trim.store import deadlines
from trim.store.tables import DeadlineStage, Escalation, Notice, Step
from trim.usecases.cases.call_now import Numbers, numbers_for
from trim.usecases.cases.case_file import DueStep
from trim.usecases.cases.gathered import Gathered
from trim.usecases.cases.steps import due_step
from trim.usecases.deadlines.raise_overdue import ORDINARY
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Sent:
    """One earlier notice: what it said, to whom, and what became of it."""

    kind: str
    to: str
    made_at: datetime
    #: waiting, sent, failed or dropped.
    state: str
    settled_at: datetime | None
    because: str | None
    urgent: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """One stage that acted: of the step's clock, or of the escalation's own."""

    stage: str
    wanted_at: datetime
    acted_at: datetime
    outcome: str
    told: int


@dataclass(frozen=True, slots=True)
class CameOf:
    """`step` is the overdue step with its clock, None where something else raised it; `after` how long past its
    latest instant the pack waits. `numbers` are there where somebody may be in danger (CARE 2)."""

    step: DueStep | None
    after: Duration | None
    stages: tuple[Happened, ...]
    sent: tuple[Sent, ...]
    rung: int
    nobody_left_at: datetime | None
    numbers: Numbers | None


def came_of(uow: UnitOfWork, one: Escalation, gathered: Gathered, pack: Pack, now: datetime) -> CameOf:
    """What led to an escalation and what was done since, by rule, clock and notice."""
    row = next((step for step in gathered.steps if step.id == one.step_id), None)
    ids = [one.id] + ([row.id] if row is not None else [])
    return CameOf(
        step=due_step(pack, gathered, row) if row is not None else None,
        after=_after(pack, row),
        stages=tuple(happened(stage) for stage in deadlines.stages_of(uow.session, ids)),
        sent=tuple(sent(notice, name) for notice, name in deadlines.notices_about(uow.session, one.ref, one.step_id)),
        rung=one.rung,
        nobody_left_at=one.nobody_left_at if one.decided_at is None else None,
        numbers=numbers_for(uow, gathered.case, now)
        if one.decided_at is None and (one.level != ORDINARY or one.nobody_left_at is not None)
        else None,
    )


def happened(stage: DeadlineStage) -> Happened:
    """A stage that acted, for a page."""
    return Happened(stage.stage, stage.wanted_at, stage.acted_at, stage.outcome, stage.told)


def sent(notice: Notice, name: str) -> Sent:
    """A notice and what became of it, for a page; `name` is its recipient's."""
    return Sent(
        notice.kind, name, notice.made_at, notice.state, notice.settled_at, notice.failed_because, notice.urgent
    )


def _after(pack: Pack, row: Step | None) -> Duration | None:
    lifecycle = pack.lifecycles.get(row.subject_kind) if row is not None else None
    rule = lifecycle.steps.get(row.name) if lifecycle is not None and row is not None else None
    return rule.overdue.escalate_after if rule is not None and rule.overdue is not None else None
