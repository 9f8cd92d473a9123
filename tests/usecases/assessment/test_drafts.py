"""An interview begun: confidentiality first, every answer kept as it was typed, nothing lost to another page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.talks import FIRST, FOLLOW_UP, Talks
from trim.domain.errors import NotAllowedNow, NotFound, StaleVersion
from trim.store.tables import Incident


def hold(talks: Talks) -> None:
    """An investigation begins."""
    made = talks.organisation
    with made.backend.writing() as uow:
        incident = uow.session.get(Incident, talks.case().incident_id)
        assert incident is not None
        incident.evidence_hold = True
        uow.record(made.actor("Carol"), made.now, "test.hold", chain=f"incident:{incident.id}", subject="test")


@pytest.mark.care(29)
def test_confidentiality_is_recorded_before_any_question(talks: Talks) -> None:
    with pytest.raises(NotAllowedNow) as refused:
        talks.begins(confidentiality_explained=False)
    assert refused.value.codes == ["confidentiality_not_explained"]
    with pytest.raises(NotAllowedNow):
        talks.saves({"support": "1"}, 1)
    talks.begins()
    page = talks.page()
    assert page.draft is not None
    assert not page.must_begin
    said = talks.trail()[-2]
    assert (said["what"], said["codes"]["confidentiality"]) == ("case.interview_begun", "1")


@pytest.mark.care(29)
def test_another_practitioner_explains_anew_and_finds_the_answers(talks: Talks) -> None:
    draft = talks.begins()
    talks.saves({"support": "1"}, draft.version)
    talks.does("Carol", "hand_over", talks.ref, practitioner=talks.organisation.accounts["Quinn"].id)
    talks.does("Quinn", "accept_allocation", talks.ref)
    page = talks.page(who="Quinn")
    assert page.must_begin
    assert page.draft is not None
    with pytest.raises(NotFound):
        talks.page(who="Pat")
    talks.begins(who="Quinn")
    page = talks.page(who="Quinn")
    assert not page.must_begin
    assert page.draft is not None
    assert page.draft.answers == {"support": "1"}


@pytest.mark.care(29)
def test_after_a_return_it_is_explained_anew(talks: Talks) -> None:
    talks.begins()
    talks.organisation.later(hours=1)
    talks.does("Pat", "withdraw", talks.ref)
    talks.organisation.later(days=30)
    talks.does("Carol", "undo_decline", talks.ref)
    talks.is_allocated(talks.ref)
    assert talks.page().must_begin
    talks.begins(start_afresh=True)
    assert not talks.page().must_begin


@pytest.mark.care(17)
def test_the_warning_of_an_evidence_hold_comes_first(talks: Talks) -> None:
    talks.begins()
    talks.saves({"support": "1"}, 1, typed={"notes": ["He said it was dark."]})
    hold(talks)
    page = talks.page()
    assert page.must_begin
    assert "notes" not in {field.name for field in (*page.fields, *page.early_fields)}
    with pytest.raises(NotAllowedNow) as refused:
        talks.begins()
    assert refused.value.codes == ["evidence_hold_not_acknowledged"]
    draft = talks.begins(evidence_hold_acknowledged=True)
    draft = talks.saves({"support": "2"}, draft.version)
    page = talks.page()
    assert page.draft is not None
    assert not page.must_begin
    assert page.draft.typed["notes"] == ["He said it was dark."]
    act = talks.talks(notes="What happened was this.")
    assert "notes" not in talks.content(talks.held()[0])["form"]
    assert act.subject.state == "awaiting_follow_up"


@pytest.mark.care(8)
def test_a_draft_keeps_what_was_typed_right_or_wrong(talks: Talks) -> None:
    draft = talks.begins()
    draft = talks.saves(
        {"support": "7", "alcohol": "not_asked", "no_such_item": "1", "daily_life": ""},
        draft.version,
        disclosed={"life_threat": "2", "nonsense": "1"},
        typed={"held_at-day": ["31"], "held_at-month": ["Febuary"], "notes": ["x" * 9000], "csrf": ["no"]},
    )
    page = talks.page()
    assert page.draft is not None
    assert page.draft.answers == {"support": "7", "alcohol": "not_asked"}
    assert page.draft.disclosed == {}
    assert page.draft.typed["held_at-month"] == ["Febuary"]
    assert len(page.draft.typed["notes"][0]) == 5000
    assert "csrf" not in page.draft.typed
    assert draft.version == 2


def test_a_draft_saved_elsewhere_is_not_written_over(talks: Talks) -> None:
    first = talks.begins()
    talks.saves({"support": "1"}, first.version)
    with pytest.raises(StaleVersion) as stale:
        talks.saves({"support": "2"}, 1)
    assert (stale.value.shown, stale.value.current, stale.value.changes[0].by) == (1, 2, "Pat")
    with pytest.raises(StaleVersion):
        talks.saves({"support": "2"}, -1)


def test_beginning_twice_loses_no_answer(talks: Talks) -> None:
    draft = talks.begins()
    talks.saves({"support": "1"}, draft.version)
    talks.begins()
    page = talks.page()
    assert page.draft is not None
    assert page.draft.answers == {"support": "1"}
    talks.begins(start_afresh=True)
    page = talks.page()
    assert page.draft is not None
    assert page.draft.answers == {}


@pytest.mark.care(8)
def test_an_old_draft_becomes_overdue_and_stays(talks: Talks) -> None:
    draft = talks.begins()
    talks.saves({"support": "1"}, draft.version)
    page = talks.page()
    assert not page.is_overdue(talks.organisation.now)
    assert page.latest_at is not None
    talks.organisation.now = page.latest_at + timedelta(seconds=1)
    page = talks.page()
    assert page.is_overdue(talks.organisation.now)
    assert page.draft is not None
    assert page.draft.answers == {"support": "1"}


def test_an_interview_that_is_not_due_cannot_be_begun(talks: Talks) -> None:
    with pytest.raises(NotAllowedNow) as refused:
        talks.begins(FOLLOW_UP)
    assert refused.value.codes == ["wrong_state"]
    assert talks.page(FOLLOW_UP).refused[0].code == "wrong_state"


@pytest.mark.parametrize(("who", "action"), [("Quinn", FIRST), ("Carol", FIRST), ("Pat", "close"), ("Pat", "nothing")])
def test_only_who_holds_the_interview_finds_its_pages(talks: Talks, who: str, action: str) -> None:
    with pytest.raises(NotFound):
        talks.page(action, who=who)


@pytest.mark.care(1)
def test_a_draft_that_holds_a_red_flag_says_call_now(talks: Talks) -> None:
    draft = talks.begins()
    assert not talks.page().calls_now
    talks.saves({}, draft.version, red_flag="now")
    page = talks.page()
    assert page.calls_now
    assert page.draft is not None
    assert page.draft.red_flag == "now"
    assert [level.value for level in page.urgent.levels] == ["now", "today"]
    assert page.urgent.numbers.crisis_lines[0].phone == "999"


@pytest.mark.care(1)
def test_an_open_red_flag_of_the_case_says_call_now(talks: Talks) -> None:
    talks.begins()
    talks.does("Pat", "raise_red_flag", talks.ref, level="today")
    assert talks.page().calls_now


def test_reading_the_form_is_in_the_trail(talks: Talks) -> None:
    talks.page()
    assert talks.trail()[-1]["what"] == "case.read"
    assert talks.trail()[-1]["codes"] == {"page": "interview.record_first_assessment"}
