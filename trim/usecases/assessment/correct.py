"""Correct a submitted interview: a new version with a reason beside the earlier one, scored and looked at anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, NotAllowedNow, NotFound, Reason
from trim.engine import machine
from trim.engine.definition import Field
from trim.engine.forms import checked
from trim.usecases.acting.act import Act
from trim.usecases.assessment.carried import carried, disclosed
from trim.usecases.assessment.interview import action_of, is_under_hold
from trim.usecases.assessment.save_draft import HOLD_NOT_ACKNOWLEDGED
from trim.usecases.assessment.scored import compared, problems_of_time, scored
from trim.usecases.assessment.submitted import Submitted, act_on, actions_doing, submitted
from trim.usecases.perform import variables_of
from trim.usecases.unit_of_work import UnitOfWork

EFFECT = "correct_assessment"


def correct_assessment(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    case_ref: str,
    assessment_id: str,
    version: int,
    answers: Mapping[str, Any],
    values: Mapping[str, Any],
    reason: str,
    newly_disclosed: Mapping[str, Any] | None = None,
    stopped_early: bool = False,
    evidence_hold_acknowledged: bool = False,
) -> Act:
    """Put a corrected version in the place of the one that stands. The earlier one is kept and can be read (CARE 8).

    Raises NotFound when it is not the version that stands, InvalidInput with a message per field, NotAllowedNow when
    the warning of an evidence hold was not acknowledged (CARE 17), StaleVersion when the case moved on.
    """
    seen = submitted(uow, actor, case_ref, assessment_id, lock=True)
    if seen.one.status != "current":
        raise NotFound
    if is_under_hold(uow, seen.case) and not evidence_hold_acknowledged:
        raise NotAllowedNow([HOLD_NOT_ACKNOWLEDGED])
    variables = variables_of(uow, actor, seen.found, now)
    actions = actions_doing(seen.found, EFFECT, variables)
    if not actions:
        raise NotFound
    problems: dict[str, Reason] = {}
    new: dict[str, str] = {}
    form: dict[str, Any] = {}
    earlier_ones = [one for one in seen.held if one.held_at < seen.one.held_at]
    try:
        fields = correction_fields(seen, variables)
        hidden = {name: one for name, one in seen.content["form"].items() if name not in {f.name for f in fields}}
        form = {**hidden, **checked(fields, values)}
    except InvalidInput as invalid:
        problems |= invalid.problems
    try:
        new = disclosed(seen.instrument, carried(uow, seen.case, earlier_ones), newly_disclosed or {})
    except InvalidInput as invalid:
        problems |= invalid.problems
    problems |= problems_of_time(
        uow, seen.found.incident, values, now=now, previous=seen.earlier, following=seen.following
    )
    try:
        taken, score = scored(seen.instrument, answers, stopped_early=stopped_early)
    except InvalidInput as invalid:
        raise InvalidInput({**invalid.problems, **problems}) from invalid
    if problems:
        raise InvalidInput(problems)
    return act_on(
        uow,
        actor,
        seen,
        now=now,
        action=actions[0],
        version=version,
        reason=reason,
        computed={
            "correction": {
                "old": seen.one,
                "before": seen.content,
                "score_before": seen.score,
                "change_before": seen.change,
                "answers": taken,
                "disclosed": new,
                "score": score,
                "change": compared(uow, seen.case, seen.earlier, seen.instrument, {**taken, **new}),
                "form": form,
                "held_at": values["held_at"],
                "stopped_early": stopped_early,
                "instrument": seen.instrument,
                "step": seen.one.step,
            }
        },
    )


def correction_fields(seen: Submitted, variables: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of the interview's form as they are shown now; an early interview keeps its reason.

    What an evidence hold hides meanwhile stays as it was written.
    """
    action = action_of(seen.found.pack, seen.one)
    if action is None:
        return ()
    return machine.form_of(
        seen.found.pack,
        lifecycle="case",
        action=action.name,
        state=seen.found.subject.state,
        roles=seen.found.roles,
        variables={**variables, "early": bool(seen.content["form"].get("early_reason"))},
    )
