"""What a step belongs to, as far as a reminder needs to know: whose chain, which reference, who does it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from trim.store.deadlines import DueStep, leaders_of
from trim.store.tables import Exposure, Incident, SupportCase, Undertaking
from trim.usecases.deadlines.ladder import Asked, next_for_case, next_for_incident, next_for_unit
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Subject:
    """Where a notice about a step leads, and what stands behind it."""

    kind: str
    ref: str
    #: Chain of the trail and subject of the line, which are named alike.
    chain: str
    programme: str
    unit_id: str
    pack_version_id: str
    #: Accounts that do the work: the practitioner of a case, the leaders of a group.
    doers: tuple[str, ...] = ()
    case_id: str | None = None
    incident_id: str | None = None


def subjects_of(uow: UnitOfWork, due: Collection[DueStep]) -> dict[str, Subject]:
    """What each of these steps belongs to, by step id; a step whose subject is gone is left out."""
    found: dict[str, Subject] = {}
    for step in due:
        subject = _of_case(step) if step.case_id is not None else _beside_cases(uow, step)
        if subject is not None:
            found[step.id] = subject
    return found


def _of_case(step: DueStep) -> Subject | None:
    if step.case_ref is None or step.programme is None or step.pack_version_id is None:
        return None
    return Subject(
        kind="case",
        ref=step.case_ref,
        chain=f"case:{step.case_id}",
        programme=step.programme,
        unit_id=step.unit_id,
        pack_version_id=step.pack_version_id,
        doers=(step.practitioner_id,) if step.practitioner_id else (),
        case_id=step.case_id,
    )


def _beside_cases(uow: UnitOfWork, step: DueStep) -> Subject | None:
    incident_id: str | None = step.subject_id
    if step.subject_kind == "exposure":
        exposure = uow.session.get(Exposure, step.subject_id)
        incident_id = exposure.incident_id if exposure is not None else None
    elif step.subject_kind != "incident":
        return _of_undertaking(uow, step)
    incident = uow.session.get(Incident, incident_id) if incident_id else None
    if incident is None:
        return None
    return Subject(
        kind="incident",
        ref=incident.ref,
        chain=f"incident:{incident.id}",
        programme=incident.programme,
        unit_id=incident.unit_id,
        pack_version_id=incident.pack_version_id,
        incident_id=incident.id,
    )


def _of_undertaking(uow: UnitOfWork, step: DueStep) -> Subject | None:
    row = uow.session.get(Undertaking, step.subject_id)
    if row is None:
        return None
    return Subject(
        kind=row.kind,
        ref=row.ref,
        chain=f"undertaking:{row.id}",
        programme=row.programme,
        unit_id=row.unit_id,
        pack_version_id=row.pack_version_id,
        doers=tuple(leaders_of(uow.session, row.id)),
    )


def case_of(uow: UnitOfWork, subject: Subject) -> SupportCase | None:
    """The case behind a step, where there is one."""
    return uow.session.get(SupportCase, subject.case_id) if subject.case_id is not None else None


def next_for(uow: UnitOfWork, subject: Subject, now: datetime, *, to: str, asked: Collection[str]) -> Asked:
    """Whom of the programme to ask next about a step, whatever it belongs to."""
    case = case_of(uow, subject)
    if case is not None:
        return next_for_case(uow, case, now, to=to, asked=asked)
    if subject.incident_id is None:
        return next_for_unit(uow, subject.programme, subject.unit_id, now, to=to, asked=asked)
    incident = uow.session.get(Incident, subject.incident_id)
    assert incident is not None
    return next_for_incident(uow, incident, now, to=to, asked=asked)
