"""Who was told what is erased after a year, but for what somebody may still have to act on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from tests.support.organisation import Organisation
from tests.support.posting import TestPost, outbox, sends, tells
from tests.support.story import Story
from tests.support.sweeping import lines, step_of, sweep
from trim.delivery.mail import MailRefused
from trim.store.tables import Notice, PagerCall
from trim.usecases.deadlines.act_on_due_steps import weigh_undelivered
from trim.usecases.delivery.forget import KEPT, forget_notices

# Plain statements that both databases take alike.
pytestmark = pytest.mark.large_on_postgresql

SECOND = timedelta(seconds=1)


def kept(made: Organisation) -> list[str]:
    return sorted({one.kind for one in outbox(made)})


def test_what_was_sent_goes_after_a_year_with_its_calls(organisation: Organisation) -> None:
    made = organisation
    tells(made, "Carol", "red_flag", urgent=True)
    sends(made, TestPost())
    waiting = tells(made, "Carol", "incident_reported")
    sent_at = made.now
    assert forget_notices(made.backend, now=sent_at + KEPT) == 0
    assert forget_notices(made.backend, now=sent_at + KEPT + SECOND) == 1
    assert [one.id for one in outbox(made)] == [waiting]
    with made.backend.reading() as uow:
        assert uow.session.scalar(select(func.count()).select_from(PagerCall)) == 0
    assert lines(made, "job.forgot") == ["job.forgot_notices"]
    assert forget_notices(made.backend, now=sent_at + KEPT + SECOND) == 0
    assert lines(made, "job.forgot") == ["job.forgot_notices"], "a night without any leaves no line"


def test_many_go_in_several_transactions(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trim.usecases.delivery.forget.BATCH", 2)
    for cause in "abcde":
        tells(organisation, "Carol", "escalation", cause=cause)
    sends(organisation, TestPost())
    assert forget_notices(organisation.backend, now=organisation.now + 2 * KEPT) == 5
    assert outbox(organisation) == []


def test_one_that_reached_nobody_stays_until_somebody_has_seen_to_it(organisation: Organisation) -> None:
    made = organisation
    tells(made, "Carol", "escalation")
    sends(made, TestPost(problems=[MailRefused("gone", "refused_550")]))
    later = made.now + 2 * KEPT
    assert forget_notices(made.backend, now=later) == 0
    weigh_undelivered(made.backend, worker="here", now=made.now)
    assert forget_notices(made.backend, now=later) == 0
    with made.backend.writing() as uow:
        uow.session.connection().execute(update(Notice).values(seen_at=made.now, seen_by="somebody"))
    assert forget_notices(made.backend, now=later) == 1


def test_what_is_about_an_open_question_or_step_stays_with_it(story: Story) -> None:
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    sweep(made, step.latest_at + timedelta(days=2))
    with made.backend.writing() as uow:
        uow.session.connection().execute(
            update(Notice)
            .values(state="sent", sent_at=made.now, settled_at=made.now)
            .where(col(Notice.state) == "waiting")
        )
    forget_notices(made.backend, now=made.now + 2 * KEPT)
    assert kept(made) == ["step_escalated", "step_late"]
    story.interviews(outbox_ref(made, "step_late"), "record_first_assessment", points=0)
    forget_notices(made.backend, now=made.now + 2 * KEPT)
    assert "step_late" not in kept(made)
    assert "step_escalated" in kept(made), "the question is not decided"


def outbox_ref(made: Organisation, kind: str) -> str:
    [one] = outbox(made, kind=kind)
    return one.subject_ref
