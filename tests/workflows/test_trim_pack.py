"""The way of a case through the pack `trim`, told step by step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from trim.engine.clockwork import span
from trim.engine.definition import INCOMPLETE, Pack
from trim.engine.escalations import raised_by
from trim.engine.machine import Decision, Refused, decide, form_of, needed, possible, window_of
from trim.engine.scoring import compare, score

CASE = {
    "contact_attempts": 0,
    "has_practitioner": False,
    "line_manager_unknown": False,
    "first_done": False,
    "follow_up_done": False,
    "open_escalations": 0,
    "open_referrals": 0,
    "evidence_hold": False,
    "early": False,
    "found_late": False,
    "known_after_days": 0,
    "looked_again": False,
    "join_waiting": False,
}
TALK = {"confidentiality_explained": True, "evidence_hold_acknowledged": False, "reason_given": False}
PARIS = ZoneInfo("Europe/Paris")


class Told:
    """One thing and what happens to it."""

    def __init__(self, pack: Pack, lifecycle: str = "case", **variables: Any) -> None:
        self.pack = pack
        self.life = pack.lifecycles[lifecycle]
        self.state = self.life.initial
        self.steps = set(self.life.starts)
        self.variables: dict[str, Any] = {**CASE, **variables}

    def does(self, action: str, role: str = "coordinator", **given: Any) -> Decision:
        """Do an action, as the use cases do it."""
        decision = decide(
            self.pack,
            lifecycle=self.life.name,
            state=self.state,
            action=action,
            roles=[role],
            variables={**self.variables, **given},
        )
        self.state = decision.to_state
        self.steps -= set(decision.completes)
        self.steps = set() if decision.cancels_all else self.steps - set(decision.cancels)
        self.steps |= set(decision.starts)
        return decision

    def refused(self, action: str, role: str = "coordinator", **given: Any) -> str:
        with pytest.raises(Refused) as caught:
            self.does(action, role, **given)
        assert caught.value.code == "requirement"
        return caught.value.reasons[0].en

    def to_first_interview(self) -> Told:
        self.does("make_offer")
        self.does("record_acceptance")
        self.does("allocate")
        self.does("accept_allocation", "practitioner")
        return self

    def to_follow_up(self) -> Told:
        self.to_first_interview().does("record_first_assessment", "practitioner", **TALK)
        self.variables["first_done"] = True
        return self


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


def test_the_windows_of_the_example_figures(trim: Pack) -> None:
    event = datetime(2026, 3, 27, 22, 0, tzinfo=UTC)
    steps = trim.lifecycles["case"].steps
    first = span(steps["first_assessment"].window, event, PARIS)
    assert first.earliest_at == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    assert first.due_at == datetime(2026, 3, 30, 22, 0, tzinfo=UTC)
    assert first.latest_at == datetime(2026, 4, 3, 21, 0, tzinfo=UTC)
    again = span(steps["follow_up"].window, first.due_at, PARIS)
    assert (again.due_at - first.due_at).days == 28


ITEMS = ("earlier_events", "support", "out_of_control", "life_threat", "blame_others", "own_part")
ITEMS += ("stress_reactions", "other_stress", "daily_life", "alcohol")


def test_the_first_interview_has_ten_themes_of_0_to_2(trim: Pack) -> None:
    first = trim.instruments["first_interview"]
    assert tuple(item.name for item in first.items()) == ITEMS
    assert [section.name for section in first.sections] == ["before", "during", "after"]
    assert {len(item.anchors) for item in first.items()} == {3}
    assert first.maximum == 20
    assert [item.name for item in first.items() if not item.changeable] == [
        "earlier_events",
        "out_of_control",
        "life_threat",
    ]


@pytest.mark.care(6)
def test_the_follow_up_asks_again_only_what_can_change(trim: Pack) -> None:
    follow_up = trim.instruments["follow_up"]
    assert [section.name for section in follow_up.sections] == ["before", "after"]
    assert {item.name for item in follow_up.items()} == {
        item.name for item in trim.instruments["first_interview"].items() if item.changeable
    }
    change = compare(
        trim.instruments["first_interview"], dict.fromkeys(ITEMS, 1), follow_up, dict.fromkeys(ITEMS[4:], 2)
    )
    assert (change.difference, change.compared, change.possible) == (6, 6, 7)
    assert sum(one.status == "carried" for one in change.items) == 3


def test_bands_are_marked_as_examples(trim: Pack) -> None:
    for instrument in trim.instruments.values():
        assert all(band.example and "(example)" in band.label.en for band in instrument.bands)
        assert instrument.bands_note is not None
    assert score(trim.instruments["first_interview"], dict.fromkeys(ITEMS, 1)).band == "middle"


def raised(trim: Pack, **about: Any) -> list[str]:
    return [rule.name for rule in raised_by(trim, **about)]


@pytest.mark.care(7)
@pytest.mark.parametrize(
    ("step", "scored", "expected"),
    [
        ("first_assessment", {"band": "high"}, ["high_first_score"]),
        ("first_assessment", {"band": "middle"}, []),
        ("first_assessment", {"band": INCOMPLETE}, []),
        ("follow_up", {"band": "high", "has_change": True, "change": 0}, ["still_high"]),
        ("follow_up", {"band": "high", "has_change": True, "change": 2}, ["still_high"]),
        ("further_follow_up", {"band": "high", "has_change": False}, ["still_high"]),
        ("follow_up", {"band": "high", "has_change": True, "change": -2}, ["still_high"]),
        ("follow_up", {"band": "middle", "has_change": True, "change": 1}, ["worse"]),
        ("follow_up", {"band": INCOMPLETE, "has_change": True, "change": 1}, ["worse"]),
        ("follow_up", {"band": "low", "has_change": True, "change": 1}, ["worse"]),
        ("follow_up", {"band": "low", "has_change": True, "change": -1}, []),
        ("follow_up", {"band": "low", "has_change": False}, []),
        ("follow_up", {"band": "low", "has_change": True, "change": 0}, []),
    ],
)
def test_what_a_score_raises(trim: Pack, step: str, scored: Mapping[str, Any], expected: list[str]) -> None:
    assert raised(trim, step=step, variables=scored) == expected


@pytest.mark.care(2)
def test_red_flags_have_levels_and_go_to_the_duty_rota(trim: Pack) -> None:
    (rule,) = raised_by(trim, action="raise_red_flag", variables={})
    assert rule.to == "duty_coordinator"
    assert (str(rule.within("now")), str(rule.within("today"))) == ("PT15M", "PT4H")


@pytest.mark.care(3)
def test_help_never_waits_for_a_confirmation(trim: Pack) -> None:
    referral = Told(trim, "referral")
    referral.does("record_refusal", "practitioner")
    referral.does("override", "practitioner")
    assert raised(trim, action="override", variables={}) == ["override_to_confirm"]
    assert referral.steps == {"sending"}
    referral.does("send", "practitioner")
    assert (referral.state, referral.steps) == ("sent", {"acknowledgement", "attendance"})


@pytest.mark.care(28)
@pytest.mark.parametrize(("action", "state"), [("signpost", "signposted"), ("hand_over_no_return", "handed_over")])
def test_providers_that_never_answer_are_an_end(trim: Pack, action: str, state: str) -> None:
    referral = Told(trim, "referral")
    referral.does("record_agreement", "practitioner")
    referral.does(action, "practitioner")
    assert (referral.state, referral.steps) == (state, set())
    assert trim.lifecycles["referral"].states[state].kind == "final"


@pytest.mark.parametrize(("attended", "state"), [(True, "attended"), (False, "not_attended")])
def test_attendance_is_asked_of_the_person(trim: Pack, attended: bool, state: str) -> None:
    referral = Told(trim, "referral")
    for action in ("record_agreement", "send", "acknowledge"):
        referral.does(action, "practitioner")
    referral.does("record_attendance", "practitioner", attended=attended)
    assert (referral.state, referral.steps) == (state, set())
    referral.does("record_outcome")
    assert referral.state == "completed"


def test_an_escalation_is_decided_with_a_reason(trim: Pack) -> None:
    escalation = Told(trim, "escalation")
    escalation.does("record_spoke_to", "practitioner")
    escalation.does("take")
    escalation.does("pass_on")
    assert escalation.state == "open"
    assert "reason" in escalation.refused("decide", reason_given=False)
    escalation.does("decide", "programme_lead", reason_given=True)
    assert escalation.state == "decided"


def test_another_follow_up_can_be_arranged_once_it_was_ready_to_close(trim: Pack) -> None:
    case = Told(trim).to_follow_up()
    case.does("arrange_follow_up")
    assert (case.state, case.steps) == ("awaiting_further_follow_up", {"further_follow_up"})
    case.does("arrange_follow_up", "programme_lead")
    assert case.steps == {"further_follow_up"}


def test_what_can_be_done_now_reads_nothing_from_a_form(trim: Pack) -> None:
    for state in trim.lifecycles["case"].states:
        found = possible(trim, lifecycle="case", state=state, roles=["practitioner", "coordinator"], variables=CASE)
        assert not any("worked out" in reason.en for one in found for reason in one.refused)


def test_conditions_need_only_what_a_case_knows(trim: Pack) -> None:
    for action in trim.lifecycles["case"].actions:
        names = needed(trim, lifecycle="case", action=action)
        known = set(CASE) | {name for name, one in trim.variables.items() if one.source == "form"}
        assert names <= known
