"""Open a case for one person, or join a new incident to the one that is open (CARE 21)."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor
from trim.store import cases
from trim.store.tables import CaseIncident, Exposure, Incident, SupportCase
from trim.usecases.acting.variables import final_states
from trim.usecases.cases.begin_case import Beginning, begin_case, run_clocks
from trim.usecases.counting import count
from trim.usecases.unit_of_work import UnitOfWork

DIRECT = "professional_care"


def open_case_of(uow: UnitOfWork, exposure: Exposure, incident: Incident) -> SupportCase | None:
    """The open case of an exposed person in the incident's programme."""
    final = final_states(uow.pack(incident.pack_version_id), "case")
    return cases.open_of_person(uow.session, exposure.person_index, incident.programme, final)


def open_case(
    uow: UnitOfWork, actor: Actor, *, now: datetime, incident: Incident, exposure: Exposure, role: str
) -> SupportCase:
    """Open a case with its own key and start its first clocks."""
    named = uow.vault.unseal(f"incident:{incident.id}", "exposure", exposure.id, exposure.sealed)
    case = begin_case(
        uow,
        actor,
        now=now,
        beginning=Beginning(
            programme=incident.programme,
            person_id=named["person_id"],
            person_index=exposure.person_index,
            unit_id=incident.unit_id,
            direct_referral=exposure.response == DIRECT,
        ),
        role=role,
        incident=incident,
        codes={"incident": incident.id, "response": exposure.response},
    )
    attach(uow, case, incident, exposure, now)
    run_clocks(uow, actor, case, now=now, incident=incident, exposure=exposure)
    count(uow, "case_opened", case=case, now=now, category=exposure.response)
    return case


def attach(uow: UnitOfWork, case: SupportCase, incident: Incident, exposure: Exposure, now: datetime) -> None:
    """Note that a case covers an incident."""
    uow.session.add(
        CaseIncident(id=uow.new_id(), case_id=case.id, incident_id=incident.id, exposure_id=exposure.id, joined_at=now)
    )
    exposure.case_id = case.id
    uow.session.add(exposure)
    uow.session.flush()
