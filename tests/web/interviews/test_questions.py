"""The questions: every answer kept, each fault at its field, two pages that meet, and an interview that broke off."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from tests.support.talks import FIRST, FOLLOW_UP, ITEMS
from tests.web.interviews.desk import ANCHORS, Desk


def test_an_interview_is_recorded_and_its_result_shown(desk: Desk) -> None:
    page = desk.begins()
    assert page.texts("main h2")[:3] == ["Before the event", "During the event", "Since the event"]
    form = desk.fills(page).fill("Short note", "Sleeps badly.").fill("What you agreed", "A walk each day.")
    page = form.fill("Next contact", desk.now().date() + timedelta(days=4)).submit("Record the interview")
    assert page.path.startswith(f"/cases/{desk.talks.ref}/assessments/")
    assert page.h1 == "First interview"
    assert "Sleeps badly." in page.text
    assert desk.talks.state(desk.talks.ref) == "awaiting_follow_up"


def test_each_missing_item_has_its_message_and_nothing_is_lost(desk: Desk) -> None:
    some = {theme: ANCHORS[theme] for theme in ("Earlier events", "Fear for life")}
    page = desk.fills(desk.begins(), some).fill("Short note", "Half way.").submit("Record the interview")
    assert page.errors() == [f"{theme}: choose an answer" for theme in ANCHORS if theme not in some]
    assert page.error_at("answer_alcohol") == "Drinking to cope: choose an answer"
    assert page.find("#answer_life_threat[checked]") is not None
    assert "Half way." in page.html
    assert desk.talks.held() == []


@pytest.mark.parametrize(
    ("when", "message"),
    [
        (timedelta(hours=2), "“When did you talk?” must not be in the future"),
        (timedelta(days=-30), "The interview cannot be before the incident."),
    ],
)
def test_a_time_that_cannot_be_has_its_message(desk: Desk, when: timedelta, message: str) -> None:
    form = desk.fills(desk.begins())
    page = form.fill("When did you talk?", (desk.now() + when).replace(tzinfo=None)).submit("Record the interview")
    assert page.errors() == [message]
    assert page.error_at("held_at") == message


def test_a_date_that_is_none_is_shown_as_typed(desk: Desk) -> None:
    form = desk.fills(desk.begins()).set(**{"held_at-day": "31", "held_at-month": "2"})
    page = form.submit("Record the interview")
    assert page.errors() == ["“When did you talk?” must exist: February 2026 has 28 days"]
    assert page.find("#held_at-day[value='31']") is not None


@pytest.mark.care(22)
def test_an_early_time_brings_the_question_why(desk: Desk) -> None:
    desk.talks.talks()
    desk.talks.organisation.later(days=28)
    page = desk.begins(FOLLOW_UP)
    assert page.find("input[name=early_reason]") is None
    answers = {theme: answer for theme, answer in ANCHORS.items() if f"{theme}: " in " ".join(page.texts("legend"))}
    early = (desk.now() - timedelta(days=20)).replace(tzinfo=None)
    page = desk.fills(page, answers).fill("When did you talk?", early).submit("Record the interview")
    assert page.errors() == ["Answer “Why so soon?”"]
    page = page.form("/questions").fill("Why so soon?", "They asked for it.").submit("Record the interview")
    assert page.h1 == "Follow-up interview"
    assert "They asked for it." in page.text


@pytest.mark.care(5)
def test_stopped_early_is_recorded_with_what_there_is(desk: Desk) -> None:
    page = desk.fills(desk.begins(), {"Earlier events": ANCHORS["Earlier events"]}).submit("We stopped early")
    assert "Stopped early" in page.texts(".trim-tag")
    assert "1 of 10 questions have an answer." in page.text
    assert "Low" not in page.text
    assert desk.talks.shows(desk.talks.held()[0].id).score.band == "incomplete"


@pytest.mark.care(8)
def test_a_draft_is_saved_by_a_button_as_it_was_typed(desk: Desk) -> None:
    form = desk.fills(desk.begins(), {"Loss of control": "Not asked"}).set(
        **{"answer_support": "7", "held_at-month": "Febuary", "notes": "Half way."}
    )
    page = form.submit("Save and go on later")
    assert page.path == f"/cases/{desk.talks.ref}"
    page = desk.questions()
    assert "Kept as it was typed: “7”." in page.text
    assert page.find("#held_at-month[value='Febuary']") is not None
    assert page.find("input[name=answer_out_of_control][value=not_asked][checked]") is not None
    assert page.form("/questions").value("Short note") == "Half way."
    assert page.form("/questions").submit("Record the interview").errors()[0] == "Earlier events: choose an answer"


def test_the_script_gets_the_new_version(desk: Desk) -> None:
    form = desk.fills(desk.begins(), {})
    accept = {"Accept": "application/json"}
    answer = desk.post(desk.address("draft"), form, headers=accept, data={"answer_support": "1"})
    assert (answer.status_code, json.loads(answer.data)) == (200, {"draft_version": 2})
    answer = desk.post(desk.address("draft"), form, headers=accept, data={"answer_support": "2"})
    assert (answer.status_code, json.loads(answer.data)["error"]) == (409, "stale")
    kept = desk.talks.page().draft
    assert kept is not None
    assert kept.answers["support"] == "1"


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999", "-1", "²"])
def test_an_unreadable_version_is_stale_and_no_failure(desk: Desk, version: str) -> None:
    form = desk.fills(desk.begins(), {})
    answer = desk.post(
        desk.address("draft"), form, headers={"Accept": "application/json"}, data={"draft_version": version}
    )
    assert answer.status_code == 409


@pytest.mark.parametrize("button", ["Save and go on later", "Record the interview"])
def test_two_pages_of_one_draft_meet_and_nothing_is_lost(desk: Desk, button: str) -> None:
    mine = desk.fills(desk.begins()).fill("Short note", "Mine.")
    desk.talks.saves({"alcohol": "2", "support": "0"}, 1, typed={"notes": ["Theirs."]})
    page = mine.submit(button, status=409)
    assert page.h1 == "First interview"
    assert page.texts(".trim-notice li") == [
        "Drinking to cope: Clearly more, or needed to get through the day",
        "Short note: Theirs.",
    ]
    assert page.form("/questions").value("Short note") == "Mine."
    assert page.find("input[name=answer_alcohol][value=preferred_not_to_answer][checked]") is not None
    assert desk.talks.held() == []
    page = page.form("/questions").submit(button)
    assert page.path != desk.address("questions")


def test_a_case_that_moved_shows_what_changed_and_keeps_what_was_typed(desk: Desk) -> None:
    form = desk.fills(desk.begins()).fill("Short note", "Mine.")
    desk.talks.does("Carol", "log_contact", desk.talks.ref, channel="phone", result="spoke")
    page = form.submit("Record the interview", status=409)
    assert "Contact logged, Carol" in page.text
    assert page.form("/questions").value("Short note") == "Mine."
    assert desk.talks.held() == []
    assert page.form("/questions").submit("Record the interview").path.startswith("/cases/")
    assert len(desk.talks.held()) == 1


def test_a_case_that_ended_meanwhile_keeps_the_answers_and_says_why(desk: Desk) -> None:
    form = desk.fills(desk.begins()).fill("Short note", "Mine.")
    desk.talks.does("Carol", "close", desk.talks.ref, outcome="left")
    page = form.submit("Record the interview", status=409)
    assert "Case closed, Carol" in page.text
    page = page.form("/questions").submit("Record the interview", status=409)
    assert "the case stands at “Closed”" in page.text
    page = desk.questions()
    assert "What you have filled in is kept." in page.text
    assert page.form("/questions").value("Short note") == "Mine."


@pytest.mark.care(6)
def test_at_a_follow_up_the_earlier_answers_stand_beside(desk: Desk) -> None:
    desk.talks.talks(points=dict.fromkeys(ITEMS[FIRST], "1"))
    desk.talks.organisation.later(days=28)
    page = desk.begins(FOLLOW_UP)
    assert "Last time: First interview, 5 March 2026" in page.text
    assert "Part that can change: 7 out of 14." in page.text
    assert page.texts(".trim-question__earlier")[0] == (
        "On 5 March 2026: There are people, but seldom asked or hard to reach"
    )
    assert len(page.find_all(".trim-question__earlier")) == 7
    carried = page.form("/questions")
    assert carried.values("Fear for life") == ["Stays as it was: It crossed the mind briefly"]
    answers = {theme: answer for theme, answer in ANCHORS.items() if f"{theme}: " in " ".join(page.texts("legend"))}
    form = desk.fills(page, answers).fill("Fear for life", "2 – It seemed certain or very likely")
    page = form.submit("Record the interview")
    assert "Newly disclosed" in page.texts(".trim-tag")
    assert "Counted over 6 of the 7 items that can change: only those answered both times." in page.text


def test_when_it_was_held_begins_with_when_confidentiality_was_explained(desk: Desk) -> None:
    begun = desk.now()
    desk.begins()
    desk.talks.organisation.later(hours=1)
    page = desk.questions()
    shown = [page.find(f"#held_at-{part}") for part in ("day", "month", "year")]
    assert [box.get("value") for box in shown if box is not None] == [str(begun.day), str(begun.month), str(begun.year)]
    assert "Filled in with when you explained confidentiality." in page.text


def test_a_page_costs_the_same_however_much_there_is(desk: Desk) -> None:
    from tests.support.queries import counted

    desk.begins()
    with counted(desk.talks.organisation.backend) as few:
        desk.questions()
    desk.talks.talks()
    for days in (28, 120):
        desk.talks.organisation.later(days=days)
        action = FOLLOW_UP if days == 28 else "record_further_follow_up"
        desk.talks.talks(action, 2, early_reason="x")
    desk.talks.does("Carol", "arrange_follow_up", desk.talks.ref)
    desk.talks.organisation.later(days=100)
    desk.begins("record_further_follow_up")
    with counted(desk.talks.organisation.backend) as many:
        desk.questions("record_further_follow_up")
    assert len(many) <= len(few) + 2, (len(few), len(many))


def test_dates_are_local(desk: Desk) -> None:
    summer = datetime(2026, 6, 20, 9, 0, tzinfo=desk.now().tzinfo)
    desk.talks.organisation.now = summer
    desk.begins()
    page = desk.questions()
    box = page.find("#held_at-time")
    assert box is not None
    assert box.get("value") == "10:00"
