"""What acts when nobody does: which stage of a clock acted, who is at work on what, and how the workers do.

No row here names a person. `acts_at` of a step and of an escalation says when it next wants something; a tick with
nothing due reads one short index and nothing else, however many cases there are.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, Integer, event, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapper
from sqlmodel import SQLModel

from trim.store.columns import ID_LENGTH, identifier, instant, key, link, plain, word
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table
from trim.store.tables.case import Step
from trim.store.tables.programme import Escalation

#: A step's columns that move its clock; whoever changes one has it looked at by the next tick.
CLOCK = ("state", "due_at", "latest_at", "earliest_at", "anchor_at", "look_again_at")


class DeadlineStage(SQLModel, table=True):
    """One stage of a clock that acted: a reminder, the due instant, an escalation; written once."""

    __tablename__ = "deadline_stage"
    __table_args__ = (
        CheckConstraint("subject_kind IN ('step','escalation','draft')", name="subject_kind"),
        Index("ix_deadline_stage_subject", "subject_id", "acted_at"),
    )

    id: str = key("drawn from subject, clock and stage, so that no stage can act twice")
    subject_kind: str = word("step, escalation or draft")
    subject_id: str = identifier("row id of that", ID_LENGTH)
    case_id: str | None = link("support_case.id", "the case behind it: erased with it", nullable=True)
    stage: str = word("which rule: a reminder, due, overdue, escalated, unanswered")
    clock_at: datetime = instant("the instant that its clock ran to")
    wanted_at: datetime = instant("when the rule wanted it")
    acted_at: datetime = instant("when it was done")
    outcome: str = word("told, overtaken, nobody or taken")
    told: int = plain("how many were told", Integer, default=0)
    escalation_id: str | None = link("escalation.id", "the escalation it raised", nullable=True)


class Claim(SQLModel, table=True):
    """A worker is at work on something that is due; it counts until its time is over, and then anybody's does."""

    __tablename__ = "claim"
    __table_args__ = (CheckConstraint("subject_kind IN ('step','escalation','notice')", name="subject_kind"),)

    id: str = identifier("row id of what is worked on", ID_LENGTH, primary_key=True)
    subject_kind: str = word("step, escalation, or a notice that reached nobody")
    worker: str = identifier("machine and process", 64)
    until_at: datetime = instant("another worker may take it after")
    failures: int = plain("how often it could not be done", Integer, default=0)
    problem: str | None = word("kind of the last failure, a word of the program", nullable=True, default=None)
    set_aside_at: datetime | None = instant("not tried any more until somebody says so", nullable=True, default=None)


class Job(SQLModel, table=True):
    """One kind of work that runs without a person: how its last run went, and who runs it now."""

    __tablename__ = "job"

    name: str = word("which work", primary_key=True)
    last_day: date | None = plain(
        "the local day it was last done for, for daily work", Date, nullable=True, default=None
    )
    claimed_by: str | None = identifier("machine and process that runs it", 64, nullable=True, default=None)
    claimed_until: datetime | None = instant("another worker may take it after", nullable=True, default=None)
    started_at: datetime | None = instant("when its last run began", nullable=True, default=None)
    ended_at: datetime | None = instant("when its last good run ended", nullable=True, default=None)
    milliseconds: int = plain("how long its last good run took", Integer, default=0)
    did: int = plain("how many things its last good run did", Integer, default=0)
    runs: int = plain("runs that went well", Integer, default=0)
    failures: int = plain("runs in a row that failed", Integer, default=0)
    problem: str | None = word("kind of the last failure, a word of the program", nullable=True, default=None)
    failed_at: datetime | None = instant("when it failed last", nullable=True, default=None)


class JobRun(SQLModel, table=True):
    """One run that did something or failed; kept for a month."""

    __tablename__ = "job_run"
    __table_args__ = (Index("ix_job_run_started", "started_at", "id"),)

    id: str = key()
    job: str = word("which work")
    worker: str = identifier("machine and process", 64)
    started_at: datetime = instant("when it began")
    milliseconds: int = plain("how long it took", Integer)
    did: int = plain("how many things it did", Integer)
    problem: str | None = word("kind of the failure, a word of the program", nullable=True, default=None)


class Worker(SQLModel, table=True):
    """A process that works without a person, and when it last gave a sign of life."""

    __tablename__ = "worker"

    id: str = identifier("machine, process and a random part", 64, primary_key=True)
    kind: str = word("embedded, serving or distributed")
    started_at: datetime = instant("when it started")
    beat_at: datetime = instant("its last sign of life", index=True)
    stopped_at: datetime | None = instant("when it stopped in order", nullable=True, default=None)
    ticks: int = plain("rounds it has made", Integer, default=0)


def _look_at_step(_: Mapper[Step], __: Connection, step: Step) -> None:
    """A clock that starts or moves is looked at by the next tick, which works out when it wants something.

    Here and not in each use case: a clock that somebody moves and forgets to announce would never act.
    """
    moved = any(inspect(step).attrs[name].history.has_changes() for name in CLOCK)
    if step.state == "paused":
        step.acts_at = step.look_again_at
    elif step.state != "open":
        step.acts_at = None
    elif moved or step.acts_at is None:
        step.acts_at = step.opened_at


def _look_at_escalation(_: Mapper[Escalation], __: Connection, escalation: Escalation) -> None:
    """An escalation wants somebody at the end of its clock, until it is decided."""
    if escalation.decided_at is not None:
        escalation.acts_at = None
    elif inspect(escalation).attrs["answer_by"].history.has_changes():
        escalation.acts_at = escalation.answer_by


for moment in ("before_insert", "before_update"):
    event.listen(Step, moment, _look_at_step)
    event.listen(Escalation, moment, _look_at_escalation)
