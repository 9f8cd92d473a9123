"""A question that nobody answers goes up the programme until nobody is left, which is an alarm (both databases)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from tests.support.sweeping import escalations, lines, stages, step_of, sweep, told
from trim.domain.access import Role
from trim.store.tables import Notice
from trim.usecases.deadlines.act_on_due_steps import weigh_undelivered
from trim.usecases.oversight.today import today

# What the sweep writes is shown on both databases by test_stages.py; these walk long ways.
pytestmark = pytest.mark.large_on_postgresql

DAY = timedelta(days=1)


def flagged(story, level="now"):
    """A case on which Pat has raised a red flag."""
    ref = story.supported_case()
    story.does("Pat", "raise_red_flag", ref, level=level)
    [one] = escalations(story.organisation)
    return one


def fail(made, kind, why="bounced"):
    """The mail server will never take these notices."""
    with made.backend.writing() as uow:
        uow.session.connection().execute(
            update(Notice)
            .where(col(Notice.kind) == kind)
            .values(state="failed", failed_because=why, settled_at=made.now)
        )


@pytest.mark.care(4)
def test_an_unanswered_question_goes_to_the_lead_and_then_is_an_alarm(story):
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    sweep(made, step.latest_at + 2 * DAY)
    [asked] = escalations(made)
    assert (asked.to_role, asked.rung) == ("coordinator", 0)
    assert told(made, "step_escalated") == [("step_escalated", "Carol")]

    sweep(made, asked.answer_by)
    [asked] = escalations(made)
    assert (asked.to_role, asked.rung, asked.nobody_left_at) == ("programme_lead", 1, None)
    assert told(made, "escalation_unanswered") == [("escalation_unanswered", "Lee")]
    assert asked.answer_by > made.now

    sweep(made, asked.answer_by)
    [asked] = escalations(made)
    assert asked.nobody_left_at == made.now
    assert {name for _, name in told(made, "escalation_without_answer")} == {"Carol", "Lee"}
    assert told(made, "nobody_to_ask") == [("nobody_to_ask", "Adam")]
    assert lines(made, "deadline.went_up") + lines(made, "deadline.found") == [
        "deadline.went_up",
        "deadline.found_nobody",
    ]

    # Said once; but somebody new is found.
    sweep(made, made.now + DAY)
    assert lines(made, "deadline.found_nobody") == ["deadline.found_nobody"]
    made.add_account("Dee", Role.COORDINATOR, unit="North")
    sweep(made, made.now + DAY)
    [asked] = escalations(made)
    assert asked.nobody_left_at is None
    assert ("escalation_unanswered", "Dee") in told(made, "escalation_unanswered")


@pytest.mark.care(2)
def test_a_red_flag_that_nobody_takes_in_its_minutes_goes_on_by_urgent_notices(story):
    made = story.organisation
    asked = flagged(story)
    sweep(made, asked.answer_by - timedelta(seconds=1))
    assert told(made, "escalation_unanswered") == []
    made.add_account("Dee", Role.COORDINATOR, unit="North")
    sweep(made, asked.answer_by)
    assert told(made, "escalation_unanswered") == [("escalation_unanswered", "Dee")]
    [again] = escalations(made)
    assert again.answer_by - made.now == asked.answer_by - asked.raised_at == timedelta(minutes=15)
    with made.backend.reading() as uow:
        row = uow.session.scalars(select(Notice).where(col(Notice.kind) == "escalation_unanswered")).one()
        assert row.urgent


def test_whoever_takes_it_is_reminded_first_and_then_it_goes_on(story):
    made = story.organisation
    asked = flagged(story, level="today")
    story.does("Carol", "take", asked.ref, kind="escalation")
    made.add_account("Dee", Role.COORDINATOR, unit="North")
    sweep(made, asked.answer_by)
    assert told(made, "escalation_answer_due") == [("escalation_answer_due", "Carol")]
    assert told(made, "escalation_unanswered") == []
    sweep(made, asked.answer_by + timedelta(hours=4))
    assert told(made, "escalation_unanswered") == [("escalation_unanswered", "Dee")]
    # Whoever is deciding meanwhile is not told that their form is out of date.
    [now] = escalations(made)
    story.does(
        "Carol", "decide", asked.ref, kind="escalation", version=now.version, decision="no_change", reason="Well"
    )
    sweep(made, made.now + DAY)
    assert len(told(made, "escalation_unanswered")) == 1


def test_what_is_passed_on_has_its_own_time(story):
    made = story.organisation
    asked = flagged(story)
    made.later(minutes=10)
    story.does("Carol", "pass_on", asked.ref, kind="escalation")
    sweep(made, asked.answer_by)
    assert told(made, "escalation_unanswered") == []
    assert told(made, "escalation_passed_on") == [("escalation_passed_on", "Lee")]


def test_a_question_that_cannot_be_delivered_goes_up_at_once(story):
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    sweep(made, step.latest_at + 2 * DAY)
    fail(made, "step_escalated")
    assert weigh_undelivered(made.backend, worker="here", now=made.now) == 1
    assert weigh_undelivered(made.backend, worker="here", now=made.now) == 0
    [asked] = escalations(made)
    assert (asked.to_role, asked.rung) == ("programme_lead", 1)
    assert [one.stage for one in stages(made, asked.id)] == ["undelivered:1"]


def test_while_one_of_two_coordinators_was_reached_it_waits_for_the_answer(story):
    made = story.organisation
    made.add_account("Dee", Role.COORDINATOR, unit="North")
    step = step_of(made, story.supported_case(), "first_assessment")
    sweep(made, step.latest_at + 2 * DAY)
    with made.backend.writing() as uow:
        uow.session.connection().execute(
            update(Notice)
            .where(col(Notice.kind) == "step_escalated", col(Notice.recipient_id) == made.accounts["Dee"].id)
            .values(state="failed", failed_because="on_leave", settled_at=made.now)
        )
    assert weigh_undelivered(made.backend, worker="here", now=made.now) == 0
    assert escalations(made)[0].rung == 0


def test_a_reminder_that_reaches_nobody_is_told_to_a_coordinator(story):
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    sweep(made, step.due_at)
    fail(made, "step_due", why="account_closed")
    assert weigh_undelivered(made.backend, worker="here", now=made.now) == 1
    assert told(made, "reminder_undelivered") == [("reminder_undelivered", "Carol")]
    assert lines(made, "deadline.undelivered") == ["deadline.undelivered"]


@pytest.mark.care(10)
def test_neither_line_manager_nor_whoever_was_there_is_asked(story):
    made = story.organisation
    ref = story.supported_case()
    step = step_of(made, ref, "first_assessment")
    with made.backend.writing() as uow:
        person = uow.session.get(type(made.people["Robin Ashe"]), made.people["Robin Ashe"].id)
        person.line_manager_id = made.people["Carol Elm"].id
        uow.session.add(person)
        uow.session.info["entries"] = 1  # the directory is changed by hand here
    sweep(made, step.latest_at + 2 * DAY)
    assert told(made, "step_escalated") == [("step_escalated", "Lee")]
    assert escalations(made)[0].to_role == "programme_lead"


def test_with_nobody_to_ask_the_escalation_is_opened_and_is_an_alarm_at_once(story):
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    with made.backend.writing() as uow:
        for name in ("Carol", "Lee"):
            account = uow.session.get(type(made.accounts[name]), made.accounts[name].id)
            account.active = False
            uow.session.add(account)
        uow.session.info["entries"] = 1  # the accounts are closed by hand here
    sweep(made, step.latest_at + 2 * DAY)
    [asked] = escalations(made)
    assert asked.nobody_left_at == made.now
    assert told(made, "nobody_to_ask") == [("nobody_to_ask", "Adam")]


@pytest.mark.care(8)
def test_a_draft_that_lies_is_told_of_and_stays(story):
    from trim.usecases.assessment.save_draft import begin_interview
    from trim.usecases.deadlines.stale_drafts import tell_of_stale_drafts

    made = story.organisation
    ref = story.supported_case()
    made.later(days=3)
    with made.backend.writing() as uow:
        begin_interview(
            uow,
            made.actor("Pat"),
            now=made.now,
            case_ref=ref,
            action="record_first_assessment",
            confidentiality_explained=True,
            evidence_hold_acknowledged=True,
        )
    assert tell_of_stale_drafts(made.backend, now=made.later(days=1)) == 0
    assert [tell_of_stale_drafts(made.backend, now=made.later(days=1)) for _ in range(3)] == [1, 0, 0]
    assert told(made, "draft_waits") == [("draft_waits", "Pat")]
    assert [tell_of_stale_drafts(made.backend, now=made.later(days=2)) for _ in range(2)] == [1, 0]
    assert told(made, "draft_waits") == [("draft_waits", "Carol"), ("draft_waits", "Pat")]
    with made.backend.writing() as uow:
        [begun] = today(uow, made.actor("Pat"), now=made.now).begun
        assert begun.stale


def test_one_draft_of_which_nobody_can_be_told_stops_no_other(story, monkeypatch):
    from trim.usecases.assessment.save_draft import begin_interview
    from trim.usecases.deadlines import stale_drafts

    made = story.organisation
    refs = [story.supported_case(), of_sam(story)]
    made.later(days=3)
    for ref in refs:
        with made.backend.writing() as uow:
            begin_interview(
                uow,
                made.actor("Pat"),
                now=made.now,
                case_ref=ref,
                action="record_first_assessment",
                confidentiality_explained=True,
                evidence_hold_acknowledged=True,
            )
    real = stale_drafts._tell

    def spoil(uow, draft, case, *more):
        if case.ref == refs[0]:
            raise KeyError
        return real(uow, draft, case, *more)

    monkeypatch.setattr(stale_drafts, "_tell", spoil)
    made.later(days=2)
    with pytest.raises(KeyError):
        stale_drafts.tell_of_stale_drafts(made.backend, now=made.now)
    assert told(made, "draft_waits") == [("draft_waits", "Pat")]
    monkeypatch.undo()
    assert stale_drafts.tell_of_stale_drafts(made.backend, now=made.now) == 1
    assert told(made, "draft_waits") == [("draft_waits", "Pat")] * 2


def of_sam(story):
    from trim.domain.incident import ExposedPerson

    sam = ExposedPerson(exposure="direct", person_id=story.organisation.people["Sam Birch"].id)
    return story.is_allocated(story.is_accepted(story.plans(story.reports(exposed=(sam,)))))
