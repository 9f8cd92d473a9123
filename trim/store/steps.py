"""Due steps: rows that say what is expected, from which happening, until when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from trim.store.tables import Step

#: States of a step that nobody has ended: a paused one stands still and is still there.
RUNNING = ("open", "paused")


def open_steps(session: Session, subject_kind: str, subject_id: str) -> list[Step]:
    """Steps of one subject that nobody has ended, paused ones too, the next due first."""
    query = (
        select(Step)
        .where(
            col(Step.subject_kind) == subject_kind,
            col(Step.subject_id) == subject_id,
            col(Step.state).in_(RUNNING),
        )
        .order_by(col(Step.due_at), col(Step.id))
    )
    return list(session.scalars(query))


def of_case(session: Session, case_id: str) -> list[Step]:
    """Every step of a case and of what runs beside it, in the order in which the clocks were started."""
    query = select(Step).where(col(Step.case_id) == case_id).order_by(col(Step.opened_at), col(Step.id))
    return list(session.scalars(query))


def cancelled_at(session: Session, subject_kind: str, subject_id: str, at: datetime) -> tuple[str, ...]:
    """Names of the steps of one subject that were cancelled at this very instant."""
    query = select(col(Step.name)).where(
        col(Step.subject_kind) == subject_kind,
        col(Step.subject_id) == subject_id,
        col(Step.state) == "cancelled",
        col(Step.ended_at) == at,
    )
    return tuple(sorted(set(session.scalars(query))))


def end(session: Session, step: Step, *, state: str, by: str, now: datetime) -> None:
    """Mark a step done or cancelled."""
    step.state = state
    step.ended_at = now
    step.ended_by = by
    session.add(step)
