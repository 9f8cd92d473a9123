"""Group sessions: nobody scored, nothing about one person, attendance for the leaders' eyes (CARE 17, 27)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.groups import case_of, held_session, led, opens, party, planned_session, reads
from tests.support.story import Story
from tests.support.trail import lines
from trim.domain.access import Role
from trim.domain.errors import InvalidInput, NotAllowedNow, NotFound
from trim.engine import machine
from trim.store import cases, undertakings
from trim.store.tables import ActionRecord, Assessment, Notice, TrailEntry
from trim.usecases.cases.action_page import action_page
from trim.usecases.intake.protection import CLEARANCE_REASONS, change_group_clearance

KIND = "group_session"


def clears(story: Story, incident: str, *, cleared: bool) -> None:
    made = story.organisation
    with made.backend.writing() as uow:
        row = cases.load(uow.session, "incident", incident)
        change_group_clearance(
            uow,
            made.actor("Carol"),
            now=made.now,
            incident_ref=incident,
            version=row.version,
            cleared=cleared,
            reason=sorted(CLEARANCE_REASONS[cleared])[0],
        )


def test_what_comes_first_on_a_new_one_is_who_leads_it_and_never_calling_it_off(story: Story) -> None:
    made = story.organisation
    ref = opens(made, KIND)

    def first() -> list[str]:
        return [one.name for one in reads(made, "Carol", ref).actions if one.group == "main" and not one.refused]

    assert first() == ["name_leader"]
    led(made, ref, KIND)
    assert first() == ["plan"]
    assert "call_off" in [one.name for one in reads(made, "Carol", ref).actions]
    with made.backend.writing() as uow:
        page = action_page(uow, made.actor("Carol"), now=made.now, kind=KIND, ref=ref, action="plan")
    assert page.about == "Watch three, north"


@pytest.mark.care(27)
def test_who_came_is_seen_by_those_who_lead_it_and_by_nobody_else(story: Story) -> None:
    made = story.organisation
    ref = held_session(made, "Robin Ashe", "Sam Birch")
    story.does("Pat", "note_who_came", ref, kind=KIND, came=[party(made, ref, "Robin Ashe")])
    mine = reads(made, "Pat", ref)
    assert [(one.name, one.came) for one in mine.people] == [("Robin Ashe", True), ("Sam Birch", False)]
    theirs = reads(made, "Carol", ref)
    assert (theirs.sees_people, theirs.people, theirs.beside) == (False, (), ())
    assert [(one.head_count, one.minutes, one.theme) for one in theirs.meetings] == [(12, 75, "The days after")]
    assert "Robin" not in repr(theirs)
    for stranger in ("Quinn", "Rita", "Hana", "Adam", "Ada"):
        with pytest.raises(NotFound):
            reads(made, stranger, ref)


@pytest.mark.care(27)
def test_no_record_and_no_line_of_the_trail_says_who_came(story: Story) -> None:
    made = story.organisation
    ref = held_session(made, "Robin Ashe")
    row_id = party(made, ref, "Robin Ashe")
    story.does("Pat", "note_who_came", ref, kind=KIND, came=[row_id])
    story.does("Pat", "offer_contact", ref, kind=KIND, party=row_id)
    with made.backend.reading() as uow:
        row = undertakings.load(uow.session, ref)
        for one in uow.session.scalars(select(ActionRecord).where(col(ActionRecord.subject_id) == row.id)):
            said = uow.vault.unseal(f"undertaking:{row.id}", "action_record", one.id, one.sealed)
            assert row_id not in json.dumps(said)
            assert not (one.action in ("note_who_came", "offer_contact") and said)
        for entry in uow.session.scalars(select(TrailEntry).where(col(TrailEntry.chain) == f"undertaking:{row.id}")):
            assert row_id not in entry.text
        assert uow.session.scalars(select(Assessment)).all() == []


@pytest.mark.care(27)
def test_an_offer_beside_a_name_opens_a_case_and_holds_no_observation(story: Story) -> None:
    made = story.organisation
    ref = held_session(made, "Sam Birch")
    story.does("Pat", "offer_contact", ref, kind=KIND, party=party(made, ref, "Sam Birch"))
    case_ref = case_of(made, ref, "Sam Birch")
    assert case_ref is not None
    assert story.state(case_ref) == "offer_to_make"
    with made.backend.reading() as uow:
        case = cases.load(uow.session, "case", case_ref)
        assert (case.came_by, case.incident_id) == ("offered", None)
        told = [one for one in uow.session.scalars(select(Notice)) if one.subject_ref == case_ref]
    carol = made.accounts["Carol"].id
    assert ("support_asked", carol) in {(one.kind, one.recipient_id) for one in told}, "somebody has to make the offer"
    with pytest.raises(InvalidInput) as refused:
        story.does("Pat", "offer_contact", ref, kind=KIND, party=party(made, ref, "Sam Birch"))
    assert refused.value.problems["party"].code == "offered_already"


def test_somebody_on_the_list_of_the_event_gets_the_offer_as_the_meeting_would_have_planned_it(story: Story) -> None:
    made = story.organisation
    incident = story.reports()
    story.plans(incident, "group_session")
    ref = held_session(made, "Robin Ashe", incident=incident)
    story.does("Pat", "offer_contact", ref, kind=KIND, party=party(made, ref, "Robin Ashe"))
    case_ref = case_of(made, ref, "Robin Ashe")
    assert case_ref is not None
    with made.backend.reading() as uow:
        case = cases.load(uow.session, "case", case_ref)
        assert case.incident_id == cases.load(uow.session, "incident", incident).id
    assert reads(made, "Pat", ref).incident_ref is None, "a practitioner does not open the event"


@pytest.mark.care(17)
def test_while_an_investigation_runs_it_waits_for_clearance_whatever_the_pack_says(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = story.organisation
    incident = story.reports(evidence_hold=True)
    ref = led(made, opens(made, KIND, incident=incident), KIND)
    with pytest.raises(NotAllowedNow) as refused:
        at = made.now + timedelta(days=1)
        story.does("Carol", "plan", ref, kind=KIND, sort="briefing", planned_for=at)
    assert "clearance" in refused.value.reasons[0].en
    clears(story, incident, cleared=True)
    story.does("Carol", "plan", ref, kind=KIND, sort="briefing", planned_for=made.now + timedelta(days=1))
    clears(story, incident, cleared=False)
    made.later(days=1, hours=2)
    said = {"held_at": made.now, "form": "briefing", "minutes": 60}
    with pytest.raises(NotAllowedNow) as refused:
        story.does("Pat", "hold", ref, kind=KIND, **said)
    assert refused.value.codes == ["requirement"]
    # A pack that asks nothing: the effect itself keeps the door shut.
    monkeypatch.setattr(machine, "_unmet", lambda *_: ())
    with pytest.raises(NotAllowedNow) as refused:
        story.does("Pat", "hold", ref, kind=KIND, **said)
    assert refused.value.codes == ["groups_not_cleared"]


def test_whoever_is_named_to_lead_it_hears_of_it_and_acts_as_such_whatever_role_they_hold(story: Story) -> None:
    made = story.organisation
    ref = planned_session(made, leader="Carol")
    assert reads(made, "Carol", ref).sees_people
    story.does("Carol", "name_person", ref, kind=KIND, person="Robin Ashe")
    made.add_account("Cleo", Role.COORDINATOR)
    with pytest.raises(NotAllowedNow):
        story.does("Cleo", "name_person", ref, kind=KIND, person="Sam Birch")
    led(made, ref, KIND, "Pat")
    with made.backend.reading() as uow:
        told = [one for one in uow.session.scalars(select(Notice)) if one.kind == "asked_to_lead"]
    assert [one.subject_ref for one in told] == [ref]


def test_the_clock_runs_from_the_day_that_was_chosen_and_begins_anew_when_it_is_moved(story: Story) -> None:
    made = story.organisation
    ref = planned_session(made)
    (step,) = reads(made, "Pat", ref).steps
    assert (step.name, step.anchor, step.anchor_at) == (
        "hold_session", "undertaking.planned_for", made.now + timedelta(days=1)
    )  # fmt: skip
    story.does("Pat", "move", ref, kind=KIND, planned_for=made.now + timedelta(days=4), reason="duty")
    (step,) = reads(made, "Pat", ref).steps
    assert step.anchor_at == made.now + timedelta(days=4)
    assert [(one.how, one.why.en) for one in step.moved] == [("reset", "People are on duty")]


def test_every_reading_and_every_action_leaves_its_line(story: Story) -> None:
    made = story.organisation
    ref = held_session(made)
    reads(made, "Carol", ref)
    with made.backend.reading() as uow:
        row = undertakings.load(uow.session, ref)
        said = [one["what"] for one in lines(uow.session, f"undertaking:{row.id}")]
    assert said == [
        "undertaking.opened", "group_session.name_leader", "group_session.plan", "group_session.hold",
        "undertaking.read",
    ]  # fmt: skip
