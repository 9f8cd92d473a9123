"""Before the first question: what is said aloud, the warning of an investigation, and who finds the page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.talks import FIRST, FOLLOW_UP
from tests.usecases.assessment.test_drafts import hold
from tests.web.interviews.desk import EXPLAINED, Desk


@pytest.mark.care(29)
def test_the_words_are_there_with_each_limit(desk: Desk) -> None:
    page = desk.pat.get(desk.address())
    assert page.h1 == "Before the first question"
    assert "What you tell me stays between us." in page.text
    assert len(page.find_all(".trim-spoken li")) == 4
    assert "You may stop at any time" in page.text


@pytest.mark.care(29)
def test_no_question_before_it_is_ticked(desk: Desk) -> None:
    page = desk.pat.get(desk.address("questions"))
    assert page.path == desk.address()
    page = page.form(f"/{FIRST}").submit("Go to the questions")
    assert page.errors() == ["Tick the box to say that you have explained confidentiality"]
    page = desk.begins()
    assert (page.path, page.h1) == (desk.address("questions"), "First interview")
    assert desk.pat.get(desk.address()).path == desk.address("questions")


@pytest.mark.care(17)
def test_the_warning_of_an_investigation_is_ticked_too(desk: Desk) -> None:
    hold(desk.talks)
    page = desk.pat.get(desk.address())
    assert "Do not take an account of what happened." in page.text
    page = page.form(f"/{FIRST}").fill(EXPLAINED, True).submit("Go to the questions")
    assert page.errors() == ["Tick the box to say that you have read the warning"]
    form = page.form(f"/{FIRST}").fill("I have read this and will not ask what happened.", True)
    page = form.submit("Go to the questions")
    assert page.path == desk.address("questions")
    assert page.find("textarea[name=notes]") is None
    assert page.find("textarea[name=plan]") is not None


@pytest.mark.care(17)
def test_an_investigation_that_begins_during_the_talk_comes_first_and_loses_nothing(desk: Desk) -> None:
    page = desk.begins()
    form = desk.fills(page)
    hold(desk.talks)
    page = form.submit("Record the interview")
    assert page.path == desk.address()
    assert "An investigation is running" in page.text
    assert "Its answers are kept." in page.text
    form = page.form(f"/{FIRST}").fill(EXPLAINED, True).fill("I have read this and will not ask what happened.", True)
    page = form.submit("Go to the questions")
    assert page.find("#answer_own_part-2[checked]") is not None
    assert page.form("/questions").submit("Record the interview").h1 == "First interview"
    assert desk.talks.state(desk.talks.ref) == "awaiting_follow_up"


@pytest.mark.care(22)
def test_before_the_usual_time_the_page_says_so_and_lets_on(desk: Desk) -> None:
    desk.talks.talks()
    desk.talks.organisation.later(days=7)
    page = desk.pat.get(desk.address(action=FOLLOW_UP))
    assert "Before the usual time" in page.text
    page = desk.begins(FOLLOW_UP)
    assert page.find("input[name=early_reason]") is not None


@pytest.mark.care(8)
def test_a_draft_left_lying_is_called_overdue(desk: Desk) -> None:
    desk.begins()
    latest = desk.talks.page().latest_at
    assert latest is not None
    desk.talks.organisation.now = latest + timedelta(hours=1)
    page = desk.questions()
    assert "Overdue" in page.texts(".trim-notice__title")
    assert "Your answers are kept, however long it takes." in page.text


def test_a_form_from_before_can_be_gone_on_with_or_begun_afresh(desk: Desk) -> None:
    desk.begins()
    desk.talks.saves({"support": "1"}, 1)
    desk.talks.organisation.later(hours=1)
    desk.talks.does("Pat", "withdraw", desk.talks.ref)
    desk.talks.does("Carol", "undo_decline", desk.talks.ref)
    desk.talks.is_allocated(desk.talks.ref)
    page = desk.pat.get(desk.address())
    assert "A form was begun before" in page.text
    form = page.form(f"/{FIRST}").fill(EXPLAINED, True)
    page = form.fill("Begin with an empty form. What was kept is thrown away.", True).submit("Go to the questions")
    assert page.find("input[name=answer_support][checked]") is None


def test_what_is_not_due_is_refused_with_its_reason(desk: Desk) -> None:
    page = desk.pat.get(desk.address(action=FOLLOW_UP), status=409)
    assert "the case stands at “First interview to come”" in page.text


@pytest.mark.parametrize("place", ["", "questions"])
def test_whoever_does_not_hold_it_finds_nothing(desk: Desk, place: str) -> None:
    assert desk.as_("Quinn").get(desk.address(place), status=404).h1
    assert desk.as_("Carol").get(desk.address(place), status=403).h1
    assert desk.as_("Hana").get(desk.address(place), status=403).h1
    desk.pat.get(desk.address(place, "close"), status=404)
    desk.pat.get(f"/cases/C-XXXXXXX/interviews/{FIRST}", status=404)
