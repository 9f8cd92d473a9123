"""The worker's rounds in tests, and what they left: stages, notices, escalations, lines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from tests.support.organisation import Organisation
from trim.store.tables import DeadlineStage, Escalation, Notice, Step, SupportCase, TrailEntry
from trim.usecases.deadlines.act_on_due_steps import Swept, act_on_due_steps


def sweep(made: Organisation, at: datetime | None = None, worker: str = "here") -> Swept:
    """One round of the worker, now or at an instant, which becomes now."""
    made.now = at or made.now
    return act_on_due_steps(made.backend, worker=worker, now=made.now)


def step_of(made: Organisation, ref: str, name: str) -> Step:
    """The newest step of that name of a case."""
    with made.backend.reading() as uow:
        query = (
            select(Step)
            .join(SupportCase, col(SupportCase.id) == col(Step.case_id))
            .where(col(SupportCase.ref) == ref, col(Step.name) == name)
            .order_by(col(Step.opened_at).desc())
        )
        step = uow.session.scalars(query).first()
        assert step is not None
        return step


def stages(made: Organisation, subject_id: str) -> list[DeadlineStage]:
    """What acted of a step or an escalation, in its order."""
    with made.backend.reading() as uow:
        query = select(DeadlineStage).where(col(DeadlineStage.subject_id) == subject_id)
        return list(uow.session.scalars(query.order_by(col(DeadlineStage.wanted_at), col(DeadlineStage.acted_at))))


def told(made: Organisation, kind: str | None = None) -> list[tuple[str, str]]:
    """Kind and recipient's name of every notice the worker wrote, in the order of their names."""
    names = {account.id: name for name, account in made.accounts.items()}
    with made.backend.reading() as uow:
        rows = uow.session.scalars(select(Notice).where(col(Notice.kind) == kind) if kind else select(Notice))
        return sorted((one.kind, names.get(one.recipient_id, one.recipient_id)) for one in rows)


def escalations(made: Organisation) -> list[Escalation]:
    """Every escalation, the earliest first."""
    with made.backend.reading() as uow:
        return list(uow.session.scalars(select(Escalation).order_by(col(Escalation.raised_at), col(Escalation.id))))


def lines(made: Organisation, prefix: str) -> list[str]:
    """Code words of the trail that begin so, in the order in which they were written, chain by chain."""
    with made.backend.reading() as uow:
        query = select(TrailEntry).where(col(TrailEntry.what).startswith(prefix))
        found = list(uow.session.scalars(query.order_by(col(TrailEntry.chain), col(TrailEntry.number))))
        return [one.what for one in found]
