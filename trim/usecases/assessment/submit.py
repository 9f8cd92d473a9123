"""Submit an interview: answers checked, score computed and explained, change held against the one before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, NotAllowedNow, Reason
from trim.store import cases
from trim.usecases.acting.act import Act
from trim.usecases.assessment.save_draft import NOT_EXPLAINED, draft_content, interview, interview_step
from trim.usecases.assessment.scored import as_computed, compared, scored
from trim.usecases.perform import Found, perform
from trim.usecases.unit_of_work import UnitOfWork

IN_FUTURE = Reason("in_future", "The interview cannot be in the future.", "L’entretien ne peut pas être dans le futur.")
BEFORE_INCIDENT = Reason(
    "before_incident",
    "The interview cannot be before the incident.",
    "L’entretien ne peut pas avoir eu lieu avant l’événement.",
)
WHEN_MISSING = Reason("missing", "Enter when you talked.", "Indiquez quand vous avez parlé.")


def submit_assessment(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    case_ref: str,
    action: str,
    version: int,
    answers: Mapping[str, Any],
    values: Mapping[str, Any],
    stopped_early: bool = False,
) -> Act:
    """Record the interview that `action` stands for. Every item has an answer, or it was stopped early (CARE 5).

    `values` are those of the action's form in the pack: when it was held, notes, plan, next contact.

    Raises InvalidInput with a message per field, NotAllowedNow when confidentiality was not explained first or the
    pack refuses, StaleVersion when the case moved on.
    """
    found, definition = interview(uow, actor, case_ref, action, lock=True)
    case = found.case
    assert case is not None
    assert definition.instrument is not None
    step = interview_step(definition)
    draft = cases.draft(uow.session, case.id, step)
    if draft is None:
        raise NotAllowedNow([NOT_EXPLAINED])
    kept = draft_content(uow, case.id, draft)
    instrument = found.pack.instruments[definition.instrument]
    held_at = values.get("held_at")
    problems = _problems(found, held_at, now)
    try:
        taken, score = scored(instrument, answers, stopped_early=stopped_early)
    except InvalidInput as invalid:
        raise InvalidInput({**invalid.problems, **problems}) from invalid
    if problems:
        raise InvalidInput(problems)
    held = cases.assessments(uow.session, case.id)
    change = compared(uow, case, held[-1] if held else None, instrument, taken)
    computed = {
        **as_computed(score, change),
        "confidentiality_explained": bool(kept.get("confidentiality_explained")),
        "evidence_hold_acknowledged": bool(kept.get("evidence_hold_acknowledged")),
        "interview": {
            "answers": taken,
            "score": score,
            "change": change,
            "held_at": held_at,
            "stopped_early": stopped_early,
            "instrument": instrument,
            "step": step,
            "draft": draft,
            "kept": kept,
        },
    }
    return perform(
        uow,
        actor,
        now=now,
        kind="case",
        ref=case_ref,
        action=action,
        version=version,
        values=values,
        computed=computed,
    )


def _problems(found: Found, held_at: Any, now: datetime) -> dict[str, Reason]:
    if not isinstance(held_at, datetime):
        return {"held_at": WHEN_MISSING}
    if held_at > now:
        return {"held_at": IN_FUTURE}
    if found.incident is not None and found.incident.time_known and held_at < found.incident.occurred_at:
        return {"held_at": BEFORE_INCIDENT}
    return {}
