"""The way of a case through the pack `trim`, told step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.workflows.told import CASE, TALK, Told
from trim.engine.definition import INCOMPLETE, Pack
from trim.engine.machine import form_of, window_of


def test_from_offer_to_closure(trim: Pack) -> None:
    case = Told(trim)
    assert case.steps == {"offer"}
    case.does("make_offer")
    assert case.steps == {"offer_answer"}
    case.does("record_acceptance")
    assert case.steps == {"allocation", "first_assessment"}
    case.does("allocate")
    case.does("accept_allocation", "practitioner")
    assert (case.state, case.steps) == ("awaiting_first_assessment", {"first_assessment"})
    first = case.does("record_first_assessment", "practitioner", **TALK)
    assert first.action.instrument == "first_interview"
    assert (case.state, case.steps) == ("awaiting_follow_up", {"follow_up"})
    case.does("record_follow_up", "practitioner", **TALK, band="low", complete=True, has_change=True, change=-2)
    assert (case.state, case.steps) == ("to_close", set())
    case.does("close", outcome="support_completed")
    assert case.state == "closed"


@pytest.mark.parametrize(
    "scored",
    [
        {"band": "high", "complete": True, "has_change": True, "change": -3},
        {"band": "middle", "complete": True, "has_change": True, "change": 1},
        {"band": INCOMPLETE, "complete": False, "has_change": False},
    ],
)
def test_a_heavy_or_incomplete_follow_up_leads_to_another(trim: Pack, scored: Mapping[str, Any]) -> None:
    case = Told(trim).to_follow_up()
    case.does("record_follow_up", "practitioner", **TALK, **scored)
    assert (case.state, case.steps) == ("awaiting_further_follow_up", {"further_follow_up"})
    case.does("record_further_follow_up", "practitioner", **TALK)
    assert (case.state, case.steps) == ("to_close", set())


@pytest.mark.care(7)
def test_a_low_first_score_never_closes(trim: Pack) -> None:
    case = Told(trim).to_follow_up()
    assert "last interview" in case.refused("close", outcome="support_completed")
    assert case.steps == {"follow_up"}


@pytest.mark.care(26)
@pytest.mark.parametrize(
    "outcome", ["could_not_be_reached", "left", "moved", "long_absence", "died", "support_elsewhere"]
)
def test_other_ends_are_possible_at_any_moment(trim: Pack, outcome: str) -> None:
    case = Told(trim)
    case.does("close", outcome=outcome)
    assert (case.state, case.steps) == ("closed", set())


def test_nothing_is_closed_over_open_matters(trim: Pack) -> None:
    case = Told(trim, open_escalations=1, open_referrals=1)
    assert "escalation" in case.refused("close", outcome="left")


@pytest.mark.care(26)
def test_declining_stops_everything_and_can_be_undone(trim: Pack) -> None:
    case = Told(trim)
    case.does("make_offer")
    case.does("record_decline")
    assert (case.state, case.steps) == ("declined", set())
    case.does("undo_decline")
    assert (case.state, case.steps) == ("to_allocate", {"allocation", "first_assessment"})


@pytest.mark.parametrize(
    ("done", "step", "state"),
    [
        ({}, "first_assessment", "awaiting_first_assessment"),
        ({"first_done": True}, "follow_up", "awaiting_follow_up"),
        ({"first_done": True, "follow_up_done": True}, "further_follow_up", "awaiting_further_follow_up"),
    ],
)
def test_whoever_comes_back_goes_on_where_they_stood(
    trim: Pack, done: Mapping[str, bool], step: str, state: str
) -> None:
    case = Told(trim).to_first_interview()
    case.variables |= done
    case.does("withdraw", "practitioner")
    assert case.steps == set()
    case.does("undo_decline")
    assert case.steps == {"allocation", step}
    case.does("allocate")
    case.does("accept_allocation", "practitioner")
    assert (case.state, case.steps) == (state, {step})


@pytest.mark.care(20)
def test_no_answer_needs_two_attempts(trim: Pack) -> None:
    case = Told(trim)
    case.does("make_offer")
    assert "at least twice" in case.refused("record_no_answer", contact_attempts=1)
    case.does("record_no_answer", contact_attempts=2)
    assert (case.state, case.steps) == ("unanswered", {"try_again"})
    case.does("make_offer")
    assert (case.state, case.steps) == ("offered", {"offer_answer"})


def test_an_allocation_may_be_declined_and_handed_over(trim: Pack) -> None:
    case = Told(trim)
    case.does("make_offer")
    case.does("record_acceptance")
    case.does("allocate")
    case.does("decline_allocation", "practitioner")
    assert (case.state, case.steps) == ("to_allocate", {"allocation", "first_assessment"})
    case.does("allocate")
    case.does("accept_allocation", "practitioner")
    case.does("hand_over")
    assert (case.state, case.steps) == ("allocation_proposed", {"handover", "first_assessment"})
    case.does("decline_allocation", "practitioner", has_practitioner=True)
    assert (case.state, case.steps) == ("awaiting_first_assessment", {"first_assessment"})


def test_reopening_starts_the_clocks_again(trim: Pack) -> None:
    case = Told(trim)
    case.does("close", outcome="moved")
    case.does("reopen")
    assert (case.state, case.steps) == ("to_allocate", {"allocation", "reassessment"})
    case.does("allocate")
    case.does("accept_allocation", "practitioner")
    case.does("record_first_assessment", "practitioner", **TALK)
    assert case.steps == {"follow_up"}


@pytest.mark.care(29)
@pytest.mark.parametrize("action", ["record_first_assessment", "record_follow_up", "record_further_follow_up"])
def test_confidentiality_is_explained_before_every_interview(trim: Pack, action: str) -> None:
    case = Told(trim)
    case.state = trim.lifecycles["case"].actions[action].from_[0]
    assert "Explain confidentiality" in case.refused(
        action, "practitioner", **{**TALK, "confidentiality_explained": False}
    )


@pytest.mark.care(17)
def test_under_investigation_the_warning_comes_first_and_notes_are_off(trim: Pack) -> None:
    case = Told(trim, evidence_hold=True).to_first_interview()
    assert "investigated" in case.refused("record_first_assessment", "practitioner", **TALK)
    fields = form_of(
        trim,
        lifecycle="case",
        action="record_first_assessment",
        state=case.state,
        roles=["practitioner"],
        variables=case.variables,
    )
    assert {"notes", "early_reason"}.isdisjoint(field.name for field in fields)
    case.does("record_first_assessment", "practitioner", **{**TALK, "evidence_hold_acknowledged": True})


@pytest.mark.care(17)
def test_under_investigation_groups_need_clearance(trim: Pack) -> None:
    plan = {"everybody_decided": True, "group_response_chosen": True, "cleared_for_groups": False}
    incident = Told(trim, "incident", evidence_hold=True)
    assert "clearance" in incident.refused("hold_planning_meeting", **plan)
    incident.does("hold_planning_meeting", **{**plan, "cleared_for_groups": True})
    assert incident.state == "planned"


@pytest.mark.care(22)
def test_early_work_asks_for_a_reason_and_is_not_refused(trim: Pack) -> None:
    case = Told(trim, early=True).to_first_interview()
    assert "could not wait" in case.refused("record_first_assessment", "practitioner", **TALK)
    case.does("record_first_assessment", "practitioner", **{**TALK, "reason_given": True})


def test_nobody_is_left_without_a_plan(trim: Pack) -> None:
    incident = Told(trim, "incident")
    assert "every person" in incident.refused("hold_planning_meeting", everybody_decided=False)
    incident.does("hold_planning_meeting", "programme_lead", everybody_decided=True)
    incident.does("close_incident", everybody_decided=True)
    assert (incident.state, incident.steps) == ("closed", set())
    incident.does("plan_again", everybody_decided=True)
    assert incident.state == "planned"


@pytest.mark.parametrize(
    ("known", "anchor"),
    [
        ({}, "incident.occurred_at"),
        ({"known_after_days": 2}, "incident.occurred_at"),
        ({"known_after_days": 3}, "exposure.became_known_at"),
        ({"found_late": True}, "exposure.became_known_at"),
        ({"found_late": True, "looked_again": True}, "exposure.decided_at"),
    ],
)
def test_people_found_late_have_their_own_clock(trim: Pack, known: Mapping[str, Any], anchor: str) -> None:
    window = window_of(trim, lifecycle="case", step="first_assessment", variables={**CASE, **known})
    assert window.anchor == anchor


@pytest.mark.care(21)
@pytest.mark.parametrize("held", [False, True])
def test_a_second_event_brings_a_first_interview_for_both(trim: Pack, held: bool) -> None:
    case = Told(trim, join_waiting=True)
    case = case.to_follow_up() if held else case.to_first_interview()
    case.does("join_incident", practitioner_leaves=False)
    assert (case.state, case.steps) == ("awaiting_first_assessment", {"first_assessment"})


@pytest.mark.care(21)
@pytest.mark.care(10)
def test_whoever_was_at_the_second_event_cannot_go_on(trim: Pack) -> None:
    case = Told(trim, join_waiting=True).to_follow_up()
    case.does("join_incident", practitioner_leaves=True)
    assert (case.state, case.steps) == ("to_allocate", {"allocation", "first_assessment"})


@pytest.mark.care(21)
def test_an_event_joined_before_the_answer_changes_no_clock(trim: Pack) -> None:
    case = Told(trim, join_waiting=True)
    case.does("make_offer")
    case.does("join_incident", practitioner_leaves=False)
    assert (case.state, case.steps) == ("offered", {"offer_answer"})
    assert "waiting to be joined" in Told(trim).refused("join_incident", practitioner_leaves=False)
