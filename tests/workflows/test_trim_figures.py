"""The figures and rules of the pack `trim`: windows, instruments, what a score raises, what else can happen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.workflows.told import CASE, PARIS, Told
from trim.engine.clockwork import span
from trim.engine.definition import INCOMPLETE, Pack
from trim.engine.escalations import raised_by
from trim.engine.machine import needed, possible
from trim.engine.scoring import compare, score


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
