"""Why something reached somebody, on one page: a question that came of a late step, and what has no question itself.

Every element is there: which rule, which clock, what acted, each notice with to whom it went and whether it arrived.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import select
from sqlmodel import col

from tests.page_checks import text_of
from tests.page_client import Page
from tests.support.bounces import report
from tests.support.groups import opens, planned_session
from tests.support.organisation import Organisation
from tests.support.posting import TestPost, outbox, sends
from tests.support.site import Site
from tests.support.story import Story
from tests.support.sweeping import escalations, stages, step_of, sweep, told
from tests.usecases.planning.people import meets, named_later
from trim.delivery.bounces import read_bounce
from trim.domain.access import Role
from trim.domain.vocabulary import VOCABULARY
from trim.store.tables import Account, Step
from trim.usecases.cases.case_file import DueStep
from trim.usecases.delivery.bounced import note_bounce
from trim.web.case_words import anchor_words

pytestmark = pytest.mark.large_on_postgresql

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHY = "Taken further, and why"


def comes_back(made: Organisation, kind: str) -> None:
    """The mail with the notice of that kind comes back."""
    [notice] = outbox(made, kind=kind)
    with made.backend.writing() as uow:
        assert note_bounce(uow, read_bounce(report(str(notice.message_id))), now=made.now) >= 1


def looks(made: Organisation, who: str, room: str, ref: str) -> Page:
    """The page as somebody reads it who has just signed in: days have passed between two looks."""
    page = Site(made).as_(who).get(f"/{room}/{ref}")
    assert ref in page.text
    return page


def rows(page: Page, caption: str) -> list[list[str]]:
    """The cells of each row of the table with that caption."""
    table = next(one for one in page.find_all("table") if caption in text_of(next(one.iter("caption"))))
    return [[text_of(cell) for cell in row] for row in next(table.iter("tbody")).iter("tr")]


def open_step(made: Organisation, kind: str, name: str) -> Step:
    """The newest step of a kind of subject."""
    with made.backend.reading() as uow:
        query = select(Step).where(col(Step.subject_kind) == kind, col(Step.name) == name, col(Step.state) == "open")
        found = uow.session.scalars(query.order_by(col(Step.opened_at).desc())).first()
        assert found is not None
        return found


def goes_through(made: Organisation, step: Step, *after: timedelta, at: Callable[[Step], datetime]) -> None:
    for one in after:
        sweep(made, at(step) + one)
        made.now = max(made.now, made.now.replace(hour=12))
        sends(made, TestPost())


def test_the_page_of_a_question_says_everything_that_led_to_it(site: Site) -> None:
    made = site.organisation
    step = step_of(made, Story(made).supported_case(), "first_assessment")
    assert step.latest_at is not None
    sweep(made, step.due_at)
    sends(made, TestPost())
    made.later(days=1)
    sends(made, TestPost())
    sweep(made, step.latest_at + DAY)
    made.later(days=1)
    sends(made, TestPost())
    comes_back(made, "step_late")
    # Carol hears that the reminder was lost, so the question goes past her to Lee, and then to whoever is new.
    sweep(made)
    made.add_account("Dee", Role.COORDINATOR, unit="North")
    [asked] = escalations(made)
    sweep(made, max(asked.answer_by, made.now))
    page = looks(site.organisation, "Lee", "escalations", asked.ref)
    # The rule and its clock.
    assert page.h1.startswith("Past its latest day")
    assert "2 days past its latest moment, somebody else of the programme is asked" in page.text
    window = page.find(".trim-window")
    assert window is not None
    assert "First interview" in text_of(window)
    assert "Counted from the incident on" in text_of(window)
    assert len(list(window.iter("time"))) == 3
    # What acted, in its order.
    assert [row[0] for row in rows(page, "What its clock did")] == [
        "Reminder before it was due",
        "Reminder when it was due",
        "Reminder once it was late",
        "It could not be delivered: the next person was asked",
        "Taken to somebody else of the programme",
        "No answer in time: the next person was asked",
    ]
    # Each earlier notice, to whom, and whether it arrived.
    sent = {(row[0], row[1]): row[3] for row in rows(page, "What was sent")}
    assert sent["Something is due", "Pat"] == "Delivered"
    assert sent["Something is past its time", "Pat"] == "Not delivered: the mail server refuses this address"
    assert sent["A question has had no answer yet and comes to you", "Dee"] == "Waits to be sent"
    assert ("A reminder could not be delivered: please look after it", "Carol") in sent


def test_a_planning_meeting_that_nobody_held_says_why_it_reached_the_lead(site: Site) -> None:
    made = site.organisation
    ref = Story(made).reports()
    step = open_step(made, "incident", "planning")
    assert step.latest_at is not None
    assert WHY not in looks(site.organisation, "Carol", "incidents", ref).text
    sweep(made, step.due_at)
    made.now = made.now.replace(hour=12)
    sends(made, TestPost())
    assert WHY not in looks(site.organisation, "Carol", "incidents", ref).text, (
        "a reminder to whose task it is is no more than that"
    )
    for at in (step.latest_at + DAY / 2, step.latest_at + DAY):
        sweep(made, max(at, made.now))
    assert told(made, "step_escalated") == [("step_escalated", "Lee")]
    page = looks(site.organisation, "Lee", "incidents", ref)
    assert WHY in page.text
    assert "1 day past its latest moment, somebody else is asked" in page.text
    assert "Counted from when the incident became known" in page.text
    assert [row[0] for row in rows(page, "What its clock did")] == [
        "Reminder before it was due",
        "Reminder when it was due",
        "Reminder once it was late",
        "Taken to somebody else of the programme",
    ]
    sent = {(row[0], row[1]): row[3] for row in rows(page, "What was sent")}
    assert sent["Something is due", "Carol"] == "Delivered"
    assert sent["Something is past its latest day and comes to you", "Lee"] == "Waits to be sent"
    # With nobody left it says who hears of that.
    sweep(made, made.now + DAY)
    page = looks(site.organisation, "Lee", "incidents", ref)
    assert rows(page, "What its clock did")[-1][0] == "Nobody was left to ask"
    assert rows(page, "What its clock did")[-1][3] == "Told: 3"
    # Done, it is nobody's any more.
    meets(Story(made), ref, {"Robin Ashe": "individual_assessment"})
    assert WHY not in looks(site.organisation, "Lee", "incidents", ref).text


@pytest.mark.care(25)
def test_whoever_is_found_later_is_planned_for_in_time_or_somebody_else_is_asked(site: Site) -> None:
    made = site.organisation
    story = Story(made)
    ref = story.reports()
    meets(story, ref, {"Robin Ashe": "individual_assessment"})
    made.later(days=2)
    named_later(story, ref, "Jo Reed")
    step = open_step(made, "exposure", "planning")
    assert step.latest_at is not None
    for at in (step.due_at - 6 * HOUR, step.due_at, step.latest_at + DAY / 2, step.latest_at + DAY):
        sweep(made, at)
    assert [one.stage for one in stages(made, step.id)] == ["remind:PT6H", "due", "overdue:PT12H", "escalate"]
    assert ("step_escalated", "Lee") in told(made, "step_escalated")
    page = looks(site.organisation, "Lee", "incidents", ref)
    assert WHY in page.text
    assert "Counted from when it became known that this person was there" in page.text
    assert "Planning meeting" in page.text


def test_a_group_session_that_nobody_planned_says_why_in_french_as_well(site: Site) -> None:
    made = site.organisation
    ref = opens(made, "group_session")
    step = open_step(made, "group_session", "plan_session")
    assert step.latest_at is not None
    sweep(made, step.due_at)
    sweep(made, step.latest_at + 2 * DAY)
    sweep(made, made.now + DAY)
    page = looks(site.organisation, "Lee", "undertakings", ref)
    assert WHY in page.text
    assert "2 days past its latest moment" in page.text
    assert "Counted from when it was set up" in page.text
    assert "Taken to somebody else of the programme" in page.text
    assert ["Something is past its latest day and comes to you", "Lee"] in [
        row[:2] for row in rows(page, "What was sent")
    ]
    with made.backend.writing() as uow:
        reader = uow.session.get(Account, made.accounts["Carol"].id)
        assert reader is not None
        reader.locale = "fr"
        uow.session.add(reader)
        uow.session.info["entries"] = 1  # the language is chosen by hand here
    page = looks(site.organisation, "Carol", "undertakings", ref)
    assert "Pourquoi d’autres personnes ont été sollicitées" in page.text
    assert WHY not in page.text


def test_a_session_in_time_says_nothing_of_it(site: Site) -> None:
    ref = planned_session(site.organisation)
    assert WHY not in looks(site.organisation, "Carol", "undertakings", ref).text


@pytest.mark.care(22)
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_every_happening_that_a_clock_can_run_from_has_words_of_its_own(site: Site, locale: str) -> None:
    at = datetime.fromisoformat("2026-03-02T10:00+00:00")
    said = {}
    with site.app.test_request_context(), force_locale(locale):
        for anchor in sorted({*VOCABULARY.anchors, "repetition.planned_at", "repetition.done_at"}):
            step = DueStep("x", None, None, "case", "C-1", "", anchor, at, False, None, at, None)
            said[anchor] = anchor_words(step)
        other = anchor_words(DueStep("x", None, None, "case", "C-1", "", "?", at, False, None, at, None))
    assert [anchor for anchor, words in said.items() if words == other] == []
    assert len(set(said.values())) == len(said)
