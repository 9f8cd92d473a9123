"""Facts grouped and counted by the database: what goes into a release, and the rows that facts are told anew from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from trim.store.tables import ActionRecord, Escalation, Fact, Headcount, Incident, Step, SupportCase, Unit

#: The columns by which facts are grouped, in the order of the rows given.
GROUPED = ("quarter", "kind", "unit_id", "programme", "category", "incident_kind", "exposure", "staff_group")
#: Rows that the database hands over at once: memory does not grow with the number of facts or groups.
CHUNK = 2_000


def grouped(quarters: Collection[str], states: Collection[str]) -> Select[Any]:
    """One row for each group: the columns of GROUPED, how many facts, and the union of their marks."""
    columns = [getattr(Fact, name) for name in GROUPED]
    return (
        select(*columns, func.sum(Fact.weight), func.sum(func.distinct(col(Fact.mark))))
        .where(col(Fact.quarter).in_(sorted(quarters)), col(Fact.state).in_(sorted(states)))
        .group_by(*columns)
    )


def cube(session: Session, quarters: Collection[str], states: Collection[str]) -> Iterator[tuple[Any, ...]]:
    """The groups of some quarters with their numbers, handed over in parts, in no order that means anything."""
    yield from (tuple(row) for row in session.execute(grouped(quarters, states)).yield_per(CHUNK))


def headcounts(session: Session, quarter: str) -> dict[str, int]:
    """People of each unit itself: the newest head-count that holds in that quarter."""
    query = select(Headcount).where(col(Headcount.quarter) <= quarter).order_by(col(Headcount.quarter))
    return {row.unit_id: row.people for row in session.scalars(query)}


def units(session: Session) -> list[Unit]:
    """Every unit, retired ones too: facts may name them."""
    return list(session.scalars(select(Unit).order_by(col(Unit.name))))


def cases_after(session: Session, after: str, limit: int) -> list[SupportCase]:
    """Cases by row id, those after one."""
    query = select(SupportCase).where(col(SupportCase.id) > after).order_by(col(SupportCase.id)).limit(limit)
    return list(session.scalars(query))


def incidents_after(session: Session, after: str, limit: int) -> list[Incident]:
    """Incidents by row id, those after one."""
    query = select(Incident).where(col(Incident.id) > after).order_by(col(Incident.id)).limit(limit)
    return list(session.scalars(query))


def done_on(session: Session, case_id: str) -> list[ActionRecord]:
    """Everything done on a case and what runs beside it, the first first."""
    query = select(ActionRecord).where(col(ActionRecord.case_id) == case_id)
    return list(session.scalars(query.order_by(col(ActionRecord.done_at), col(ActionRecord.version))))


def raised_on(session: Session, case_id: str) -> list[Escalation]:
    """Every escalation of a case."""
    return list(session.scalars(select(Escalation).where(col(Escalation.case_id) == case_id)))


def completed_steps(session: Session, case_id: str) -> list[Step]:
    """Steps of a case that were done."""
    query = select(Step).where(
        col(Step.case_id) == case_id, col(Step.subject_kind) == "case", col(Step.state) == "done"
    )
    return list(session.scalars(query))
