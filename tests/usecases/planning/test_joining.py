"""A second incident for somebody with an open case: one interview for both, with its clock in sight (CARE 21)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.story import Story
from tests.support.trail import broken_chains, disagreements, lines
from tests.usecases.planning.people import crew, exposure_of, incident_of, meets
from trim.domain.access import Role
from trim.domain.errors import ConflictUnknown, NotAllowedNow, NotFound, StaleVersion
from trim.domain.incident import ExposedPerson
from trim.store import cases
from trim.store.tables import Incident, Notice, Step, SupportCase
from trim.usecases.acting.variables import case_variables
from trim.usecases.intake.list_incidents import list_incidents
from trim.usecases.intake.read_incident import read_incident
from trim.usecases.planning.join_incident import JoinProposal, join_to_case, open_separate_case, show_join

pytestmark = pytest.mark.care(21)


def second_incident(story: Story, *others: str, **more: object) -> str:
    """Robin, who has an open case, was at another incident; the meeting chose individual support."""
    names = ("Robin Ashe", *others)
    ref = story.reports(kind="assault", exposed=crew(story, *names), **more)
    meets(story, ref, dict.fromkeys(names, "individual_assessment"), "Lee" if others else "Carol")
    return ref


def proposal(story: Story, ref: str, who: str = "Carol", name: str = "Robin Ashe") -> JoinProposal:
    made = story.organisation
    with made.backend.writing() as uow:
        return show_join(
            uow, made.actor(who), now=made.now, incident_ref=ref, exposure_id=exposure_of(story, ref, name).id
        )


def joins(story: Story, ref: str, who: str = "Carol", version: int | None = None):
    made = story.organisation
    exposure = exposure_of(story, ref, "Robin Ashe")
    with made.backend.writing() as uow:
        shown = (
            version or show_join(uow, made.actor(who), now=made.now, incident_ref=ref, exposure_id=exposure.id).version
        )
        return join_to_case(
            uow, made.actor(who), now=made.now, incident_ref=ref, exposure_id=exposure.id, version=shown
        )


def case_of(story: Story, ref: str) -> SupportCase:
    with story.organisation.backend.reading() as uow:
        return cases.load(uow.session, "case", ref)


def open_steps(story: Story, case: str) -> dict[str, Step]:
    with story.organisation.backend.reading() as uow:
        row = cases.load(uow.session, "case", case)
        found = uow.session.scalars(select(Step).where(Step.case_id == row.id, Step.state == "open"))
        return {step.name: step for step in found}


def test_the_meeting_opens_no_second_case_and_asks_later(story):
    case = story.supported_case()
    ref = second_incident(story)
    with story.organisation.backend.reading() as uow:
        assert len(uow.session.scalars(select(SupportCase)).all()) == 1
        step = uow.session.scalars(select(Step).where(Step.subject_kind == "exposure", Step.state == "open")).one()
        told = uow.session.scalars(select(Notice).where(Notice.kind == "join_to_decide")).all()
    assert (step.name, step.subject_id) == ("join_case", exposure_of(story, ref, "Robin Ashe").id)
    # Whoever wrote the meeting down knows; the lead is told.
    assert [one.recipient_id for one in told] == [story.organisation.accounts["Lee"].id]
    assert case_of(story, case).version > 0


@pytest.mark.care(22)
def test_before_the_first_interview_its_clock_runs_from_the_later_incident(story):
    made = story.organisation
    case = story.supported_case()
    made.later(days=2)
    ref = second_incident(story)
    asked = proposal(story, ref)
    assert (asked.case_ref, asked.person, asked.practitioner, asked.interviews) == (case, "Robin Ashe", "Pat", 0)
    assert [one.kind.en for one in asked.covered] == ["Death or serious injury of a child"]
    (clock,) = asked.clocks
    happened = incident_of(story, ref).occurred_at
    assert clock.before.due_at < clock.after.due_at == happened + timedelta(hours=72)
    joins(story, ref)
    (step,) = open_steps(story, case).values()
    assert (step.name, step.anchor_at, step.due_at) == ("first_assessment", happened, clock.after.due_at)
    assert (story.state(case), case_of(story, case).incident_id) == (
        "awaiting_first_assessment",
        incident_of(story, ref).id,
    )
    assert exposure_of(story, ref, "Robin Ashe").case_id == case_of(story, case).id


def test_an_incident_told_late_does_not_move_the_clock_back(story):
    made = story.organisation
    case = story.supported_case()
    before = open_steps(story, case)["first_assessment"].due_at
    began_with = case_of(story, case).incident_id
    ref = second_incident(story, occurred_on=(made.now - timedelta(days=2)).date())
    (clock,) = proposal(story, ref).clocks
    assert clock.before.due_at == clock.after.due_at
    joins(story, ref)
    assert open_steps(story, case)["first_assessment"].due_at == before
    assert case_of(story, case).incident_id == began_with


def test_after_an_interview_a_first_one_for_both_takes_the_place_of_the_follow_up(story):
    made = story.organisation
    case = story.supported_case()
    made.later(days=3)
    story.interviews(case, points=1)
    made.later(days=10)
    ref = second_incident(story)
    asked = proposal(story, ref)
    assert (asked.interviews, asked.state.en, asked.state_after.en) == (
        1,
        "Follow-up to come",
        "First interview to come",
    )
    assert [(one.label.en, one.before is None, one.after is None) for one in asked.clocks] == [
        ("First interview", True, False),
        ("Follow-up interview", False, True),
    ]
    joins(story, ref)
    happened = incident_of(story, ref).occurred_at
    (step,) = open_steps(story, case).values()
    assert (step.name, step.due_at) == ("first_assessment", happened + timedelta(hours=72))
    assert story.state(case) == "awaiting_first_assessment"
    made.later(days=2)
    story.interviews(case, points=0)
    assert set(open_steps(story, case)) == {"follow_up"}
    with made.backend.reading() as uow:
        assert broken_chains(uow.session) == []
        assert disagreements(uow.session) == []


def test_while_the_offer_is_open_no_clock_moves_and_the_interview_will_count_from_the_later(story):
    made = story.organisation
    case = story.opens_case()
    story.does("Carol", "make_offer", case, channel="phone")
    made.later(days=1)
    ref = second_incident(story)
    (clock,) = proposal(story, ref).clocks
    assert clock.before == clock.after
    joins(story, ref)
    assert story.state(case) == "offered"
    story.does("Carol", "record_acceptance", case)
    assert open_steps(story, case)["first_assessment"].anchor_at == incident_of(story, ref).occurred_at


def test_after_a_hand_over_the_interview_for_both_is_still_the_first(story):
    made = story.organisation
    case = story.supported_case()
    made.later(days=3)
    story.interviews(case, points=1)
    story.does("Carol", "hand_over", case, practitioner=made.accounts["Quinn"].id)
    made.later(hours=1)
    ref = second_incident(story)
    joins(story, ref)
    assert story.state(case) == "allocation_proposed"
    story.does("Quinn", "accept_allocation", case)
    assert story.state(case) == "awaiting_first_assessment"


@pytest.mark.care(10)
def test_a_practitioner_who_was_there_too_cannot_go_on(story):
    case = story.supported_case()
    ref = second_incident(story, "Pat Cole")
    asked = proposal(story, ref)
    assert asked.practitioner_leaves
    joins(story, ref)
    row = case_of(story, case)
    assert (row.state, row.practitioner_id) == ("to_allocate", None)
    assert set(open_steps(story, case)) == {"allocation", "first_assessment"}
    with pytest.raises(NotFound):
        story.does("Pat", "log_contact", case, channel="phone", result="spoke")


def test_an_investigation_of_either_incident_asks_for_caution(story):
    case = story.supported_case()
    ref = second_incident(story, evidence_hold=True)
    joins(story, ref)
    with story.organisation.backend.reading() as uow:
        row = cases.load(uow.session, "case", case)
        known = case_variables(
            uow,
            story.organisation.actor("Pat"),
            row,
            uow.session.get(Incident, row.incident_id),
            uow.pack(row.pack_version_id),
            story.organisation.now,
        )
    assert known["evidence_hold"]


@pytest.mark.care(17)
def test_straight_to_care_is_carried_over(story):
    case = story.supported_case()
    ref = story.reports(kind="assault", exposed=crew(story, "Robin Ashe"))
    meets(story, ref, {"Robin Ashe": "professional_care"})
    joins(story, ref)
    assert case_of(story, case).direct_referral


def test_the_person_may_prefer_a_case_of_its_own(story):
    made = story.organisation
    first = story.supported_case()
    ref = second_incident(story)
    asked = proposal(story, ref)
    exposure = exposure_of(story, ref, "Robin Ashe")
    with made.backend.writing() as uow:
        second = open_separate_case(
            uow,
            made.actor("Carol"),
            now=made.now,
            incident_ref=ref,
            exposure_id=exposure.id,
            version=asked.version,
        )
    assert second.ref != first
    assert (second.state, second.incident_id) == ("offer_to_make", incident_of(story, ref).id)
    assert story.state(first) == "awaiting_first_assessment"
    with made.backend.reading() as uow:
        chain = lines(uow.session, f"incident:{incident_of(story, ref).id}")
    assert [line["codes"] for line in chain if line["what"] == "incident.join_decided"] == [{"choice": "separate"}]
    # It was decided: the page is gone.
    with pytest.raises(NotFound):
        proposal(story, ref)


def test_support_that_ended_meanwhile_is_not_joined(story):
    made = story.organisation
    case = story.supported_case()
    ref = second_incident(story)
    version = proposal(story, ref).version
    story.does("Pat", "withdraw", case)
    assert proposal(story, ref).case_ref is None
    with pytest.raises(NotAllowedNow) as caught:
        joins(story, ref, version=version)
    assert caught.value.codes == ["case_ended_meanwhile"]
    with made.backend.writing() as uow:
        opened = open_separate_case(
            uow,
            made.actor("Carol"),
            now=made.now,
            incident_ref=ref,
            exposure_id=exposure_of(story, ref, "Robin Ashe").id,
            version=0,
        )
    assert opened.state == "offer_to_make"


def test_an_old_page_is_stale(story):
    case = story.supported_case()
    ref = second_incident(story)
    version = proposal(story, ref).version
    story.does("Pat", "log_contact", case, channel="phone", result="spoke")
    with pytest.raises(StaleVersion):
        joins(story, ref, version=version)


def test_the_action_alone_joins_nothing(story):
    case = story.supported_case()
    with pytest.raises(NotAllowedNow) as caught:
        story.does("Carol", "join_incident", case)
    assert "waiting to be joined" in caught.value.reasons[0].en
    second_incident(story)
    with pytest.raises(NotAllowedNow) as caught:
        story.does("Carol", "join_incident", case)
    assert caught.value.codes == ["choose_at_the_incident"]


@pytest.mark.care(10)
def test_the_open_case_is_shown_to_nobody_who_may_not_open_it(story):
    made = story.organisation
    made.add_person("Kit Low", line_manager_id=made.people["Carol Elm"].id)
    made.add_person("Max Unsure", line_manager_known=False)
    there = crew(story, "Kit Low", "Max Unsure")
    first = story.reports(exposed=there)
    meets(story, first, dict.fromkeys(("Kit Low", "Max Unsure"), "individual_assessment"))
    second = story.reports(kind="assault", exposed=there)
    meets(story, second, dict.fromkeys(("Kit Low", "Max Unsure"), "individual_assessment"))
    with pytest.raises(NotFound):
        proposal(story, second, name="Kit Low")
    with pytest.raises(ConflictUnknown):
        proposal(story, second, name="Max Unsure")
    assert proposal(story, second, "Lee", name="Kit Low").case_ref
    # Neither the page of the incident nor the list lets her guess it.
    with made.backend.writing() as uow:
        carol, lee = (read_incident(uow, made.actor(who), now=made.now, ref=second) for who in ("Carol", "Lee"))
        rows = list_incidents(uow, made.actor("Carol")).rows
    assert [one.waits_for for one in carol.people] == [None, "join_case"]
    assert [one.waits_for for one in lee.people] == ["join_case", "join_case"]
    assert next(row for row in rows if row.ref == second).next_step.name == "join_case"
    for who in ("Pat", "Rita", "Adam"):
        with pytest.raises(NotFound):
            proposal(story, second, who, name="Kit Low")


@pytest.mark.care(13)
def test_only_readers_of_a_restricted_incident_are_told(story):
    made = story.organisation
    made.add_account("Cleo", Role.COORDINATOR, unit="North")
    story.supported_case()
    ref = story.reports(
        "Lee", kind="assault", restricted=True, exposed=(ExposedPerson(exposure="direct", name="Robin Ashe"),)
    )
    meets(story, ref, {"Robin Ashe": "individual_assessment"}, "Lee")
    with made.backend.reading() as uow:
        assert uow.session.scalars(select(Notice).where(Notice.kind == "join_to_decide")).all() == []
