"""An interview on the wrong case leaves that person's record, and the step opens again (CARE 8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.talks import CHANGEABLE, FIRST, FOLLOW_UP, FURTHER, ITEMS, Talks
from tests.support.trail import broken_chains, disagreements
from tests.usecases.assessment.test_corrections import facts
from trim.domain.access import system_actor
from trim.domain.errors import InvalidInput, NotFound
from trim.store.tables import Notice
from trim.usecases.assessment.submitted import Removed
from trim.usecases.oversight.check_content import check_content

pytestmark = pytest.mark.care(8)


def test_the_first_interview_is_to_be_held_again_on_its_own_clock(talks: Talks) -> None:
    clock = talks.open_steps()["first_assessment"]
    first = talks.talks(points=2, notes="Somebody else's sleep.").made["assessment"]
    talks.organisation.later(hours=2)
    act = talks.withdraws(first)
    assert act.name == "withdraw_interview"
    assert talks.state(talks.ref) == "awaiting_first_assessment"
    again = talks.open_steps()
    assert set(again) == {"first_assessment"}
    assert (again["first_assessment"].due_at, again["first_assessment"].anchor) == (clock.due_at, clock.anchor)
    assert talks.held() == []
    with pytest.raises(Removed):
        talks.shows(first)
    assert talks.page().earlier is None
    assert talks.page().must_begin
    talks.talks(points=0)
    assert talks.state(talks.ref) == "awaiting_follow_up"


def test_all_its_versions_go(talks: Talks) -> None:
    first = talks.talks(points=0).made["assessment"]
    second = talks.corrects(first, dict.fromkeys(ITEMS[FIRST], "1")).made["assessment"]
    with pytest.raises(NotFound):
        talks.withdraws(first)
    talks.withdraws(second)
    assert {one.status for one in talks.held(current_only=False)} == {"removed"}
    assert set(talks.open_steps()) == {"first_assessment"}


def test_the_trail_keeps_codes_and_no_content(talks: Talks) -> None:
    first = talks.talks(points=1).made["assessment"]
    first = talks.corrects(first, dict.fromkeys(ITEMS[FIRST], "2")).made["assessment"]
    talks.withdraws(first, reason="I had two cases open.")
    line = talks.trail()[-1]
    assert line["what"] == "case.withdraw_interview"
    assert line["codes"]["withdrawn"] == first
    assert line["codes"]["opened_again"] == ["first_assessment"]
    assert line["digests"]["values"]
    assert "two cases" not in str(talks.trail())
    with talks.organisation.backend.reading() as uow:
        assert broken_chains(uow.session) == []
        assert disagreements(uow.session) == []
    with talks.organisation.backend.writing() as uow:
        assert check_content(uow, system_actor("check"), now=talks.organisation.now) == []


def test_the_programme_is_told_and_what_was_raised_stays_for_it_to_decide(talks: Talks) -> None:
    first = talks.talks(points=2).made["assessment"]
    talks.withdraws(first)
    assert [one.state for one in talks.escalations()] == ["open"]
    with talks.organisation.backend.reading() as uow:
        kinds = [(one.kind, one.subject_ref) for one in uow.session.scalars(select(Notice))]
    assert kinds.count(("interview_withdrawn", talks.ref)) == 2
    assert [facts(talks, kind) for kind in ("assessment", "assessment_held", "window", "first_wait")] == [[]] * 4


def test_a_follow_up_goes_back_to_the_follow_up(talks: Talks) -> None:
    talks.talks(points=0)
    talks.organisation.later(days=28)
    later = talks.talks(FOLLOW_UP, 2).made["assessment"]
    assert set(talks.open_steps()) == {"further_follow_up"}
    talks.withdraws(later)
    assert talks.state(talks.ref) == "awaiting_follow_up"
    assert set(talks.open_steps()) == {"follow_up"}
    assert facts(talks, "change") == []
    assert facts(talks, "assessment") == ["first_assessment:low"]


def test_a_further_follow_up_goes_back_to_itself(talks: Talks) -> None:
    talks.talks(points=1)
    talks.organisation.later(days=28)
    talks.talks(FOLLOW_UP, 2)
    talks.organisation.later(days=90)
    last = talks.talks(FURTHER, 1).made["assessment"]
    assert talks.state(talks.ref) == "to_close"
    talks.withdraws(last)
    assert (talks.state(talks.ref), set(talks.open_steps())) == ("awaiting_further_follow_up", {"further_follow_up"})


def test_an_earlier_interview_goes_and_the_case_goes_on(talks: Talks) -> None:
    first = talks.talks(points=1).made["assessment"]
    talks.organisation.later(days=28)
    later = talks.talks(FOLLOW_UP, 0).made["assessment"]
    act = talks.withdraws(first)
    assert act.name == "remove_interview"
    assert (talks.state(talks.ref), talks.open_steps()) == ("to_close", {})
    page = talks.shows(later)
    assert (page.change, page.earlier) == (None, None)


def test_on_a_closed_case_no_clock_starts(talks: Talks) -> None:
    first = talks.talks(points=0).made["assessment"]
    talks.does("Pat", "close", talks.ref, outcome="left")
    act = talks.withdraws(first)
    assert (act.name, talks.state(talks.ref), talks.open_steps()) == ("remove_interview", "closed", {})


def test_during_a_hand_over_the_next_practitioner_holds_it_again(talks: Talks) -> None:
    first = talks.talks(points=0).made["assessment"]
    quinn = talks.organisation.accounts["Quinn"].id
    talks.does("Carol", "hand_over", talks.ref, practitioner=quinn)
    talks.withdraws(first)
    assert talks.state(talks.ref) == "allocation_proposed"
    talks.does("Quinn", "accept_allocation", talks.ref)
    assert talks.state(talks.ref) == "awaiting_first_assessment"
    assert "first_assessment" in talks.open_steps()


def test_after_a_reopening_the_reassessment_opens_again(talks: Talks) -> None:
    talks.talks(points=0)
    talks.does("Pat", "close", talks.ref, outcome="left")
    talks.organisation.later(days=60)
    talks.does("Carol", "reopen", talks.ref)
    talks.is_allocated(talks.ref)
    act = talks.talks(points=dict.fromkeys(ITEMS[FIRST], "1"))
    talks.organisation.later(hours=1)
    talks.withdraws(act.made["assessment"])
    assert (talks.state(talks.ref), set(talks.open_steps())) == ("awaiting_first_assessment", {"reassessment"})


def test_it_needs_a_reason_and_somebody_who_reads_the_case(talks: Talks) -> None:
    first = talks.talks(points=0).made["assessment"]
    with pytest.raises(InvalidInput):
        talks.withdraws(first, reason="")
    with pytest.raises(NotFound):
        talks.withdraws(first, who="Quinn")
    talks.withdraws(first, who="Carol")


@pytest.mark.parametrize("action", ["correct_interview", "withdraw_interview", "remove_interview", FIRST])
def test_no_other_page_can_do_it(talks: Talks, action: str) -> None:
    if action != FIRST:
        talks.talks(points=0)
    with pytest.raises(Exception) as refused:
        talks.does("Pat", action, talks.ref, reason="x", held_at=talks.organisation.now, channel="phone")
    assert type(refused.value).__name__ in ("NotFound", "NotAllowedNow")
    assert len(talks.held()) == (action != FIRST)


def test_the_next_follow_up_is_compared_with_what_stands(talks: Talks) -> None:
    talks.talks(points=1)
    talks.organisation.later(days=28)
    wrong = talks.talks(FOLLOW_UP, 2).made["assessment"]
    talks.withdraws(wrong)
    talks.organisation.now += timedelta(hours=1)
    right = talks.talks(FOLLOW_UP, dict.fromkeys(CHANGEABLE, "1")).made["assessment"]
    change = talks.shows(right).change
    assert change is not None
    assert change.difference == 0
