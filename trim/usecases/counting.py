"""Writes the statistical facts of a case, all in one shape, so that no fact says more than it may (law 10)."""

from __future__ import annotations

from datetime import datetime

from trim.store import facts, incidents
from trim.store.tables import Incident, SupportCase
from trim.usecases.acting.standing import subject_of
from trim.usecases.unit_of_work import UnitOfWork


def count(uow: UnitOfWork, kind: str, *, case: SupportCase, now: datetime, category: str | None = None) -> None:
    """One fact about a case: what, in which quarter and unit, of which kind of incident, exposure and staff group."""
    incident = uow.session.get(Incident, case.incident_id) if case.incident_id else None
    exposure = incidents.exposure(uow.session, incident.id, case.person_index) if incident else None
    facts.add(
        uow.session,
        kind,
        now=now,
        unit_id=case.unit_id,
        programme=case.programme,
        category=category,
        incident_kind=incident.kind if incident else None,
        exposure=exposure.kind if exposure else None,
        staff_group=subject_of(uow, case).staff_group,
    )
