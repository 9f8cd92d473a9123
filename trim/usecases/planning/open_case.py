"""Open a case for one person, or join a new incident to the one that is open (CARE 21)."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor
from trim.store import cases
from trim.store.tables import CaseIncident, Exposure, Incident, SupportCase
from trim.usecases.acting import clocks
from trim.usecases.acting.act import PREFIXES
from trim.usecases.acting.variables import case_variables, final_states
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
    pack_version_id, pack = uow.shelf.current(uow.session, incident.programme)
    lifecycle = pack.lifecycles["case"]
    named = uow.vault.unseal(f"incident:{incident.id}", "exposure", exposure.id, exposure.sealed)
    row_id = uow.new_id()
    uow.new_key(f"case:{row_id}")
    case = SupportCase(
        id=row_id,
        ref=uow.new_ref(PREFIXES["case"]),
        programme=incident.programme,
        pack_version_id=pack_version_id,
        state=lifecycle.initial,
        person_index=exposure.person_index,
        unit_id=incident.unit_id,
        incident_id=incident.id,
        direct_referral=exposure.response == DIRECT,
        opened_at=now,
        sealed=uow.vault.seal(f"case:{row_id}", "support_case", row_id, {"person_id": named["person_id"]}),
    )
    uow.session.add(case)
    uow.session.flush()
    attach(uow, case, incident, exposure, now)
    clocks.start(
        uow,
        pack=pack,
        lifecycle="case",
        subject=case,
        names=lifecycle.starts,
        anchors=clocks.anchors_of(uow, case=case, incident=incident, exposure=exposure, now=now),
        variables=case_variables(uow, actor, case, incident, pack, now),
        case_id=case.id,
        now=now,
    )
    uow.record(
        actor,
        now,
        "case.opened",
        chain=f"case:{case.id}",
        subject=f"case:{case.id}",
        role=role,
        pack=pack_version_id,
        codes={"incident": incident.id, "to": case.state, "version": 1, "response": exposure.response},
    )
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
