"""In danger: one press, whoever is on duty, and help that never waits (CARE 1, 2, 3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.support.story import Story
from tests.usecases.cases.reading import case_of, coordinator, on_duty, reads, uses
from trim.domain.errors import InvalidInput, NotAllowedNow, NotFound
from trim.store import cases
from trim.store.tables import Account, Escalation, Notice
from trim.usecases.cases.call_now import call_now
from trim.usecases.cases.raise_flag import raise_flag
from trim.usecases.escalation.read_escalation import read_escalation


def told(story: Story, ref: str) -> set[tuple[str, bool]]:
    """Who was told of an escalation, and whether urgently."""
    with story.organisation.backend.reading() as uow:
        rows = uow.session.execute(
            select(Account.name, Notice.urgent)
            .join(Account, Account.id == Notice.recipient_id)
            .where(Notice.subject_ref == ref)
        )
        return {(row[0], row[1]) for row in rows}


def escalation(story: Story, ref: str) -> Escalation:
    with story.organisation.backend.reading() as uow:
        found: Escalation = cases.load(uow.session, "escalation", ref)
        return found


@pytest.mark.care(1)
@pytest.mark.parametrize(
    ("sent", "level", "minutes"), [("now", "now", 15), ("today", "today", 240), ("", "now", 15), ("no idea", "now", 15)]
)
def test_one_press_alerts_whatever_is_missing(story: Story, sent: str, level: str, minutes: int) -> None:
    ref = story.supported_case()
    raised = escalation(story, uses(story, "Pat", raise_flag, ref=ref, level=sent))
    assert (raised.rule, raised.level, raised.state) == ("red_flag", level, "open")
    assert raised.answer_by == story.organisation.now + timedelta(minutes=minutes)
    assert told(story, raised.ref) == {("Carol", True), ("Lee", True)}


@pytest.mark.care(1)
def test_a_case_that_moved_on_does_not_hold_it_up_and_one_that_ended_says_whom_to_call(story: Story) -> None:
    ref = story.opens_case()
    uses(story, "Carol", raise_flag, ref=ref, level="now")
    story.does("Carol", "record_decline", ref)
    with pytest.raises(NotAllowedNow) as caught:
        uses(story, "Carol", raise_flag, ref=ref, level="now")
    assert "Call the coordinator on duty" in caught.value.reasons[0].en
    with pytest.raises(NotFound):
        uses(story, "Quinn", raise_flag, ref=ref, level="now")


@pytest.mark.care(2)
def test_who_is_on_duty_is_named_with_a_number_and_whoever_may_not_hear_of_it_is_not(story: Story) -> None:
    made = story.organisation
    coordinator(story, "Cleo", person="Sam Birch")
    ref = story.is_allocated(story.is_accepted(case_of(story, "Robin Ashe")))
    own = story.is_allocated(story.is_accepted(case_of(story, "Sam Birch")))
    on_duty(story, "Cleo")
    page = uses(story, "Pat", call_now, ref=uses(story, "Pat", raise_flag, ref=ref, level="now"))
    assert [(one.name, one.phone, one.until_at) for one in page.numbers.on_duty] == [
        ("Cleo", "+44 1632 960123", made.now + timedelta(hours=12))
    ]
    assert [line.phone for line in page.numbers.crisis_lines] == ["999"]
    assert (page.person, page.level, page.speak_action) == ("Robin Ashe", "now", "record_spoke_to")
    # Cleo's own case: the duty is Cleo's, and yet Cleo hears nothing of it.
    raised = uses(story, "Pat", raise_flag, ref=own, level="now")
    assert uses(story, "Pat", call_now, ref=raised).numbers.on_duty == ()
    assert told(story, raised) == {("Carol", True), ("Lee", True)}


@pytest.mark.care(2)
def test_nobody_on_duty_is_said_and_the_crisis_route_is_there(story: Story) -> None:
    ref = story.supported_case()
    page = uses(story, "Pat", call_now, ref=uses(story, "Pat", raise_flag, ref=ref, level="now"))
    assert page.numbers.on_duty == ()
    assert [line.label for line in page.numbers.crisis_lines] == ["Emergency services"]


@pytest.mark.care(2)
def test_the_practitioner_records_whom_they_spoke_to(story: Story) -> None:
    ref = story.supported_case()
    raised = uses(story, "Pat", raise_flag, ref=ref, level="now")
    story.does("Pat", "record_spoke_to", raised, kind="escalation", spoke_to="Carol", spoke_at=story.organisation.now)
    page = uses(story, "Carol", read_escalation, ref=raised)
    assert (page.raised_by, page.level, page.is_open) == ("Pat", "now", True)
    assert next(said.value for said in page.events[-1].said) == "Carol"
    assert [one.name for one in page.actions if one.group == "main"] == ["take", "decide"]


@pytest.mark.care(26)
def test_a_withdrawal_leaves_an_open_red_flag_to_the_coordinator(story: Story) -> None:
    ref = story.supported_case()
    raised = uses(story, "Pat", raise_flag, ref=ref, level="today")
    story.does("Pat", "withdraw", ref)
    case = reads(story, "Carol", ref)
    assert (case.is_open, case.red_flag_open, case.steps) == (False, True, ())
    story.does("Carol", "decide", raised, kind="escalation", decision="other_support", reason="Safe at her sister's.")
    assert not reads(story, "Carol", ref).red_flag_open


@pytest.mark.care(3)
def test_help_goes_ahead_and_is_confirmed_after(story: Story) -> None:
    ref = story.supported_case()
    referral = story.does("Pat", "propose_referral", ref, provider="crisis_service", reason="Tonight.").made["referral"]
    with pytest.raises(InvalidInput) as caught:
        story.does("Pat", "override", referral, kind="referral", grounds="convenience", explanation="x")
    assert caught.value.problems["grounds"].code == "not_a_choice"
    act = story.does("Pat", "override", referral, kind="referral", grounds="risk_to_life", explanation="A plan.")
    assert act.subject.state == "overridden"
    raised = escalation(story, act.made["escalation"])
    assert (raised.rule, raised.answer_by) == ("override_to_confirm", story.organisation.now + timedelta(hours=4))
    assert ("Carol", False) in told(story, raised.ref)
    story.does("Pat", "send", referral, kind="referral", channel="phone")
    assert story.state(referral, "referral") == "sent"


@pytest.mark.care(4)
def test_passing_on_goes_up_the_programme(story: Story) -> None:
    ref = story.supported_case()
    raised = story.does("Pat", "raise_escalation", ref, reason="Unsure.").made["escalation"]
    assert ("Lee", False) not in told(story, raised)
    story.does("Carol", "pass_on", raised, kind="escalation", reason="Please.")
    assert ("Lee", False) in told(story, raised)
    assert escalation(story, raised).to_role == "programme_lead"
    assert uses(story, "Lee", read_escalation, ref=raised).state.en == "Waiting for somebody"
