"""Starts, ends and cancels the steps of a subject; each names the happening its clock runs from (CARE 22)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from trim.engine import machine, opening
from trim.engine.definition import Pack
from trim.store import cases, steps
from trim.store.tables import Exposure, Incident, SupportCase
from trim.store.tables import Step as StepRow
from trim.usecases.unit_of_work import UnitOfWork


def anchors_of(
    uow: UnitOfWork, *, case: SupportCase | None, incident: Incident | None, exposure: Exposure | None, now: datetime
) -> dict[str, datetime]:
    """Every recorded happening that a clock may run from."""
    known: dict[str, datetime | None] = {"now": now}
    if incident is not None:
        known["incident.occurred_at"] = incident.occurred_at
        known["incident.became_known_at"] = incident.became_known_at
    if exposure is not None:
        known["exposure.became_known_at"] = exposure.became_known_at
        known["exposure.decided_at"] = exposure.decided_at
    if case is not None:
        known["case.opened_at"] = case.opened_at
        known["case.requested_at"] = case.requested_at or case.opened_at
        known["case.became_known_at"] = case.became_known_at or case.opened_at
        known["case.accepted_at"] = case.accepted_at
        known["case.reopened_at"] = case.reopened_at
        known["offer.made_at"] = case.offer_made_at
        held = [one.held_at for one in cases.assessments(uow.session, case.id)]
        known["previous_interview.at"] = held[-1] if held else None
    return {name: at for name, at in known.items() if at is not None}


def start(
    uow: UnitOfWork,
    *,
    pack: Pack,
    lifecycle: str,
    subject: Any,
    names: tuple[str, ...],
    anchors: dict[str, datetime],
    variables: dict[str, Any],
    case_id: str | None,
    now: datetime,
) -> list[StepRow]:
    """Open these steps of `subject`. A step that is open already keeps its clock."""
    if not names:
        return []
    running = {step.name for step in steps.open_steps(uow.session, lifecycle, subject.id)}
    opened = []
    for name in names:
        if name in running:
            continue
        row = new_step(
            uow,
            pack=pack,
            lifecycle=lifecycle,
            name=name,
            subject=subject,
            anchors=anchors,
            variables=variables,
            case_id=case_id,
            now=now,
        )
        uow.session.add(row)
        opened.append(row)
    return opened


def new_step(
    uow: UnitOfWork,
    *,
    pack: Pack,
    lifecycle: str,
    name: str,
    subject: Any,
    anchors: dict[str, datetime],
    variables: dict[str, Any],
    case_id: str | None,
    now: datetime,
) -> StepRow:
    """A step with its clock reckoned, not stored yet: a page may show what an action would start."""
    step = opening.opened(
        pack,
        lifecycle=lifecycle,
        step=name,
        anchors=anchors,
        variables=variables,
        zone=uow.organisation.zone,
        now=now,
        holidays=uow.organisation.free_days,
    )
    row_id = uow.new_id()
    return StepRow(
        id=row_id,
        subject_kind=lifecycle,
        subject_id=subject.id,
        case_id=case_id,
        unit_id=subject.unit_id,
        name=name,
        anchor=step.anchor,
        anchor_at=step.anchor_at,
        earliest_at=step.span.earliest_at,
        due_at=step.span.due_at,
        latest_at=step.span.latest_at,
        window=step.window,
        gap_from_at=step.gap_from_at,
        opened_at=step.opened_at,
        **_series(pack, lifecycle, name, row_id, step.anchor_at),
    )


def _series(pack: Pack, lifecycle: str, name: str, row_id: str, anchor_at: datetime) -> dict[str, Any]:
    """A step that comes back is the first of its series."""
    if pack.lifecycles[lifecycle].steps[name].repeats is None:
        return {}
    return {"series_id": row_id, "series_at": anchor_at}


def end(uow: UnitOfWork, *, kind: str, subject: Any, decision: machine.Decision, now: datetime) -> list[StepRow]:
    """Complete and cancel what a decision says; gives the steps that were completed."""
    done = []
    for row in steps.open_steps(uow.session, kind, subject.id):
        how = opening.ending(decision, row.name)
        if how is not None:
            steps.end(uow.session, row, state=how, by=decision.action.name, now=now)
        if how == "done":
            done.append(row)
    return done
