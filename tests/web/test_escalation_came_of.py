"""On one page: why an escalation reached somebody, by which rule and clock, after which notices, delivered or not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from tests.support.site import Site
from tests.support.story import Story
from tests.support.sweeping import escalations, step_of, sweep
from trim.store.tables import Notice
from trim.usecases.assessment.save_draft import begin_interview
from trim.usecases.deadlines.act_on_due_steps import weigh_undelivered

pytestmark = pytest.mark.large_on_postgresql
DAY = timedelta(days=1)


def test_a_supervisor_reads_rule_clock_and_notices_of_an_overdue_step(site):
    made = site.organisation
    step = step_of(made, Story(made).supported_case(), "first_assessment")
    for at in (step.due_at, step.latest_at + DAY, step.latest_at + 2 * DAY):
        sweep(made, at)
    with made.backend.writing() as uow:
        uow.session.connection().execute(
            update(Notice)
            .where(col(Notice.kind) == "step_late")
            .values(state="failed", failed_because="on_leave", settled_at=made.now)
        )
    weigh_undelivered(made.backend, worker="here", now=made.now)
    [one] = escalations(made)
    page = site.as_("Carol").get(f"/escalations/{one.ref}")
    words = page.text
    assert "Past its latest day" in words
    # Where its case is shown it is called the same, in the list and in the timeline.
    case = page.follow("See the whole case")
    assert "Past its latest day" in case.texts("section[aria-labelledby=beside] th")
    assert "Brought to the coordinator: Past its latest day" in case.text
    assert "First interview" in words
    assert "2 days past its latest moment" in words
    assert "Counted from the incident on" in words
    for said in ("Reminder before it was due", "Reminder when it was due", "Taken to somebody else of the programme"):
        assert said in words
    assert "Not delivered: on leave" in words
    assert "Something is due" in words
    assert "Pat" in words


@pytest.mark.care(2)
def test_with_nobody_on_duty_the_page_of_a_red_flag_says_so_and_shows_the_crisis_numbers(site):
    made = site.organisation
    story = Story(made)
    story.does("Pat", "raise_red_flag", story.supported_case(), level="now")
    [one] = escalations(made)
    page = site.as_("Carol").get(f"/escalations/{one.ref}")
    words = page.text
    # Whom to call comes before all that is told; whoever opens it first says that they are looking.
    assert words.index("Nobody is on duty") < words.index("999") < words.index("Raised by")
    assert page.texts("main .trim-actions button, main .trim-actions a")[0] == "I am looking at it"
    assert "Pat raised it. Without an answer by" in words
    with made.backend.reading() as uow:
        kinds = set(uow.session.scalars(select(col(Notice.kind))))
    assert kinds >= {"nobody_on_duty", "red_flag"}
    assert "A red flag was raised" in words
    assert "A question for a coordinator" not in words


def test_the_administrator_sees_the_background_work_and_nothing_of_a_case(site):
    made = site.organisation
    ref = Story(made).supported_case()
    sweep(made, step_of(made, ref, "first_assessment").due_at)
    words = site.as_("Adam").get("/jobs").text
    assert "No worker is running" in words
    assert ref not in words
    assert "Robin" not in words


@pytest.mark.care(8)
def test_a_draft_that_lies_is_marked_overdue_where_its_practitioner_works(site):
    made = site.organisation
    story = Story(made)
    ref = story.supported_case()
    made.later(days=3)
    with made.backend.writing() as uow:
        begin_interview(
            uow,
            made.actor("Pat"),
            now=made.now,
            case_ref=ref,
            action="record_first_assessment",
            confidentiality_explained=True,
            evidence_hold_acknowledged=True,
        )
    began = "Begun, not yet submitted"
    page = site.as_("Pat").get("/today").text
    assert "Overdue" not in page.partition(began)[2].partition("Due")[0]
    made.later(days=2)
    assert "Overdue" in Site(made).as_("Pat").get("/today").text.partition(began)[2]
