"""Submit an interview: answers checked, score computed and explained, change held against the one before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, NotAllowedNow, Reason
from trim.store import cases, steps
from trim.usecases.acting.act import Act
from trim.usecases.assessment.save_draft import NOT_EXPLAINED, draft_content, interview
from trim.usecases.assessment.scored import as_computed, compared, scored
from trim.usecases.perform import perform
from trim.usecases.unit_of_work import UnitOfWork

MAX_NOTE = 600
IN_FUTURE = Reason("in_future", "The interview cannot be in the future.", "L’entretien ne peut pas être dans le futur.")
BEFORE_INCIDENT = Reason(
    "before_incident",
    "The interview cannot be before the incident.",
    "L’entretien ne peut pas avoir eu lieu avant l’événement.",
)
EARLY = Reason(
    "early_reason_missing",
    "This is earlier than planned. Say in a few words why; the interview is not refused.",
    "C’est plus tôt que prévu. Dites pourquoi en quelques mots ; l’entretien n’est pas refusé.",
)
NOTE_TOO_LONG = Reason(
    "too_long", f"Shorten this to {MAX_NOTE} characters.", f"Raccourcissez ce texte à {MAX_NOTE} caractères."
)


def submit_assessment(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    case_ref: str,
    action: str,
    version: int,
    answers: Mapping[str, Any],
    held_at: datetime,
    stopped_early: bool = False,
    note: str = "",
    plan: str = "",
    early_reason: str = "",
    form: Mapping[str, Any] | None = None,
) -> Act:
    """Record the interview that `action` stands for. Every item has an answer, or it was stopped early (CARE 5).

    Raises InvalidInput with a message per field, NotAllowedNow when confidentiality was not explained first or the
    pack refuses, StaleVersion when the case moved on.
    """
    found, definition = interview(uow, actor, case_ref, action, lock=True)
    case = found.case
    assert case is not None
    assert definition.instrument is not None
    step = definition.step or definition.name
    draft = cases.draft(uow.session, case.id, step)
    if draft is None:
        raise NotAllowedNow([NOT_EXPLAINED])
    kept = draft_content(uow, case.id, draft)
    instrument = found.pack.instruments[definition.instrument]
    problems = _problems(uow, found, step, held_at, now, note, plan, early_reason)
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
        "early_reason": early_reason,
        "interview": {
            "answers": taken,
            "score": score,
            "change": change,
            "note": note,
            "plan": plan,
            "early_reason": early_reason,
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
        values=form or {},
        computed=computed,
    )


def _problems(
    uow: UnitOfWork, found: Any, step: str, held_at: datetime, now: datetime, note: str, plan: str, early_reason: str
) -> dict[str, Reason]:
    problems: dict[str, Reason] = {}
    if held_at > now:
        problems["held_at"] = IN_FUTURE
    elif found.incident is not None and held_at < found.incident.occurred_at and found.incident.time_known:
        problems["held_at"] = BEFORE_INCIDENT
    for name, text in (("note", note), ("plan", plan), ("early_reason", early_reason)):
        if len(text) > MAX_NOTE:
            problems[name] = NOTE_TOO_LONG
    open_step = next((one for one in steps.open_steps(uow.session, "case", found.case.id) if one.name == step), None)
    is_early = open_step is not None and open_step.earliest_at is not None and held_at < open_step.earliest_at
    if is_early and not early_reason:
        problems["early_reason"] = EARLY
    return problems
