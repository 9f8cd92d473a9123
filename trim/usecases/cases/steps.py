"""What is due on a case and beside it, each with the happening that its clock runs from (CARE 22)."""

from __future__ import annotations

from trim.engine.definition import Pack
from trim.usecases.cases.case_file import DueStep
from trim.usecases.cases.gathered import Gathered

#: The anchor that rests on an instant which may be assumed.
ASSUMABLE = "incident.occurred_at"


def due_steps(pack: Pack, gathered: Gathered) -> tuple[DueStep, ...]:
    """The open steps, the next due first."""
    assumed = any(not incident.time_known for _, incident, _ in gathered.incidents)
    found = []
    for row in gathered.steps:
        lifecycle = pack.lifecycles.get(row.subject_kind)
        definition = lifecycle.steps.get(row.name) if lifecycle is not None else None
        if row.state != "open" or definition is None:
            continue
        found.append(
            DueStep(
                name=row.name,
                label=definition.label,
                hint=definition.hint,
                kind=row.subject_kind,
                ref=gathered.refs.get(row.subject_id, gathered.case.ref),
                who=definition.who,
                anchor=row.anchor,
                anchor_at=row.anchor_at,
                time_assumed=assumed and row.anchor == ASSUMABLE,
                earliest_at=row.earliest_at,
                due_at=row.due_at,
                latest_at=row.latest_at,
            )
        )
    return tuple(sorted(found, key=lambda step: (step.due_at, step.name)))
