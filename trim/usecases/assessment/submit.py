"""Submit an interview: answers checked, score computed and explained, change held against the one before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, NotAllowedNow, Reason
from trim.engine.scoring import as_computed, tag_variables
from trim.store import cases
from trim.usecases.acting.act import Act
from trim.usecases.assessment.carried import carried, disclosed
from trim.usecases.assessment.interview import (
    draft_content,
    interview,
    interview_step,
    is_under_hold,
    must_explain,
    open_step,
    refuse_unless_possible,
    the_case,
)
from trim.usecases.assessment.save_draft import HOLD_NOT_ACKNOWLEDGED, NOT_EXPLAINED, refuse_stale
from trim.usecases.assessment.scored import compared, problems_of_time, scored
from trim.usecases.perform import perform
from trim.usecases.unit_of_work import UnitOfWork


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
    newly_disclosed: Mapping[str, Any] | None = None,
    stopped_early: bool = False,
    draft_version: int | None = None,
) -> Act:
    """Record the interview that `action` stands for. Every item has an answer, or it was stopped early (CARE 5).

    `values` are those of the action's form in the pack: when it was held, notes, plan, next contact;
    `newly_disclosed` new answers to items that were carried over; `draft_version` is that of the draft as it was shown.

    Raises InvalidInput with a message per field, NotAllowedNow when confidentiality was not explained first or the
    pack refuses, StaleVersion when the case moved on or the draft was saved elsewhere.
    """
    found, definition = interview(uow, actor, case_ref, action, lock=True)
    case = the_case(found)
    assert definition.instrument is not None
    draft = cases.draft(uow.session, case.id, interview_step(definition))
    if draft is None:
        refuse_unless_possible(uow, actor, found, definition, now)
        raise NotAllowedNow([NOT_EXPLAINED])
    if draft_version is not None:
        refuse_stale(uow, draft, draft_version)
    kept = draft_content(uow, case.id, draft)
    if must_explain(kept, actor, open_step(uow, case, definition)):
        raise NotAllowedNow([NOT_EXPLAINED])
    if is_under_hold(uow, case) and not kept.get("evidence_hold_acknowledged"):
        raise NotAllowedNow([HOLD_NOT_ACKNOWLEDGED])
    instrument = found.pack.instruments[definition.instrument]
    held = cases.assessments(uow.session, case.id)
    earlier = held[-1] if held else None
    problems: dict[str, Reason] = {}
    new: dict[str, str] = {}
    try:
        new = disclosed(instrument, carried(uow, case, held), newly_disclosed or {})
    except InvalidInput as invalid:
        problems |= invalid.problems
    problems |= problems_of_time(uow, found.incident, values, now=now, previous=earlier)
    try:
        taken, score = scored(instrument, answers, stopped_early=stopped_early)
    except InvalidInput as invalid:
        raise InvalidInput({**invalid.problems, **problems}) from invalid
    if problems:
        raise InvalidInput(problems)
    change = compared(uow, case, earlier, instrument, {**taken, **new})
    computed = {
        **as_computed(score, change),
        **tag_variables(instrument, taken),
        "confidentiality_explained": True,
        "evidence_hold_acknowledged": bool(kept.get("evidence_hold_acknowledged")),
        "interview": {
            "answers": taken,
            "disclosed": new,
            "score": score,
            "change": change,
            "held_at": values["held_at"],
            "stopped_early": stopped_early,
            "instrument": instrument,
            "step": interview_step(definition),
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
