"""How an interview is held: at its time, confidentiality first, saved on the way, submitted or broken off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from trim.demonstration import talk
from trim.demonstration.way import Way
from trim.engine.definition import Action, Instrument
from trim.store import cases, steps
from trim.store.tables import SupportCase
from trim.usecases.acting.act import Act
from trim.usecases.assessment.save_draft import begin_interview, save_draft
from trim.usecases.assessment.submit import submit_assessment
from trim.usecases.cases.raise_flag import raise_flag

#: Which interview is held in which state.
ACTIONS = {
    "awaiting_first_assessment": "record_first_assessment",
    "awaiting_follow_up": "record_follow_up",
    "awaiting_further_follow_up": "record_further_follow_up",
}


def interview_at(story: Way, case_id: str, *, early: bool = False) -> datetime:
    """When the practitioner will be there: within the window, late, or before it where it could not wait."""
    stage, plan, chosen = story.stage, story.plan, story.chosen
    with stage.backend.reading() as uow:
        running = [
            step
            for step in steps.open_steps(uow.session, "case", case_id)
            if step.name not in ("allocation", "handover")
        ]
    if not running:
        return stage.now + timedelta(days=chosen.uniform(1, 5))
    step = min(running, key=lambda one: one.due_at)
    earliest = max(step.earliest_at or step.opened_at, stage.now)
    latest = max(step.latest_at or step.due_at, earliest + timedelta(hours=20))
    if early:
        return earliest
    if plan.punctuality == "early" and step.earliest_at is not None and step.earliest_at > stage.now:
        return stage.now + (step.earliest_at - stage.now) * 0.6
    if plan.punctuality == "late":
        return latest + timedelta(days=chosen.uniform(1, 8))
    share = chosen.uniform(0.05, 0.9) * min(plan.pace, 1.0)
    return earliest + (latest - earliest) * share


def begin_talk(story: Way, case: SupportCase) -> None:
    """Sit down with the person; a red flag goes up at once, and the talk is broken off half way."""
    name = ACTIONS[case.state]
    version = begin(story, name)
    if story.plan.red_flag:
        level, story.plan = story.plan.red_flag, replace(story.plan, red_flag="", stopped_early=True)
        raises_flag(story, level)
        _saves(story, name, version, 0.6, red_flag=level)


def submit_talk(story: Way, case: SupportCase, *, held_at: datetime) -> None:
    """Write down the interview that began at `held_at`."""
    _submits(story, story.stage.pack.lifecycles["case"].actions[ACTIONS[case.state]], held_at)
    if story.plan.asks_advice:
        story.plan = replace(story.plan, asks_advice=False)
        story.does(story.supporter(), "raise_escalation", reason=story.chosen.choice(talk.ADVICE))


def begin(story: Way, action: str) -> int:
    """Say what is confidential, before any question; gives the draft's version."""

    def work() -> int:
        with story.stage.backend.writing() as uow:
            draft = begin_interview(
                uow,
                story.stage.actor(story.supporter()),
                now=story.stage.now,
                case_ref=story.ref,
                action=action,
                confidentiality_explained=True,
                evidence_hold_acknowledged=True,
            )
            return draft.version

    return story.stage.keeping_apart(story.supporter(), story.ref, work)


def start_draft(story: Way, case: SupportCase) -> None:
    """An interview that is begun, half filled in and not submitted."""
    action = ACTIONS[case.state]
    _saves(story, action, begin(story, action), 0.5)


def _saves(story: Way, action: str, version: int, until: float, red_flag: str = "") -> None:
    with story.stage.backend.writing() as uow:
        save_draft(
            uow,
            story.stage.actor(story.supporter()),
            now=story.stage.now,
            case_ref=story.ref,
            action=action,
            version=version,
            answers=talk.answers(story.chosen, _instrument(story, action), story.plan.weight, until=until),
            red_flag=red_flag,
        )


def raises_flag(story: Way, level: str) -> None:
    """Somebody's safety is at stake: one press, nothing to fill in (CARE 1)."""
    with story.stage.backend.writing() as uow:
        raise_flag(uow, story.stage.actor(story.supporter()), now=story.stage.now, ref=story.ref, level=level)


def _submits(story: Way, action: Action, held_at: datetime) -> Act:
    plan, chosen, stage = story.plan, story.chosen, story.stage
    story.plan = replace(plan, stopped_early=False)
    given = talk.answers(
        chosen,
        _instrument(story, action.name),
        plan.weight,
        before=story.answered,
        change=plan.change,
        gaps=not plan.stops,
        until=0.6 if plan.stopped_early else 1.0,
    )
    story.answered = {**story.answered, **given}

    def work() -> Act:
        with stage.backend.writing() as uow:
            version = cases.load(uow.session, "case", story.ref).version
            return submit_assessment(
                uow,
                stage.actor(story.supporter()),
                now=stage.now,
                case_ref=story.ref,
                action=action.name,
                version=version,
                answers=given,
                values={
                    "held_at": held_at,
                    "channel": chosen.choice(("in_person", "in_person", "phone", "video")),
                    "early_reason": "The person asked to talk at once.",
                    **talk.written(chosen, story.supporter().locale),
                },
                stopped_early=plan.stopped_early,
            )

    return stage.keeping_apart(story.supporter(), story.ref, work)


def _instrument(story: Way, action: str) -> Instrument:
    name = story.stage.pack.lifecycles["case"].actions[action].instrument
    assert name is not None
    return story.stage.pack.instruments[name]
