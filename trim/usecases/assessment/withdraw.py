"""Take an interview off a case where it was recorded for the wrong person; the step it completed opens again."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor
from trim.domain.errors import NotFound
from trim.usecases.acting.act import Act
from trim.usecases.assessment.interview import action_of
from trim.usecases.assessment.submitted import act_on, actions_doing, submitted
from trim.usecases.perform import variables_of
from trim.usecases.unit_of_work import UnitOfWork

EFFECT = "withdraw_assessment"


def withdraw_assessment(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    case_ref: str,
    assessment_id: str,
    version: int,
    reason: str,
) -> Act:
    """Remove every version of an interview from this person's record, with a reason (CARE 8).

    The pack says where the case then stands: its first action with that effect that can be done now is taken.
    Raises NotFound when it is not the version that stands, InvalidInput without a reason, StaleVersion.
    """
    seen = submitted(uow, actor, case_ref, assessment_id, lock=True)
    if seen.one.status != "current":
        raise NotFound
    known = {"withdrawn_step": seen.one.step if seen.is_newest else ""}
    actions = actions_doing(seen.found, EFFECT, {**variables_of(uow, actor, seen.found, now), **known})
    if not actions:
        raise NotFound
    recording = action_of(seen.found.pack, seen.one)
    return act_on(
        uow,
        actor,
        seen,
        now=now,
        action=actions[0],
        version=version,
        reason=reason,
        computed={
            **known,
            "withdrawn": {
                "one": seen.one,
                "versions": seen.versions,
                "score": seen.score,
                "change": seen.change,
                "is_newest": seen.is_newest,
                "recorded_at": seen.first.recorded_at,
                "recorded_by": recording.name if recording is not None else "",
            },
        },
    )
