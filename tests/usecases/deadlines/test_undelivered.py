"""Reminders that reach nobody: the next person hears of it whatever they are about, and a bad one stops nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from tests.support.organisation import Organisation
from tests.support.story import Story
from tests.support.sweeping import lines, stages, step_of, sweep, told
from tests.usecases.planning.people import meets, named_later
from trim.domain.access import system_actor
from trim.store.tables import Notice, Step
from trim.usecases.deadlines import undelivered
from trim.usecases.deadlines.act_on_due_steps import WAITS, weigh_undelivered
from trim.usecases.oversight.read_jobs import read_jobs, try_again

# What the sweep writes is shown on both databases by test_stages.py; these walk long ways.
pytestmark = pytest.mark.large_on_postgresql


def bounce(made: Organisation, **of: object) -> list[str]:
    """The mail server will never take these notices; gives their ids."""
    with made.backend.writing() as uow:
        where = [getattr(Notice, name) == value for name, value in of.items()]
        failed = {"state": "failed", "failed_because": "bounced", "settled_at": made.now}
        uow.session.connection().execute(update(Notice).where(*where).values(failed))
        return list(uow.session.scalars(select(col(Notice.id)).where(*where)))


def test_a_reminder_about_somebody_who_was_named_late_goes_on_to_the_next_person(story: Story) -> None:
    made = story.organisation
    ref = story.reports()
    meets(story, ref, {"Robin Ashe": "individual_assessment"})
    exposure = named_later(story, ref, "Una")
    with made.backend.reading() as uow:
        [step] = uow.session.scalars(select(Step).where(col(Step.subject_id) == exposure.id))
    sweep(made, step.due_at)
    asked = told(made, "step_due")
    assert asked == [("step_due", "Carol")]
    bounce(made, kind="step_due")
    assert weigh_undelivered(made.backend, worker="here", now=made.now) == 1
    assert told(made, "reminder_undelivered") == [("reminder_undelivered", "Lee")]
    assert "undelivered" in [one.stage for one in stages(made, step.id)]


@pytest.mark.care(23)
def test_the_day_to_look_again_that_reaches_nobody_goes_on_as_well(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    look_again = made.now + timedelta(days=20)
    story.does("Pat", "pause", ref, reason="away", look_again_on=look_again.date())
    sweep(made, look_again)
    number = len(bounce(made, kind="step_look_again"))
    assert number >= 1
    assert weigh_undelivered(made.backend, worker="here", now=made.now) == number
    assert ("reminder_undelivered", "Lee") in told(made, "reminder_undelivered")


@pytest.mark.large
def test_a_reminder_of_what_was_done_meanwhile_is_nobodys_any_more(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    step = step_of(made, ref, "first_assessment")
    sweep(made, step.due_at)
    bounce(made, kind="step_due")
    story.interviews(ref, "record_first_assessment", points=0)
    assert weigh_undelivered(made.backend, worker="here", now=made.now) == 0
    assert told(made, "reminder_undelivered") == []


def test_one_that_cannot_be_weighed_is_set_aside_and_stops_no_reminder(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    sweep(made, step.due_at)
    [spoilt] = bounce(made, kind="step_due")
    real = undelivered._weigh

    def spoil(uow: object, notice: Notice, now: object) -> int:
        if notice.id == spoilt and not mended:
            raise KeyError("what was filled in")
        return real(uow, notice, now)

    mended: list[bool] = []
    monkeypatch.setattr(undelivered, "_weigh", spoil)
    assert sweep(made, step.latest_at + timedelta(days=1)).failed == 1
    assert told(made, "step_late") == [("step_late", "Pat")], "the rest of the sweep goes on"
    for wait in WAITS:
        sweep(made, made.now + wait)
    with made.backend.reading() as uow:
        [aside] = read_jobs(uow, system_actor("jobs"), now=made.now).set_aside
    assert (aside.id, aside.subject_kind, aside.problem) == (spoilt, "notice", "KeyError")
    mended.append(True)
    with made.backend.writing() as uow:
        try_again(uow, made.actor("Adam"), now=made.now, claim_id=spoilt)
    sweep(made)
    assert told(made, "reminder_undelivered") == [("reminder_undelivered", "Carol")]
    assert lines(made, "deadline.undelivered") == ["deadline.undelivered"]
