"""An interview is recorded: checked, scored, held against the one before, and looked at where the pack says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.support.talks import CHANGEABLE, FIRST, FOLLOW_UP, FURTHER, ITEMS, Talks
from trim.domain.errors import InvalidInput, NotAllowedNow, StaleVersion
from trim.domain.incident import ExposedPerson
from trim.usecases.assessment.submit import submit_assessment


def submits(talks: Talks, action: str = FIRST, **more: Any) -> Any:
    """Submit without beginning: for what a page sends."""
    made = talks.organisation
    with made.backend.writing() as uow:
        return submit_assessment(
            uow,
            talks.actor(),
            now=made.now,
            case_ref=talks.ref,
            action=action,
            **{
                "version": talks.case().version,
                "answers": dict.fromkeys(ITEMS[FIRST], "0"),
                "values": {"held_at": made.now, "channel": "phone"},
                **more,
            },
        )


@pytest.mark.care(29)
def test_nothing_is_recorded_before_confidentiality(talks: Talks) -> None:
    with pytest.raises(NotAllowedNow) as refused:
        submits(talks)
    assert refused.value.codes == ["confidentiality_not_explained"]


def test_every_item_needs_an_answer(talks: Talks) -> None:
    talks.begins()
    with pytest.raises(InvalidInput) as invalid:
        submits(talks, answers={"support": "0", "alcohol": "5"}, values={"channel": "phone"})
    problems = {name: reason.code for name, reason in invalid.value.problems.items()}
    assert problems["alcohol"] == "not_a_choice"
    assert problems["held_at"] == "missing"
    assert problems["daily_life"] == "missing"
    assert "support" not in problems
    assert talks.held() == []


@pytest.mark.care(5)
def test_each_item_takes_two_ways_of_having_no_answer(talks: Talks) -> None:
    answers = {**dict.fromkeys(ITEMS[FIRST], "2"), "alcohol": "preferred_not_to_answer", "own_part": "not_asked"}
    talks.talks(points=answers)
    page = talks.shows(talks.held()[0].id)
    assert (page.score.total, page.score.answered, page.score.complete) == (16, 8, False)
    assert {one.item: one.points for one in page.score.contributions}["alcohol"] is None


@pytest.mark.care(5)
def test_stopped_early_is_recorded_as_incomplete_and_never_low(talks: Talks) -> None:
    act = talks.talks(points={"earlier_events": "0", "support": "0"}, stopped_early=True)
    page = talks.shows(act.made["assessment"])
    assert page.stopped_early
    assert (page.score.band, page.band, page.score.complete) == ("incomplete", None, False)
    assert page.answers["alcohol"] == "not_asked"
    assert talks.state(talks.ref) == "awaiting_follow_up"
    assert talks.rules() == []


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"hours": 1}, ("held_at", "in_future")),
        ({"days": -30}, ("held_at", "before_incident")),
        ({"next": -1}, ("next_contact_on", "next_before_this")),
    ],
)
def test_times_that_cannot_be(talks: Talks, values: dict[str, int], problem: tuple[str, str]) -> None:
    talks.begins()
    now = talks.organisation.now
    given: dict[str, Any] = {"channel": "phone", "held_at": now}
    if "next" in values:
        given["next_contact_on"] = (now + timedelta(days=values["next"])).date()
    else:
        given["held_at"] = now + timedelta(**values)
    with pytest.raises(InvalidInput) as invalid:
        submits(talks, values=given)
    assert [(name, reason.code) for name, reason in invalid.value.problems.items()] == [problem]


def test_a_talk_on_the_morning_of_a_day_without_a_time_is_taken(talks: Talks) -> None:
    made = talks.organisation
    sam = (ExposedPerson(exposure="direct", person_id=made.people["Sam Birch"].id),)
    incident = talks.reports(occurred_on=made.now.date(), occurred_time=None, exposed=sam)
    talks.ref = talks.is_allocated(talks.is_accepted(str(talks.plans(incident))))
    made.later(hours=2)
    talks.begins()
    morning = made.now - timedelta(hours=1)
    act = submits(talks, values={"held_at": morning, "channel": "phone", "early_reason": "They rang me."})
    assert act.subject.state == "awaiting_follow_up"
    with pytest.raises(InvalidInput):
        talks.talks(FOLLOW_UP, held_at=made.now - timedelta(days=2), early_reason="x")


def test_a_follow_up_cannot_be_before_the_first_interview(talks: Talks) -> None:
    talks.talks()
    held_at = talks.organisation.now - timedelta(hours=3)
    talks.organisation.later(days=28)
    with pytest.raises(InvalidInput) as invalid:
        talks.talks(FOLLOW_UP, held_at=held_at, early_reason="They asked.")
    assert invalid.value.problems["held_at"].code == "before_previous"


@pytest.mark.care(22)
def test_an_early_talk_asks_for_a_reason_and_is_taken(talks: Talks) -> None:
    talks.talks()
    talks.organisation.later(days=7)
    with pytest.raises(InvalidInput) as invalid:
        talks.talks(FOLLOW_UP)
    assert set(invalid.value.problems) == {"early_reason"}
    talks.talks(FOLLOW_UP, early_reason="They go away for a month.")
    assert talks.content(talks.held()[-1])["form"]["early_reason"] == "They go away for a month."


def test_a_stale_case_and_a_stale_draft_are_refused(talks: Talks) -> None:
    version = talks.case().version
    talks.begins()
    talks.does("Carol", "log_contact", talks.ref, channel="phone", result="spoke")
    with pytest.raises(StaleVersion) as stale:
        submits(talks, version=version)
    assert stale.value.changes[0].what == "Contact logged"
    talks.saves({"support": "1"}, 1)
    with pytest.raises(StaleVersion):
        submits(talks, draft_version=1)
    submits(talks, draft_version=2)
    assert talks.page(FOLLOW_UP).draft is None


def test_answers_lie_with_the_interview_and_nowhere_else(talks: Talks) -> None:
    act = talks.talks(notes="Sleeps badly.", plan="Walk.")
    assert act.kept == {"assessment": act.made["assessment"]}
    content = talks.content(talks.held()[0])
    assert content["form"]["notes"] == "Sleeps badly."
    assert set(content["form"]) == {"held_at", "channel", "notes", "plan"}
    assert "Sleeps" not in str(talks.trail())
    assert talks.trail()[-1]["digests"]["assessment"]


@pytest.mark.care(6)
def test_the_change_stands_on_items_answered_both_times(talks: Talks) -> None:
    talks.talks(points={**dict.fromkeys(ITEMS[FIRST], "1"), "alcohol": "preferred_not_to_answer"})
    talks.organisation.later(days=28)
    act = talks.talks(FOLLOW_UP, {**dict.fromkeys(CHANGEABLE, "0"), "own_part": "not_asked"})
    page = talks.shows(act.made["assessment"])
    assert page.change is not None
    assert (page.change.difference, page.change.compared, page.change.possible) == (-5, 5, 7)
    assert (page.change.earlier_total, page.change.later_total, page.change.maximum) == (5, 0, 10)
    assert page.earlier is not None
    assert page.earlier.answers["support"] == "1"


@pytest.mark.care(6)
def test_what_cannot_change_is_carried_over_and_can_be_disclosed_later(talks: Talks) -> None:
    talks.talks(points={**dict.fromkeys(ITEMS[FIRST], "0"), "life_threat": "not_asked"})
    talks.organisation.later(days=28)
    outside = {one.item.name: one.answer for one in talks.page(FOLLOW_UP).outside}
    assert outside == {"earlier_events": "0", "out_of_control": "0", "life_threat": "not_asked"}
    talks.begins(FOLLOW_UP)
    with pytest.raises(InvalidInput) as invalid:
        submits(
            talks,
            FOLLOW_UP,
            answers=dict.fromkeys(CHANGEABLE, "1"),
            newly_disclosed={"life_threat": "9", "support": "1", "earlier_events": ""},
        )
    assert {name: one.code for name, one in invalid.value.problems.items()} == {
        "life_threat": "not_a_choice",
        "support": "unknown_item",
    }
    act = submits(
        talks,
        FOLLOW_UP,
        answers=dict.fromkeys(CHANGEABLE, "1"),
        newly_disclosed={"life_threat": "2", "earlier_events": "0"},
    )
    page = talks.shows(act.made["assessment"])
    assert page.disclosed == {"life_threat": "2"}
    assert [(one.as_it_was.answer, one.disclosed) for one in page.carried if one.disclosed] == [("not_asked", "2")]
    assert page.change is not None
    assert page.change.difference == 7
    assert {one.item: one.status for one in page.change.items}["life_threat"] == "corrected"
    talks.organisation.later(days=90)
    assert {one.item.name: one.answer for one in talks.page(FURTHER).outside}["life_threat"] == "2"


@pytest.mark.care(7)
@pytest.mark.parametrize(
    ("first", "later", "rules", "state"),
    [
        (2, 2, ["high_first_score", "still_high"], "awaiting_further_follow_up"),
        (0, 2, ["still_high"], "awaiting_further_follow_up"),
        (0, 1, ["worse"], "awaiting_further_follow_up"),
        (0, 0, [], "to_close"),
        (1, 0, [], "to_close"),
    ],
)
def test_what_a_follow_up_raises(talks: Talks, first: int, later: int, rules: list[str], state: str) -> None:
    talks.talks(points=first)
    for one in talks.escalations():
        talks.does("Carol", "decide", one.ref, kind="escalation", decision="no_change", reason="Seen.")
    talks.organisation.later(days=28)
    talks.talks(FOLLOW_UP, later)
    assert talks.rules() == rules
    assert talks.state(talks.ref) == state


@pytest.mark.care(7)
def test_worse_within_the_low_band_is_looked_at_and_unchanged_low_is_not(talks: Talks) -> None:
    talks.talks(points=0)
    talks.organisation.later(days=28)
    act = talks.talks(FOLLOW_UP, {**dict.fromkeys(CHANGEABLE, "0"), "alcohol": "1"})
    assert talks.shows(act.made["assessment"]).score.band == "low"
    assert talks.rules() == ["worse"]
    raised = talks.shows(act.made["assessment"]).raised
    assert [(one.label.en, one.to_role, one.is_open) for one in raised] == [("Worse than before", "coordinator", True)]


def test_after_reopening_the_first_form_is_held_again(talks: Talks) -> None:
    talks.talks(points=1)
    talks.organisation.later(days=28)
    talks.talks(FOLLOW_UP, 0)
    talks.does("Pat", "close", talks.ref, outcome="support_completed")
    talks.organisation.later(days=60)
    talks.does("Carol", "reopen", talks.ref)
    talks.is_allocated(talks.ref)
    page = talks.page()
    assert (page.label.en, page.must_begin, page.outside) == ("Interview after reopening", True, ())
    assert page.inside == {}
    act = talks.talks(points=2)
    assert act.decision.to_state == "awaiting_follow_up"
    assert talks.rules() == ["high_first_score"]
    assert set(talks.open_steps()) == {"follow_up"}
    shown = talks.shows(act.made["assessment"])
    assert shown.change is not None
    assert shown.change.difference == 14
    talks.does("Carol", "decide", talks.escalations()[0].ref, kind="escalation", decision="no_change", reason="x")
    talks.organisation.later(days=28)
    talks.talks(FOLLOW_UP, 2)
    assert talks.rules() == ["high_first_score", "still_high"]
