"""Begin a case of whatever came: its own key, its first clocks, its line in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from trim.audit import trail
from trim.domain.access import Actor
from trim.engine.definition import INCIDENT
from trim.store.tables import CaseRequest, Exposure, Incident, SupportCase
from trim.usecases.acting import clocks
from trim.usecases.acting.act import PREFIXES
from trim.usecases.acting.variables import case_variables
from trim.usecases.counting import count
from trim.usecases.unit_of_work import UnitOfWork

CONCERN: Final = "concern"


@dataclass(frozen=True, slots=True)
class Beginning:
    """Whose case it is, in which programme, and how it came: a word of `OPENED_BY`.

    `requested_at` and `known_at` are what clocks count from where there is no incident; None means now.
    """

    programme: str
    person_id: str
    person_index: str
    unit_id: str
    came_by: str = INCIDENT
    requested_at: datetime | None = None
    known_at: datetime | None = None
    direct_referral: bool = False


def begin_case(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    beginning: Beginning,
    role: str | None,
    incident: Incident | None = None,
    codes: Mapping[str, trail.Code] | None = None,
) -> SupportCase:
    """Open a case and note it. Of one with an incident, whoever calls attaches it and then starts the clocks."""
    pack_version_id, pack = uow.shelf.current(uow.session, beginning.programme)
    row_id = uow.new_id()
    uow.new_key(f"case:{row_id}")
    case = SupportCase(
        id=row_id,
        ref=uow.new_ref(PREFIXES["case"]),
        programme=beginning.programme,
        pack_version_id=pack_version_id,
        state=pack.lifecycles["case"].initial,
        person_index=beginning.person_index,
        unit_id=beginning.unit_id,
        incident_id=incident.id if incident is not None else None,
        direct_referral=beginning.direct_referral,
        came_by=beginning.came_by,
        opened_at=now,
        requested_at=None if incident is not None else beginning.requested_at or now,
        became_known_at=None if incident is not None else beginning.known_at or now,
        sealed=uow.vault.seal(f"case:{row_id}", "support_case", row_id, {"person_id": beginning.person_id}),
    )
    uow.session.add(case)
    uow.session.flush()
    uow.record(
        actor,
        now,
        "case.opened",
        chain=f"case:{case.id}",
        subject=f"case:{case.id}",
        role=role,
        pack=pack_version_id,
        codes={"to": case.state, "version": 1, **(codes or {})},
    )
    if incident is None:
        run_clocks(uow, actor, case, now=now)
        # A concern is counted once the person has accepted: a declined one leaves no figure either (CARE 13).
        if case.came_by != CONCERN:
            count(uow, "case_opened", case=case, now=now, category=case.came_by)
    return case


def run_clocks(
    uow: UnitOfWork,
    actor: Actor,
    case: SupportCase,
    *,
    now: datetime,
    incident: Incident | None = None,
    exposure: Exposure | None = None,
) -> None:
    """Start the steps that run from the beginning."""
    pack = uow.pack(case.pack_version_id)
    clocks.start(
        uow,
        pack=pack,
        lifecycle="case",
        subject=case,
        names=pack.lifecycles["case"].starts,
        anchors=clocks.anchors_of(uow, case=case, incident=incident, exposure=exposure, now=now),
        variables=case_variables(uow, actor, case, incident, pack, now),
        case_id=case.id,
        now=now,
    )


def keep_request(uow: UnitOfWork, case: SupportCase, *, kind: str, of: str, note: str, now: datetime) -> None:
    """Keep what came with a case: `of` says whose words they are. Of a concern no sender is kept (CARE 13)."""
    row_id = uow.new_id()
    uow.session.add(
        CaseRequest(
            id=row_id,
            case_id=case.id,
            kind=kind,
            received_at=now,
            sealed=uow.vault.seal(f"case:{case.id}", "case_request", row_id, {"of": of, "note": note}),
        )
    )
