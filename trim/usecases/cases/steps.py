"""What is due on a case and beside it, each with the happening that its clock runs from (CARE 22)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from trim.domain.access import Role
from trim.engine.definition import Action, Pack
from trim.engine.definition import Step as StepRule
from trim.engine.moving import PAUSED, REASON, RUNNING
from trim.engine.wording import Text
from trim.store.tables import Step
from trim.usecases.cases.case_file import DueStep, Moved, Value
from trim.usecases.cases.gathered import Gathered
from trim.usecases.cases.said import shown

#: The anchor that rests on an instant which may be assumed.
ASSUMABLE = "incident.occurred_at"


def due_steps(pack: Pack, gathered: Gathered) -> tuple[DueStep, ...]:
    """The open steps, the next due first."""
    found = [due_step(pack, gathered, row) for row in gathered.steps if row.state in RUNNING]
    return tuple(sorted((one for one in found if one is not None), key=lambda step: (step.due_at, step.name)))


def due_step(pack: Pack, gathered: Gathered, row: Step) -> DueStep | None:
    """One step with its clock, also one that has ended; None for a step that the pack does not know."""
    lifecycle = pack.lifecycles.get(row.subject_kind)
    definition = lifecycle.steps.get(row.name) if lifecycle is not None else None
    if definition is None:
        return None
    assumed = any(not incident.time_known for _, incident, _ in gathered.incidents)
    return DueStep(
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
        moved=moved(row, lambda record_id: _why(gathered, record_id)),
        number=row.number if row.series_id is not None else 0,
    )


def step_beside(
    definition: StepRule | None, row: Step, ref: str, *, unnamed: Text, was_moved: tuple[Moved, ...] = ()
) -> DueStep:
    """One step of something that is no case; `unnamed` is what it is called where the pack has no rule of it."""
    return DueStep(
        name=row.name,
        label=definition.label if definition is not None else unnamed,
        hint=definition.hint if definition is not None else None,
        kind=row.subject_kind,
        ref=ref,
        who=definition.who if definition is not None else Role.COORDINATOR.value,
        anchor=row.anchor,
        anchor_at=row.anchor_at,
        time_assumed=False,
        earliest_at=row.earliest_at,
        due_at=row.due_at,
        latest_at=row.latest_at,
        moved=was_moved,
        number=row.number if row.series_id is not None else 0,
    )


def moved(row: Step, why: Callable[[str], Value | None]) -> tuple[Moved, ...]:
    """What was done to a clock, the newest last; `why` gives the reason of a record of what was done."""
    found = []
    if row.reset_at is not None and row.reset_by is not None:
        found.append(Moved("reset", row.reset_at, why(row.reset_by)))
    if row.paused_at is not None and row.paused_by is not None:
        if row.state == PAUSED:
            found.append(Moved("paused", row.paused_at, why(row.paused_by), row.look_again_at))
        elif row.resumed_at is not None:
            found.append(Moved("resumed", row.paused_at, why(row.paused_by), row.resumed_at))
    return tuple(sorted(found, key=lambda one: one.at))


def reason_of(action: Action | None, values: Mapping[str, Any]) -> Value | None:
    """The reason that a form asked for, in the pack's words."""
    asked = next((field for field in action.form if field.name == REASON), None) if action is not None else None
    return shown(asked, values.get(REASON), {}) if asked is not None else None


def _why(gathered: Gathered, record_id: str) -> Value | None:
    record = next((one for one in gathered.records if one.row.id == record_id), None)
    return reason_of(record.action, record.values) if record is not None else None
