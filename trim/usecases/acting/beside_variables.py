"""What the pack's conditions may read about a group session, a check, a pair or a mediation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trim.domain.course import YEAR
from trim.engine.moving import is_in_pause
from trim.store import cases, steps, undertakings
from trim.store.tables import Incident, Undertaking
from trim.usecases.acting.variables import incident_variables
from trim.usecases.unit_of_work import UnitOfWork

SEPARATE = "separate"


def undertaking_variables(
    uow: UnitOfWork, row: Undertaking, incident: Incident | None, now: datetime
) -> dict[str, Any]:
    """The variables of one of these at `now`."""
    there = undertakings.parties(uow.session, row.id)
    held = undertakings.meetings(uow.session, row.id)
    goals = undertakings.goals(uow.session, row.id)
    parts = {one.part for one in there}
    running = steps.open_steps(uow.session, row.kind, row.id)
    return {
        **incident_variables(uow, incident, None, now),
        "has_incident": incident is not None,
        "people": len(there),
        "leaders": len(undertakings.leaders(uow.session, row.id)),
        "meetings": len(held),
        "separate_meetings": sum(one.form == SEPARATE for one in held),
        "written_down": written_down(uow, row),
        "all_agreed": bool(there) and all(one.agreed_at is not None for one in there),
        "goals": len(goals),
        "goals_measured": sum(one.measured_at is not None for one in goals),
        "has_mentor": "mentor" in parts,
        "has_mentee": "mentee" in parts,
        "paused": any(is_in_pause(one.state, one.anchor) for one in running),
        # Of a check it is the one person's; where several take part it says nothing about anybody.
        "exposures_last_12_months": len(cases.exposures_since(uow.session, there[0].person_index, now - YEAR))
        if len(there) == 1
        else 0,
        "step": "",
        "early": False,
    }


def written_down(uow: UnitOfWork, row: Undertaking) -> bool:
    """Whether ground rules or an agreement are written down."""
    return "written_at" in content_of(uow, row)


def content_of(uow: UnitOfWork, row: Undertaking) -> dict[str, Any]:
    """What was said of it as a whole."""
    content: dict[str, Any] = uow.vault.unseal(f"undertaking:{row.id}", "undertaking", row.id, row.sealed)
    return content


def anchors_of(row: Undertaking, taken: Mapping[str, Any], now: datetime) -> dict[str, datetime]:
    """The happenings that a clock of it may run from, with the day that a form asked for."""
    known: dict[str, datetime | None] = {
        "now": now,
        "undertaking.opened_at": row.opened_at,
        "undertaking.agreed_at": row.agreed_at,
        "undertaking.planned_for": _planned(taken.get("planned_for")),
    }
    return {name: at for name, at in known.items() if at is not None}


def _planned(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
