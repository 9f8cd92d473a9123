"""Work-lists: what is due, for whom, paged by key; each query answers from an index and costs the same when all grows.

Lists of a supervisor take a `Sight`: the conflict rules hold in lists as they do on a case (CARE 10).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from trim.store.conflicts import Sight, seen_by
from trim.store.tables import AgreedStep, AssessmentDraft, Escalation, PackVersion, Referral, Step, SupportCase

#: A place in a list: the instant it is ordered by, and the row's id.
Key = tuple[datetime, str]
#: A step of a pack: the kind of subject it belongs to, and its name.
StepName = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DueRow:
    """One open step with its case; `ref` is that of its subject, `of_all` how many its list has."""

    step: Step
    case: SupportCase
    ref: str
    of_all: int = 0


def pack_versions(session: Session, programmes: Collection[str]) -> list[str]:
    """Ids of every installed version of some programmes: a case may run on any of them."""
    query = select(PackVersion.id).where(col(PackVersion.name).in_(list(programmes)))  # type: ignore[call-overload]
    return list(session.scalars(query.order_by(col(PackVersion.installed_at))))


def cases_seen(
    session: Session,
    sight: Sight,
    *,
    states: Collection[str],
    after: Key | None = None,
    limit: int,
) -> list[SupportCase]:
    """Cases in some states, the newest first."""
    query = select(SupportCase).where(col(SupportCase.state).in_(list(states)), *seen_by(sight))
    if after is not None:
        query = query.where(tuple_(col(SupportCase.opened_at), col(SupportCase.id)) < after)
    return list(
        session.scalars(query.order_by(col(SupportCase.opened_at).desc(), col(SupportCase.id).desc()).limit(limit))
    )


def offered_to(session: Session, account_id: str, *, limit: int) -> list[SupportCase]:
    """Cases whose support somebody is asked to take over."""
    query = select(SupportCase).where(col(SupportCase.proposed_practitioner_id) == account_id)
    return list(session.scalars(query.order_by(col(SupportCase.opened_at), col(SupportCase.id)).limit(limit)))


def drafts_of(session: Session, account_id: str, *, limit: int) -> list[tuple[AssessmentDraft, SupportCase]]:
    """Interviews begun and not submitted in the cases of a practitioner, the oldest first."""
    query = (
        select(AssessmentDraft, SupportCase)
        .join(SupportCase, col(SupportCase.id) == col(AssessmentDraft.case_id))
        .where(col(SupportCase.practitioner_id) == account_id, col(SupportCase.closed_at).is_(None))
        .order_by(col(AssessmentDraft.saved_at), col(AssessmentDraft.id))
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def due_of_practitioner(
    session: Session, account_id: str, names: Iterable[StepName], *, after: Key | None = None, limit: int
) -> list[DueRow]:
    """Open steps in the cases that somebody supports, the next due first."""
    mine = [col(SupportCase.practitioner_id) == account_id]
    return _page(session, mine, names, after=after, limit=limit)


def due_seen(
    session: Session,
    sight: Sight,
    names: Iterable[StepName],
    *,
    late_at: datetime | None = None,
    after: Key | None = None,
    limit: int,
) -> list[DueRow]:
    """Open steps of the cases that a supervisor sees, the next due first; `late_at`: only those overdue then."""
    mine = [_within(Step.unit_id, sight), *seen_by(sight), *_late(late_at)]
    return _page(session, mine, names, after=after, limit=limit)


def first_due(
    session: Session, sight: Sight, names: Iterable[StepName], *, late_at: datetime | None = None, each: int
) -> list[DueRow]:
    """The first `each` open steps of every name, with how many each name has; one query however many names."""
    of_one = [col(Step.subject_kind), col(Step.name)]
    ranked = (
        select(
            col(Step.id).label("step_id"),
            func.row_number().over(partition_by=of_one, order_by=[col(Step.due_at), col(Step.id)]).label("place"),
            func.count().over(partition_by=of_one).label("of_all"),
        )
        .join(SupportCase, col(SupportCase.id) == col(Step.case_id))
        .where(col(Step.state) == "open", _within(Step.unit_id, sight), _named(names), *seen_by(sight), *_late(late_at))
        .subquery()
    )
    query = (
        select(Step, SupportCase, _ref(), ranked.c.of_all)
        .join(ranked, ranked.c.step_id == col(Step.id))
        .join(SupportCase, col(SupportCase.id) == col(Step.case_id))
        .outerjoin(Referral, and_(col(Step.subject_kind) == "referral", col(Referral.id) == col(Step.subject_id)))
        .outerjoin(
            AgreedStep, and_(col(Step.subject_kind) == "agreed_step", col(AgreedStep.id) == col(Step.subject_id))
        )
        .where(ranked.c.place <= each)
        .order_by(col(Step.due_at), col(Step.id))
    )
    return [DueRow(row[0], row[1], row[2] or row[1].ref, row[3]) for row in session.execute(query)]


def escalations_seen(
    session: Session, sight: Sight, *, states: Collection[str], after: Key | None = None, limit: int
) -> list[tuple[Escalation, SupportCase]]:
    """Escalations in some states: red flags before all others, within each the clock that ends first."""
    rank = case((col(Escalation.level) == "now", 0), (col(Escalation.level) == "today", 1), else_=2)
    query = (
        select(Escalation, SupportCase)
        .join(SupportCase, col(SupportCase.id) == col(Escalation.case_id))
        .where(col(Escalation.state).in_(list(states)), _within(Escalation.unit_id, sight), *seen_by(sight))
    )
    if after is not None:
        # How urgent the last one of the page before was; one that is gone since was an ordinary one.
        last = aliased(Escalation)
        level = select(col(last.level)).where(col(last.id) == after[1]).scalar_subquery()
        ranked = case((level == "now", 0), (level == "today", 1), else_=2)
        query = query.where(tuple_(rank, col(Escalation.answer_by), col(Escalation.id)) > tuple_(ranked, *after))
    query = query.order_by(rank, col(Escalation.answer_by), col(Escalation.id)).limit(limit)
    return [(row[0], row[1]) for row in session.execute(query)]


def decided_escalations(
    session: Session, sight: Sight, *, states: Collection[str], after: Key | None = None, limit: int
) -> list[tuple[Escalation, SupportCase]]:
    """Escalations that have been decided, the newest decision first."""
    query = (
        select(Escalation, SupportCase)
        .join(SupportCase, col(SupportCase.id) == col(Escalation.case_id))
        .where(
            col(Escalation.state).in_(list(states)),
            col(Escalation.decided_at).is_not(None),
            _within(Escalation.unit_id, sight),
            *seen_by(sight),
        )
    )
    if after is not None:
        query = query.where(tuple_(col(Escalation.decided_at), col(Escalation.id)) < after)
    query = query.order_by(col(Escalation.decided_at).desc(), col(Escalation.id).desc()).limit(limit)
    return [(row[0], row[1]) for row in session.execute(query)]


def count_escalations(session: Session, sight: Sight, *, states: Collection[str]) -> int:
    """How many escalations a supervisor sees in some states."""
    query = (
        select(func.count())
        .select_from(Escalation)
        .join(SupportCase, col(SupportCase.id) == col(Escalation.case_id))
        .where(col(Escalation.state).in_(list(states)), _within(Escalation.unit_id, sight), *seen_by(sight))
    )
    return session.scalar(query) or 0


def _page(
    session: Session,
    where: Iterable[ColumnElement[bool]],
    names: Iterable[StepName],
    *,
    after: Key | None,
    limit: int,
) -> list[DueRow]:
    query: Any = (
        select(Step, SupportCase, _ref())
        .join(SupportCase, col(SupportCase.id) == col(Step.case_id))
        .outerjoin(Referral, and_(col(Step.subject_kind) == "referral", col(Referral.id) == col(Step.subject_id)))
        .outerjoin(
            AgreedStep, and_(col(Step.subject_kind) == "agreed_step", col(AgreedStep.id) == col(Step.subject_id))
        )
        .where(col(Step.state) == "open", _named(names), *where)
    )
    if after is not None:
        query = query.where(tuple_(col(Step.due_at), col(Step.id)) > after)
    rows = session.execute(query.order_by(col(Step.due_at), col(Step.id)).limit(limit))
    return [DueRow(row[0], row[1], row[2] or row[1].ref) for row in rows]


def _ref() -> ColumnElement[str | None]:
    """The reference of what stands beside a case; none where the step is the case's own."""
    return func.coalesce(col(Referral.ref), col(AgreedStep.ref))


def _within(unit_id: Any, sight: Sight) -> ColumnElement[bool]:
    """The units of a reader said of the listed row as well, so that its own index is used and not that of the cases."""
    return col(unit_id).in_(sorted(set().union(*sight.units.values())))


def _named(names: Iterable[StepName]) -> ColumnElement[bool]:
    kinds: dict[str, set[str]] = {}
    for kind, name in names:
        kinds.setdefault(kind, set()).add(name)
    wanted = [
        and_(col(Step.subject_kind) == kind, col(Step.name).in_(sorted(of_kind)))
        for kind, of_kind in sorted(kinds.items())
    ]
    return or_(*wanted) if wanted else false()


def _late(late_at: datetime | None) -> list[ColumnElement[bool]]:
    return [] if late_at is None else [func.coalesce(col(Step.latest_at), col(Step.due_at)) < late_at]
