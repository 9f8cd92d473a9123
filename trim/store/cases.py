"""Cases and what belongs to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, SQLModel, col

from trim.domain.confidentiality import UNDERTAKINGS
from trim.domain.errors import NotFound
from trim.store.tables import (
    ActionRecord,
    AgreedStep,
    Assessment,
    AssessmentDraft,
    CaseIncident,
    CaseLink,
    CaseRequest,
    ConflictAnswer,
    Escalation,
    Exclusion,
    Exposure,
    Incident,
    Referral,
    SupportCase,
    Undertaking,
)

Subject = SupportCase | Incident | Escalation | Referral | AgreedStep

TABLES: dict[str, type[SQLModel]] = {
    **dict.fromkeys(("undertaking", *UNDERTAKINGS), Undertaking),
    "case": SupportCase,
    "incident": Incident,
    "escalation": Escalation,
    "referral": Referral,
    "agreed_step": AgreedStep,
}


def load(session: Session, kind: str, ref: str, *, lock: bool = False) -> Any:
    """The row of a reference, locked until the transaction ends when it will be changed. Raises NotFound."""
    table: Any = TABLES[kind]
    query = select(table).where(table.ref == ref)
    if lock:
        query = query.with_for_update()
    row = session.scalar(query)
    if row is None or (kind in UNDERTAKINGS and row.kind != kind):
        raise NotFound
    return row


def by_id(session: Session, case_id: str, *, lock: bool = False) -> SupportCase:
    """The case of an id. Raises NotFound."""
    query = select(SupportCase).where(col(SupportCase.id) == case_id)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound
    return row


def open_of_person(session: Session, person_index: str, programme: str, final: Collection[str]) -> SupportCase | None:
    """The open case of a person in a programme; `final` are the state words that mean closed."""
    return session.scalar(
        select(SupportCase)
        .where(
            col(SupportCase.person_index) == person_index,
            col(SupportCase.programme) == programme,
            col(SupportCase.state).not_in(list(final)),
        )
        .order_by(col(SupportCase.opened_at))
        .limit(1)
    )


def incidents_of(session: Session, case_id: str) -> list[tuple[CaseIncident, Incident, Exposure]]:
    """The incidents a case covers, with the person's exposure to each, the first joined first."""
    rows = session.execute(
        select(CaseIncident, Incident, Exposure)
        .join(Incident, col(Incident.id) == col(CaseIncident.incident_id))
        .join(Exposure, col(Exposure.id) == col(CaseIncident.exposure_id))
        .where(col(CaseIncident.case_id) == case_id)
        .order_by(col(CaseIncident.joined_at), col(CaseIncident.id))
    )
    return [(row[0], row[1], row[2]) for row in rows]


def is_exposed_to_same(session: Session, case_id: str, person_index: str) -> bool:
    """Whether somebody was exposed to one of the incidents of a case."""
    found = session.scalar(
        select(func.count())
        .select_from(CaseIncident)
        .join(Exposure, col(Exposure.incident_id) == col(CaseIncident.incident_id))
        .where(col(CaseIncident.case_id) == case_id, col(Exposure.person_index) == person_index)
    )
    return bool(found)


def is_excluded(session: Session, case_id: str, account_id: str) -> bool:
    """Whether the person asked that this account be kept away."""
    query = select(Exclusion.id).where(col(Exclusion.case_id) == case_id, col(Exclusion.account_id) == account_id)  # type: ignore[call-overload]
    return session.scalar(query.limit(1)) is not None


def conflict_answer(session: Session, case_id: str, account_id: str) -> ConflictAnswer | None:
    """The newest answer of an account to the question about line management."""
    return session.scalar(
        select(ConflictAnswer)
        .where(col(ConflictAnswer.case_id) == case_id, col(ConflictAnswer.account_id) == account_id)
        .order_by(col(ConflictAnswer.answered_at).desc())
        .limit(1)
    )


def records(session: Session, case_id: str) -> list[ActionRecord]:
    """Everything done on a case and on what runs beside it, in order."""
    query = select(ActionRecord).where(col(ActionRecord.case_id) == case_id)
    return list(session.scalars(query.order_by(col(ActionRecord.done_at), col(ActionRecord.version))))


def records_since(session: Session, subject_id: str, version: int) -> list[ActionRecord]:
    """What was done on a subject after a version was shown."""
    query = select(ActionRecord).where(col(ActionRecord.subject_id) == subject_id, col(ActionRecord.version) > version)
    return list(session.scalars(query.order_by(col(ActionRecord.version))))


def assessments(session: Session, case_id: str, *, current_only: bool = True) -> list[Assessment]:
    """Submitted interviews of a case, the earliest first."""
    query = select(Assessment).where(col(Assessment.case_id) == case_id)
    if current_only:
        query = query.where(col(Assessment.status) == "current")
    return list(session.scalars(query.order_by(col(Assessment.held_at), col(Assessment.recorded_at))))


def draft(session: Session, case_id: str, step: str, *, lock: bool = False) -> AssessmentDraft | None:
    """The unsubmitted interview of a step."""
    query = select(AssessmentDraft).where(col(AssessmentDraft.case_id) == case_id, col(AssessmentDraft.step) == step)
    return session.scalar(query.with_for_update() if lock else query)


def drafts(session: Session, case_id: str) -> list[AssessmentDraft]:
    """The unsubmitted interviews of a case, the one saved last first."""
    query = select(AssessmentDraft).where(col(AssessmentDraft.case_id) == case_id)
    return list(session.scalars(query.order_by(col(AssessmentDraft.saved_at).desc())))


def escalations(session: Session, case_id: str) -> list[Escalation]:
    """Escalations of a case, the earliest first."""
    query = select(Escalation).where(col(Escalation.case_id) == case_id)
    return list(session.scalars(query.order_by(col(Escalation.raised_at), col(Escalation.id))))


def referrals(session: Session, case_id: str) -> list[Referral]:
    """Referrals of a case, the earliest first."""
    query = select(Referral).where(col(Referral.case_id) == case_id)
    return list(session.scalars(query.order_by(col(Referral.proposed_at), col(Referral.id))))


def agreed_steps(session: Session, case_id: str) -> list[AgreedStep]:
    """The steps of the agreed plan, the first day first."""
    query = select(AgreedStep).where(col(AgreedStep.case_id) == case_id)
    return list(
        session.scalars(query.order_by(col(AgreedStep.planned_for), col(AgreedStep.agreed_at), col(AgreedStep.id)))
    )


def refs_of_programme(session: Session, programme: str) -> set[str]:
    """The references of all cases of a programme."""
    return set(session.scalars(select(SupportCase.ref).where(col(SupportCase.programme) == programme)))  # type: ignore[call-overload]


def requests(session: Session, case_id: str) -> list[CaseRequest]:
    """What came with a case that no incident opened, the earliest first."""
    query = select(CaseRequest).where(col(CaseRequest.case_id) == case_id)
    return list(session.scalars(query.order_by(col(CaseRequest.received_at), col(CaseRequest.id))))


def linked_with(session: Session, case_id: str) -> list[tuple[CaseLink, SupportCase]]:
    """The cases of the same person in other programmes that are linked with this one, whichever was there first."""
    query = (
        select(CaseLink, SupportCase)
        .join(
            SupportCase,
            or_(
                and_(col(CaseLink.case_id) == case_id, col(SupportCase.id) == col(CaseLink.other_id)),
                and_(col(CaseLink.other_id) == case_id, col(SupportCase.id) == col(CaseLink.case_id)),
            ),
        )
        .order_by(col(CaseLink.linked_at), col(CaseLink.id))
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def open_count_of_practitioner(
    session: Session, account_ids: Collection[str], final: Collection[str]
) -> dict[str, int]:
    """How many open cases each practitioner has."""
    rows = session.execute(
        select(SupportCase.practitioner_id, func.count())  # type: ignore[call-overload]
        .where(col(SupportCase.practitioner_id).in_(list(account_ids)), col(SupportCase.state).not_in(list(final)))
        .group_by(col(SupportCase.practitioner_id))
    )
    return {row[0]: row[1] for row in rows}


def exposures_since(session: Session, person_index: str, since: datetime) -> list[tuple[Exposure, Incident]]:
    """A person's exposures to incidents since an instant, the newest first."""
    rows = session.execute(
        select(Exposure, Incident)
        .join(Incident, col(Incident.id) == col(Exposure.incident_id))
        .where(col(Exposure.person_index) == person_index, col(Incident.occurred_at) >= since)
        .order_by(col(Incident.occurred_at).desc())
    )
    return [(row[0], row[1]) for row in rows]
