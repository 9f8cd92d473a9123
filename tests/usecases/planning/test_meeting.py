"""The planning meeting: a response for everybody, nothing else in sight, and a second look where it was put off."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.support.trail import disagreements, lines
from tests.usecases.planning.people import crew, exposure_of, incident_of, meets, named_later
from trim.domain.errors import InvalidInput, NotAllowedNow, NotFound, StaleVersion
from trim.domain.incident import ExposedPerson
from trim.store import cases
from trim.store.tables import PlanningMeeting, Step, SupportCase
from trim.usecases.planning.close_incident import close_incident
from trim.usecases.planning.earlier_incidents import show_earlier
from trim.usecases.planning.meeting_page import MeetingSheet, SheetRow, ToDecide, show_meeting_sheet, show_planning

SOON = date(2026, 3, 16)


def codes(caught: pytest.ExceptionInfo[InvalidInput]) -> dict[str, str]:
    return {name: reason.code for name, reason in caught.value.problems.items()}


def page(story, ref, who="Carol"):
    made = story.organisation
    with made.backend.writing() as uow:
        return show_planning(uow, made.actor(who), now=made.now, incident_ref=ref)


def sheet(story, ref, who="Carol") -> MeetingSheet:
    made = story.organisation
    with made.backend.writing() as uow:
        return show_meeting_sheet(uow, made.actor(who), now=made.now, incident_ref=ref)


def test_nobody_is_left_without_a_decision(story):
    ref = story.reports(exposed=crew(story, "Robin Ashe", "Sam Birch", "Kim Vane"))
    with pytest.raises(InvalidInput) as caught:
        meets(story, ref, {"Robin Ashe": "briefing", "Kim Vane": "flowers"})
    sam, kim = exposure_of(story, ref, "Sam Birch"), exposure_of(story, ref, "Kim Vane")
    assert codes(caught) == {f"response-{sam.id}": "response_missing", f"response-{kim.id}": "not_a_choice"}
    assert story.state(ref, "incident") == "reported"


@pytest.mark.care(25)
def test_nothing_yet_carries_a_day_to_come(story):
    ref = story.reports(exposed=crew(story, "Robin Ashe", "Sam Birch"))
    today = story.organisation.now.date()
    with pytest.raises(InvalidInput) as caught:
        meets(story, ref, {"Robin Ashe": "nothing_yet", "Sam Birch": ("nothing_yet", today)})
    robin, sam = exposure_of(story, ref, "Robin Ashe"), exposure_of(story, ref, "Sam Birch")
    assert codes(caught) == {
        f"look_again-{robin.id}": "look_again_missing",
        f"look_again-{sam.id}": "look_again_past",
    }
    meets(story, ref, {"Robin Ashe": ("nothing_yet", SOON), "Sam Birch": "briefing"})
    assert exposure_of(story, ref, "Robin Ashe").look_again_on == SOON
    with story.organisation.backend.reading() as uow:
        step = uow.session.scalars(select(Step).where(Step.subject_id == robin.id)).one()
    assert (step.name, step.state, step.due_at.date()) == ("look_again", "open", SOON)


def test_each_response_brings_what_it_says(story):
    ref = story.reports(exposed=crew(story, "Robin Ashe", "Sam Birch", "Kim Vane"))
    meets(story, ref, {"Robin Ashe": "individual_assessment", "Sam Birch": "professional_care", "Kim Vane": "briefing"})
    with story.organisation.backend.reading() as uow:
        opened = {row.id: row.direct_referral for row in uow.session.scalars(select(SupportCase))}
        meeting = uow.session.scalars(select(PlanningMeeting)).one()
        assert disagreements(uow.session) == []
    robin, sam, kim = (exposure_of(story, ref, name) for name in ("Robin Ashe", "Sam Birch", "Kim Vane"))
    assert (opened[robin.case_id], opened[sam.case_id], kim.case_id) == (False, True, None)
    assert b"Kim" not in meeting.sealed


def test_a_meeting_lies_between_the_incident_and_now(story):
    made = story.organisation
    ref = story.reports()
    with pytest.raises(InvalidInput) as caught:
        meets(story, ref, {"Robin Ashe": "briefing"}, held_at=made.now + timedelta(hours=1))
    assert codes(caught) == {"held_at": "in_future"}
    with pytest.raises(InvalidInput) as caught:
        meets(story, ref, {"Robin Ashe": "briefing"}, held_at=made.now - timedelta(days=3))
    assert codes(caught) == {"held_at": "before_incident"}


def test_an_old_page_of_the_meeting_is_refused(story):
    ref = story.reports()
    meets(story, ref, {"Robin Ashe": ("nothing_yet", SOON)})
    with pytest.raises(StaleVersion):
        meets(story, ref, {"Robin Ashe": "briefing"}, version=1)


def test_a_name_given_meanwhile_is_asked_about_and_nothing_typed_is_stale(story):
    ref = story.reports()
    shown = page(story, ref).version
    sam = named_later(story, ref, "Sam Birch", who="Lee")
    with pytest.raises(InvalidInput) as caught:
        meets(story, ref, {"Robin Ashe": "briefing"}, version=shown)
    assert codes(caught) == {f"response-{sam.id}": "response_missing"}
    meets(story, ref, {"Robin Ashe": "briefing", "Sam Birch": "briefing"}, version=shown)


@pytest.mark.care(17)
def test_groups_under_investigation_are_refused_at_the_plan(story):
    ref = story.reports(evidence_hold=True)
    assert page(story, ref).groups_barred
    with pytest.raises(InvalidInput) as caught:
        meets(story, ref, {"Robin Ashe": "group_session"})
    assert codes(caught) == {"plan": "requirement"}
    meets(story, ref, {"Robin Ashe": "individual_assessment"})


@pytest.mark.parametrize("who", ["Rita", "Pat", "Hana", "Adam", "Ada"])
def test_only_coordinators_and_leads_plan(story, who):
    ref = story.reports()
    with pytest.raises(NotFound):
        meets(story, ref, {"Robin Ashe": "briefing"}, who=who)
    with pytest.raises(NotFound):
        sheet(story, ref, who)


# What the meeting sees


@pytest.mark.care(9)
def test_the_page_and_the_sheet_hold_name_exposure_and_response_only(story):
    """A declined offer, an open case, another incident: none of it is anywhere near the meeting."""
    made = story.organisation
    before = story.reports()
    case = story.plans(before)
    story.does("Carol", "make_offer", case, channel="phone")
    story.does("Carol", "record_decline", case)
    made.later(days=20)
    ref = story.reports(kind="assault", exposed=crew(story, "Robin Ashe", "Sam Birch"))
    printed = sheet(story, ref)
    assert printed.rows == (
        SheetRow("Robin Ashe", printed.rows[0].exposure, None),
        SheetRow("Sam Birch", printed.rows[1].exposure, None),
    )
    assert {one.name for one in fields(SheetRow)} == {"name", "exposure", "response"}
    assert {one.name for one in fields(ToDecide)} == {"exposure_id", "name", "exposure", "look_again_on", "due_at"}
    for shown in (str(printed), str(page(story, ref))):
        assert case not in shown
        assert before not in shown
        assert "ecline" not in shown.replace("Nobody is left out", "")
    with made.backend.reading() as uow:
        chain = lines(uow.session, f"incident:{incident_of(story, ref).id}")
    assert [line["what"] for line in chain][-2:] == ["incident.sheet_made", "incident.read"]


def test_two_of_one_name_are_told_apart_by_their_unit(story):
    made = story.organisation
    first, second = made.add_person("Alex Moor"), made.add_person("Alex Moor", unit="South")
    both = tuple(ExposedPerson(exposure="witness", person_id=one.id) for one in (first, second))
    ref = story.reports(exposed=both)
    assert {one.name for one in page(story, ref).people} == {"Alex Moor (North)", "Alex Moor (South)"}


# Later


@pytest.mark.care(22)
@pytest.mark.care(25)
def test_names_found_later_are_planned_for_with_their_own_clock(story):
    made = story.organisation
    ref = story.reports()
    story.plans(ref)
    made.later(days=4)
    named_later(story, ref, "Sam Birch")
    named_at = made.now
    made.later(hours=3)
    shown = page(story, ref)
    assert (shown.action, shown.decided, shown.due_at) == ("plan_again", 1, None)
    assert [(one.name, one.due_at) for one in shown.people] == [("Sam Birch", named_at + timedelta(hours=24))]
    case = meets(story, ref, {"Sam Birch": "individual_assessment"}).made["case"]
    story.is_accepted(case)
    with made.backend.reading() as uow:
        row = cases.load(uow.session, "case", case)
        step = uow.session.scalars(select(Step).where(Step.case_id == row.id, Step.name == "first_assessment")).one()
    assert (step.anchor, step.due_at) == ("exposure.became_known_at", named_at + timedelta(hours=72))


@pytest.mark.care(22)
@pytest.mark.care(25)
def test_looking_again_decides_anew_or_leaves_as_it_is(story):
    made = story.organisation
    ref = story.reports(exposed=crew(story, "Robin Ashe", "Sam Birch"))
    meets(story, ref, {"Robin Ashe": ("nothing_yet", SOON), "Sam Birch": ("nothing_yet", SOON)})
    made.later(days=14)
    assert [one.look_again_on for one in page(story, ref).people] == [SOON, SOON]
    decided_at = made.now
    case = meets(story, ref, {"Robin Ashe": "individual_assessment"}).made["case"]
    assert exposure_of(story, ref, "Robin Ashe").look_again_on is None
    assert exposure_of(story, ref, "Sam Birch").look_again_on == SOON
    story.is_accepted(case)
    with made.backend.reading() as uow:
        row = cases.load(uow.session, "case", case)
        steps = {one.name: one for one in uow.session.scalars(select(Step).where(Step.case_id == row.id))}
        left = uow.session.scalars(select(Step).where(Step.name == "look_again", Step.state == "open")).all()
    # Not counted from an incident of a fortnight ago: nobody was late, it was decided so.
    first = steps["first_assessment"]
    assert (first.anchor, first.due_at) == ("exposure.decided_at", decided_at + timedelta(hours=72))
    assert [one.subject_id for one in left] == [exposure_of(story, ref, "Sam Birch").id]


def test_an_incident_is_closed_when_everybody_has_a_response(story):
    made = story.organisation
    ref = story.reports()

    def close(version):
        with made.backend.writing() as uow:
            return close_incident(uow, made.actor("Carol"), now=made.now, incident_ref=ref, version=version)

    with pytest.raises(NotAllowedNow) as caught:
        close(1)
    assert "no response yet" in caught.value.reasons[0].en
    story.plans(ref)
    close(2)
    assert story.state(ref, "incident") == "closed"
    # Somebody found after the end opens it again.
    named_later(story, ref, "Sam Birch")
    meets(story, ref, {"Sam Birch": "briefing"})
    assert story.state(ref, "incident") == "planned"


# Earlier incidents


def earlier(story, ref, name, who="Carol", **more):
    made = story.organisation
    exposure = exposure_of(story, ref, name)
    with made.backend.writing() as uow:
        return show_earlier(uow, made.actor(who), now=made.now, incident_ref=ref, exposure_id=exposure.id, **more)


@pytest.mark.care(9)
def test_earlier_incidents_are_for_the_coordinator_with_a_line_of_their_own(story):
    made = story.organisation
    long_ago = story.reports(kind="drowning")
    made.later(days=300)
    before = story.reports(kind="assault")
    far = story.reports("Lee", kind="assault", unit_id=made.units["South"].id)
    secret = story.reports("Lee", kind="suicide", restricted=True)
    made.later(days=80)
    ref = story.reports()
    found = earlier(story, ref, "Robin Ashe")
    assert [one.ref for one in found.rows] == [before]
    assert found.elsewhere == 1
    assert {one.ref for one in earlier(story, ref, "Robin Ashe", "Lee").rows} == {before, far, secret}
    assert long_ago not in str(found)
    with made.backend.reading() as uow:
        chain = lines(uow.session, f"incident:{incident_of(story, ref).id}")
    assert [line["what"] for line in chain].count("incident.earlier_read") == 2
    with pytest.raises(NotFound):
        earlier(story, ref, "Robin Ashe", "Pat")


@pytest.mark.care(9)
@pytest.mark.care(10)
def test_earlier_incidents_are_kept_from_the_line_and_asked_about_when_it_is_unknown(story):
    made = story.organisation
    made.add_person("Kit Low", line_manager_id=made.people["Carol Elm"].id)
    made.add_person("Max Unsure", line_manager_known=False)
    ref = story.reports(exposed=crew(story, "Kit Low", "Max Unsure"))
    with pytest.raises(NotFound):
        earlier(story, ref, "Kit Low")
    asked = earlier(story, ref, "Max Unsure")
    assert (asked.ask, asked.rows) == (True, ())
    assert not earlier(story, ref, "Max Unsure", not_in_line=True).ask
    with made.backend.reading() as uow:
        chain = lines(uow.session, f"incident:{incident_of(story, ref).id}")
    assert [line["codes"] for line in chain if line["what"] == "incident.earlier_read"] == [{"declared": True}]
