"""The page of a submitted interview: the change first, the score explained, what happens next; and slips put right."""

from __future__ import annotations

import pytest

from tests.support.queries import counted
from tests.support.talks import CHANGEABLE, FIRST, FOLLOW_UP, ITEMS
from tests.usecases.assessment.test_drafts import hold
from tests.web.interviews.desk import Desk


def test_the_score_is_explained_theme_by_theme(desk: Desk) -> None:
    held = desk.talks.talks(points=2).made["assessment"]
    page = desk.pat.get(desk.result(held))
    assert "20 out of 20" in page.text
    assert "High (example)" in page.texts(".trim-tag")
    assert "It is not a diagnosis" in page.text
    assert "The bands are examples." in page.text
    assert len(page.find_all(".trim-scores tbody tr")) == 10
    assert "Strong, or on most days" in page.text
    assert "Cannot change between interviews" in page.text


@pytest.mark.care(7)
def test_what_happens_next_says_who_is_asked_and_by_when(desk: Desk) -> None:
    held = desk.talks.talks(points=2).made["assessment"]
    page = desk.pat.get(desk.result(held))
    assert (
        "High score at the first interview. The coordinator is asked to look by Fri 6 March 2026, 09:00." in page.text
    )
    assert "Follow-up interview. Due on Thu 2 April. Not before Thu 26 March." in page.text
    low = desk.talks
    low.organisation.later(days=28)
    low.talks(FOLLOW_UP, 0)
    page = desk.pat.get(desk.result(low.held()[-1].id))
    assert "Nothing was passed on to the coordinator because of this score." in page.text
    assert "The case stands at “Ready to close”." in page.text


@pytest.mark.care(5)
def test_an_incomplete_score_says_so_and_is_not_called_low(desk: Desk) -> None:
    held = desk.talks.talks(points={"support": "0"}, stopped_early=True).made["assessment"]
    page = desk.pat.get(desk.result(held))
    assert "Incomplete" in page.texts(".trim-notice__title")
    assert "1 of 10 questions have an answer." in page.text
    assert not any("Low" in tag for tag in page.texts(".trim-tag"))


@pytest.mark.care(6)
def test_the_change_stands_before_the_score_with_its_denominator(desk: Desk) -> None:
    desk.talks.talks(points=1)
    desk.talks.organisation.later(days=28)
    answers = {**dict.fromkeys(CHANGEABLE, "0"), "alcohol": "not_asked"}
    held = desk.talks.talks(FOLLOW_UP, answers).made["assessment"]
    page = desk.pat.get(desk.result(held))
    assert page.texts("main h2")[:2] == ["Since the last interview, 5 March 2026", "The score"]
    assert "6 points lower than before" in page.text
    assert "From 6 to 0 out of 12" in page.text
    assert "Counted over 6 of the 7 items that can change: only those answered both times." in page.text
    assert page.texts("h3") == ["Carried over, because it cannot change"]


def test_reading_it_is_in_the_trail_first(desk: Desk) -> None:
    held = desk.talks.talks().made["assessment"]
    desk.pat.get(desk.result(held))
    line = desk.talks.trail()[-1]
    assert (line["what"], line["codes"]) == ("case.read", {"page": "assessment", "assessment": held})


def test_who_finds_it(desk: Desk) -> None:
    held = desk.talks.talks().made["assessment"]
    assert desk.as_("Carol").get(desk.result(held)).h1 == "First interview"
    desk.as_("Quinn").get(desk.result(held), status=404)
    desk.as_("Ada").get(desk.result(held), status=403)
    desk.pat.get(desk.result("nothing"), status=404)
    for page in ("correct", "wrong-person"):
        desk.as_("Quinn").get(desk.result(held, page), status=404)
        desk.as_("Hana").get(desk.result(held, page), status=403)


@pytest.mark.care(8)
def test_a_slip_is_corrected_with_a_reason(desk: Desk) -> None:
    held = desk.talks.talks(notes="As it was.").made["assessment"]
    page = desk.pat.get(desk.result(held)).follow("Correct a slip")
    form = page.form("/correct")
    assert form.value("Short note") == "As it was."
    page = form.set(answer_alcohol="2").submit("Put the corrected version in its place")
    assert page.errors() == ["Answer “What was wrong?”"]
    form = page.form("/correct").fill("What was wrong?", "I pressed the wrong line.")
    page = form.submit("Put the corrected version in its place")
    assert "The corrected version stands now." in page.text
    assert "2 out of 20" in page.text
    assert "What was wrong: I pressed the wrong line." in page.text
    page = page.follow("Earlier version")
    assert page.path == desk.result(held)
    assert "This version was corrected" in page.texts(".trim-notice__title")
    assert page.find("a[href$='/correct']") is None
    desk.pat.get(desk.result(held, "correct"), status=404)


@pytest.mark.care(5)
def test_a_correction_may_leave_items_out_again(desk: Desk) -> None:
    held = desk.talks.talks(points={"support": "0"}, stopped_early=True).made["assessment"]
    form = desk.pat.get(desk.result(held, "correct")).form("/correct").fill("What was wrong?", "One more.")
    assert form.value("We stopped early: what was not reached counts as not asked.") == "y"
    page = form.set(answer_alcohol="9").submit("Put the corrected version in its place")
    assert page.errors() == ["Drinking to cope: choose an answer"]
    page = page.form("/correct").set(answer_alcohol="1").submit("Put the corrected version in its place")
    assert "2 of 10 questions have an answer." in page.text


@pytest.mark.care(17)
def test_a_correction_under_investigation_reads_the_warning_first(desk: Desk) -> None:
    held = desk.talks.talks().made["assessment"]
    hold(desk.talks)
    page = desk.pat.get(desk.result(held, "correct"))
    assert page.find("textarea[name=notes]") is None
    page = page.form("/correct").fill("What was wrong?", "A slip.").submit("Put the corrected version in its place")
    assert page.errors() == ["Tick the box to say that you have read the warning"]
    form = page.form("/correct").fill("I have read this and write nothing about the facts.", True)
    assert form.submit("Put the corrected version in its place").h1 == "First interview"


def test_a_time_in_a_correction_has_its_message(desk: Desk) -> None:
    held = desk.talks.talks().made["assessment"]
    form = desk.pat.get(desk.result(held, "correct")).form("/correct").fill("What was wrong?", "The day.")
    page = form.set(**{"held_at-year": "2025"}).submit("Put the corrected version in its place")
    assert page.errors() == ["The interview cannot be before the incident."]


def test_a_correction_of_a_case_that_moved_is_stale(desk: Desk) -> None:
    held = desk.talks.talks().made["assessment"]
    form = desk.pat.get(desk.result(held, "correct")).form("/correct").fill("What was wrong?", "A slip.")
    desk.talks.does("Carol", "log_contact", desk.talks.ref, channel="phone", result="spoke")
    page = form.submit("Put the corrected version in its place", status=409)
    assert "A slip." in page.text
    assert "Contact logged" in page.text


@pytest.mark.care(6)
def test_a_correction_of_a_follow_up_may_correct_what_was_carried_over(desk: Desk) -> None:
    desk.talks.talks(points=1)
    desk.talks.organisation.later(days=28)
    held = desk.talks.talks(FOLLOW_UP, 1).made["assessment"]
    form = desk.pat.get(desk.result(held, "correct")).form("/correct").fill("What was wrong?", "They told me more.")
    form.fill("Fear for life", "2 – It seemed certain or very likely")
    assert "Newly disclosed" in form.submit("Put the corrected version in its place").texts(".trim-tag")


@pytest.mark.care(8)
def test_the_wrong_person_leaves_the_record(desk: Desk) -> None:
    held = desk.talks.talks(points=2, notes="Somebody else.").made["assessment"]
    page = desk.pat.get(desk.result(held)).follow("Wrong person")
    assert "What was passed on to the coordinator because of it stays open until they decide." in page.text
    page = page.form("/wrong-person").submit("Take it off this case")
    assert page.errors() == ["Answer “What was wrong?”"]
    page = page.form("/wrong-person").fill("What was wrong?", "Two cases open.").submit("Take it off this case")
    assert page.path == f"/cases/{desk.talks.ref}"
    assert "The interview is no longer part of this case." in page.text
    assert "Somebody else." not in page.text
    gone = desk.pat.get(desk.result(held), status=410)
    assert gone.h1 == "No longer part of this case"
    page = desk.as_("Carol").get(f"/cases/{desk.talks.ref}")
    assert "Interview taken back, recorded for the wrong person" in page.text
    assert "Two cases open." in page.text
    assert "Somebody else." not in page.text
    assert desk.pat.get(desk.address()).h1 == "Before the first question"
    desk.pat.get(desk.result(held, "correct"), status=404)


def test_the_page_costs_the_same_however_much_there_is(desk: Desk) -> None:
    backend = desk.talks.organisation.backend
    first = desk.talks.talks(points=dict.fromkeys(ITEMS[FIRST], "2")).made["assessment"]
    desk.pat.get(desk.result(first))
    with counted(backend) as few:
        desk.pat.get(desk.result(first))
    again = desk.talks.corrects(first, dict.fromkeys(ITEMS[FIRST], "1")).made["assessment"]
    for days, action in ((28, FOLLOW_UP), (120, "record_further_follow_up")):
        desk.talks.organisation.later(days=days)
        desk.talks.talks(action, 2, early_reason="x")
    last = desk.talks.held()[-1].id
    desk.pat.get(desk.result(last))
    for one in (again, last):
        with counted(backend) as many:
            desk.pat.get(desk.result(one))
        assert len(many) <= len(few) + 2, (len(few), len(many))
