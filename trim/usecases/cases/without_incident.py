"""What a case page shows beside incidents: how the case came, its agreed plan, and that another programme helps too."""

from __future__ import annotations

from typing import Any

from trim.engine.definition import Pack
from trim.store import cases
from trim.usecases.acting.variables import final_states
from trim.usecases.cases.case_file import CameBy, LinkRow, PlanRow
from trim.usecases.cases.gathered import Gathered
from trim.usecases.unit_of_work import UnitOfWork


def requests_of(uow: UnitOfWork, case_id: str) -> tuple[CameBy, ...]:
    """What came with the case."""
    found = []
    for one in cases.requests(uow.session, case_id):
        content: dict[str, Any] = uow.vault.unseal(f"case:{case_id}", "case_request", one.id, one.sealed)
        found.append(CameBy(one.kind, str(content["of"]), str(content["note"]), one.received_at))
    return tuple(found)


def plan_of(pack: Pack, gathered: Gathered) -> tuple[PlanRow, ...]:
    """The agreed plan: what is still to do by its day, then what was done or dropped."""
    lifecycle = pack.lifecycles.get("agreed_step")
    if lifecycle is None:
        return ()
    final = final_states(pack, "agreed_step")
    latest = {row.subject_id: row.latest_at or row.due_at for row in gathered.steps if row.state == "open"}
    rows = [
        PlanRow(
            ref=one.ref,
            what=gathered.agreed[one.id],
            planned_for=one.planned_for,
            state=lifecycle.states[one.state].label,
            is_open=one.state not in final,
            latest_at=latest.get(one.id),
        )
        for one in gathered.agreed_steps
    ]
    return tuple(sorted(rows, key=lambda row: (not row.is_open, row.planned_for)))


def links_of(uow: UnitOfWork, case_id: str) -> tuple[LinkRow, ...]:
    """The other programmes that help this person; their titles are all that is read."""
    found = []
    for link, other in cases.linked_with(uow.session, case_id):
        found.append(LinkRow(uow.pack(other.pack_version_id).title, link.linked_at))
    return tuple(found)
