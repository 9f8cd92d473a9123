"""One action, from who-may to the line in the trail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.facts_told import told
from tests.support.organisation import trim_pack
from tests.support.story import Story
from tests.support.trail import broken_chains, disagreements, lines
from trim.domain.access import Role
from trim.domain.errors import InvalidInput, NotAllowedNow, NotFound, StaleVersion
from trim.domain.incident import ExposedPerson
from trim.engine.forms import checked
from trim.store import cases
from trim.store.tables import ActionRecord, Fact, Notice, Step, SupportCase, TrailEntry


def whole_case(story: Story) -> str:
    """From incident to closure and back again, everything on the way."""
    made = story.organisation
    ref = story.supported_case()
    made.later(days=3)
    raised = story.interviews(ref, points=2, notes="Sleeps badly.").made["escalation"]
    story.does("Carol", "decide", raised, kind="escalation", decision="refer", reason="Needs more than we can give.")
    referral = story.does(
        "Carol", "propose_referral", ref, provider=trim_pack().choices["referral_providers"][0].value, reason="Sleep."
    ).made["referral"]
    story.does("Pat", "record_agreement", referral, kind="referral", share_attendance=True)
    story.does("Carol", "send", referral, kind="referral", channel="letter")
    story.does("Pat", "record_attendance", referral, kind="referral", attended=True)
    outcome = trim_pack().choices["referral_outcomes"][0].value
    story.does("Pat", "record_outcome", referral, kind="referral", result=outcome)
    made.later(days=28)
    story.interviews(ref, "record_follow_up", points=0)
    story.does("Pat", "close", ref, outcome="support_completed")
    story.does("Carol", "reopen", ref, reason="A new hard season.")
    return ref


def test_a_case_from_incident_to_closure_and_back(story):
    ref = whole_case(story)
    assert story.state(ref) == "to_allocate"
    with story.organisation.backend.reading() as uow:
        assert broken_chains(uow.session) == []
        assert disagreements(uow.session) == []
        case = cases.load(uow.session, "case", ref)
        named = {line["what"] for line in lines(uow.session, f"case:{case.id}")}
    assert {"case.opened", "case.make_offer", "case.record_first_assessment", "escalation.decide"} <= named
    assert {"referral.send", "case.close", "case.reopen"} <= named


def test_nothing_that_was_said_is_in_clear(story):
    """Answers, notes and free reasons lie in ciphertext alone; digests are keyed (law 7, CARE 14)."""
    whole_case(story)
    with story.organisation.backend.reading() as uow:
        clear = [entry.text for entry in uow.session.scalars(select(TrailEntry))]
        clear += [str(row.model_dump(exclude={"sealed"})) for table in (SupportCase, Step, ActionRecord, Fact, Notice)
                  for row in uow.session.scalars(select(table))]  # fmt: skip
    for secret in ("Sleeps badly", "Needs more than", "hard season", "ring road", "Robin"):
        assert not [text for text in clear if secret in text], secret


def test_facts_say_no_finer_time_than_the_quarter_and_follow_no_order(story):
    whole_case(story)
    facts = told(story.organisation)
    with story.organisation.backend.reading() as uow:
        ids = {row.id for table in (SupportCase, Step, ActionRecord) for row in uow.session.scalars(select(table))}
    assert {fact.quarter for fact in facts} == {"2026-Q1", "2026-Q2"}
    assert not ids & {fact.id for fact in facts}
    assert {"incident", "exposed", "response", "case_opened", "offer_answered", "assessment", "change"} <= {
        fact.kind for fact in facts
    }


def test_a_stale_form_is_told_what_changed(story):
    ref = story.opens_case()
    story.does("Carol", "log_contact", ref, channel="phone", result="no_answer")
    with pytest.raises(StaleVersion) as caught:
        story.does("Lee", "make_offer", ref, version=1, channel="phone")
    assert (caught.value.shown, caught.value.current) == (1, 2)
    assert [(change.what, change.by) for change in caught.value.changes] == [("Contact logged", "Carol")]
    assert story.state(ref) == "offer_to_make"


def test_a_read_makes_no_form_stale(story):
    """A opens the form, B reads the case, A submits: accepted (law 7)."""
    ref = story.opens_case()
    made = story.organisation
    with made.backend.writing() as uow:
        case = cases.load(uow.session, "case", ref)
        shown = case.version
        uow.record(made.actor("Lee"), made.now, "case.read", chain=f"case:{case.id}", subject=f"case:{case.id}")
    story.does("Carol", "make_offer", ref, version=shown, channel="phone")
    assert story.state(ref) == "offered"


def test_a_refused_action_says_why_and_changes_nothing(story):
    ref = story.opens_case()
    story.does("Carol", "make_offer", ref, channel="phone")
    with pytest.raises(NotAllowedNow) as caught:
        story.does("Carol", "record_no_answer", ref)
    assert caught.value.codes == ["requirement"]
    assert "Try at least twice" in caught.value.reasons[0].en
    assert story.state(ref) == "offered"


@pytest.mark.parametrize(
    ("who", "action", "code"),
    [
        ("Carol", "accept_allocation", "wrong_role"),
        ("Carol", "reopen", "wrong_state"),
        ("Carol", "fly", "unknown_action"),
    ],
)
def test_other_refusals(story, who, action, code):
    ref = story.opens_case()
    with pytest.raises(NotAllowedNow) as caught:
        story.does(who, action, ref)
    assert caught.value.codes == [code]


@pytest.mark.parametrize("who", ["Pat", "Rita", "Hana", "Adam", "Ada"])
def test_whoever_has_no_business_here_finds_nothing(story, who):
    ref = story.opens_case()
    with pytest.raises(NotFound):
        story.does(who, "make_offer", ref, channel="phone")


def test_an_unknown_reference_finds_nothing(story):
    with pytest.raises(NotFound):
        story.does("Carol", "make_offer", "C-0000000", version=1)


def test_a_missing_or_wrong_answer_is_said_at_its_field(story):
    ref = story.opens_case()
    with pytest.raises(InvalidInput) as caught:
        story.does("Carol", "log_contact", ref, channel="pigeon")
    assert {name: reason.code for name, reason in caught.value.problems.items()} == {
        "channel": "not_a_choice",
        "result": "missing",
    }


def test_only_who_is_asked_may_answer(story):
    ref = story.is_allocated(story.is_accepted(story.opens_case()))
    made = story.organisation
    story.does("Carol", "hand_over", ref, practitioner=made.accounts["Quinn"].id)
    with pytest.raises(NotAllowedNow) as caught:
        story.does("Pat", "accept_allocation", ref)
    assert caught.value.codes == ["not_yours_to_do"]
    with pytest.raises(NotAllowedNow):
        story.does("Quinn", "log_contact", ref, channel="phone", result="spoke")
    story.does("Quinn", "accept_allocation", ref)
    with pytest.raises(NotFound):
        story.does("Pat", "log_contact", ref, channel="phone", result="spoke")


@pytest.mark.care(10)
def test_who_was_exposed_to_the_same_incident_cannot_be_asked(story):
    made = story.organisation
    people = ("Robin Ashe", "Pat Cole")
    exposed = tuple(ExposedPerson(exposure="direct", person_id=made.people[name].id) for name in people)
    ref = story.plans(story.reports(exposed=exposed))
    story.is_accepted(ref)
    with pytest.raises(InvalidInput) as caught:
        story.does("Carol", "allocate", ref, practitioner=made.accounts["Pat"].id)
    assert caught.value.problems["practitioner"].code == "practitioner_not_eligible"


@pytest.mark.care(10)
def test_a_coordinator_in_conflict_does_not_see_the_case(story):
    made = story.organisation
    made.add_person("Kim Fell", line_manager_id=made.people["Carol Elm"].id)
    exposed = (ExposedPerson(exposure="direct", person_id=made.people["Kim Fell"].id),)
    ref = story.plans(story.reports(exposed=exposed), who="Lee")
    with pytest.raises(NotFound):
        story.does("Carol", "make_offer", ref, channel="phone")
    story.does("Lee", "make_offer", ref, channel="phone")


def test_a_practitioner_out_of_date_or_full_is_not_asked(story):
    made = story.organisation
    ref = story.is_accepted(story.opens_case())
    made.now += timedelta(days=1000)
    with pytest.raises(InvalidInput):
        story.does("Carol", "allocate", ref, practitioner=made.accounts["Pat"].id)


def test_a_role_that_ended_loses_sight_at_once(story):
    """Former practitioners lose sight with the next page (CARE 11)."""
    from trim.usecases.people.accounts import end_role

    made = story.organisation
    ref = story.supported_case()
    with made.backend.writing() as uow:
        grant = next(one for one in _grants(uow, made.accounts["Pat"].id) if one.role == Role.PRACTITIONER)
        end_role(uow, made.actor("Adam"), now=made.now, grant_id=grant.id)
    made.later(minutes=1)
    with pytest.raises(NotFound):
        story.does("Pat", "log_contact", ref, channel="phone", result="spoke")


def _grants(uow, account_id):
    from tests.support.organisation import MONDAY
    from trim.store.accounts import grants_in_force

    return grants_in_force(uow.session, MONDAY, [account_id])


def test_values_outside_the_form_are_dropped():
    contact = trim_pack().lifecycles["case"].actions["log_contact"].form
    taken = checked(contact, {"channel": "phone", "result": "spoke", "state": "closed", "arrangements": "  "})
    assert taken == {"channel": "phone", "result": "spoke", "arrangements": ""} or taken == {
        "channel": "phone",
        "result": "spoke",
    }


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("happened_at", "yesterday", "not_a_date"),
        ("arrangements", "x" * 201, "too_long"),
        ("result", "dreamt", "not_a_choice"),
    ],
)
def test_values_are_checked_whatever_way_they_come_in(name, value, code):
    contact = trim_pack().lifecycles["case"].actions["log_contact"].form
    with pytest.raises(InvalidInput) as caught:
        checked(contact, {"channel": "phone", "result": "spoke", name: value})
    assert caught.value.problems[name].code == code
