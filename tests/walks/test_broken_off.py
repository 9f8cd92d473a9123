"""A first interview that breaks off in a crisis: it alerts at once, and what there is is recorded as incomplete."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.page_client import Page
from tests.support.organisation import SETUP
from tests.support.site import Site
from tests.support.trail import broken_chains, disagreements
from tests.walks.people import EXPLAINED, Coordinator, Practitioner, Reporter
from trim.store.tables import Notice
from trim.usecases.people.accounts import put_on_duty


def notices(site: Site) -> list[tuple[str, str, bool]]:
    """Who was told of what, and whether it passes quiet hours."""
    made = site.organisation
    names = {account.id: name for name, account in made.accounts.items()}
    with made.backend.reading() as uow:
        rows = [(names[one.recipient_id], one.kind, one.urgent) for one in uow.session.scalars(select(Notice))]
    return [row for row in rows if row[1] in ("escalation", "red_flag")]


@pytest.fixture
def ref(site: Site, reporter: Reporter, coordinator: Coordinator, practitioner: Practitioner) -> str:
    reporter.reports("Robin Ashe")
    coordinator.holds_planning_meeting("Individual support", "Robin Ashe")
    ref = coordinator.finds_case("Robin Ashe")
    coordinator.makes_offer(ref)
    coordinator.records_acceptance(ref)
    coordinator.asks(ref, "Pat")
    practitioner.accepts(ref)
    site.organisation.later(days=3)
    return ref


@pytest.fixture
def questions(practitioner: Practitioner, ref: str) -> Page:
    """The talk has begun: confidentiality is explained, the first questions are on the screen."""
    page = practitioner.case(ref).follow("Record the first interview")
    assert page.h1 == "Before the first question"
    return page.form(page.path).fill(EXPLAINED, True).submit("Go to the questions")


@pytest.mark.care(1)
@pytest.mark.care(2)
@pytest.mark.care(5)
def test_it_alerts_whoever_is_on_duty_and_is_recorded_as_incomplete(
    site: Site, coordinator: Coordinator, practitioner: Practitioner, ref: str, questions: Page
) -> None:
    made = site.organisation
    with made.backend.writing() as uow:
        put_on_duty(
            uow,
            SETUP,
            now=made.now,
            programme="trim",
            account_id=made.accounts["Lee"].id,
            phone="+44 1632 960077",
            from_at=made.now - timedelta(hours=1),
            until_at=made.now + timedelta(hours=8),
        )
    form = questions.form("/questions").set(answer_earlier_events="1", answer_support="2")
    page = form.fill("Short note", "Wants it all to stop.").submit("Red flag: Now")

    assert page.h1 == "Call now"
    assert page.find("a[href='tel:+441632960077']") is not None
    assert "On duty: Lee" in page.text
    told = notices(site)
    assert ("Lee", "red_flag", True) in told
    assert ("Carol", "red_flag", True) in told
    queue = coordinator.opens("/escalations")
    assert "Red flag" in queue.text

    page = practitioner.case(ref)
    assert "Begun and not yet submitted" in page.text
    page = page.follow("Go on with it")
    assert "Call now" in page.texts(".trim-call__title")
    assert page.find("input[name=answer_support][value='2'][checked]") is not None
    form = page.form("/questions").fill("How?", "In person")
    assert form.value("Short note") == "Wants it all to stop."
    page = form.submit("We stopped early")
    assert "Stopped early" in page.texts(".trim-tag")
    assert "2 of 10 questions have an answer." in page.text
    assert not any("Low" in tag for tag in page.texts(".trim-tag"))

    case = practitioner.case(ref)
    assert "Follow-up to come" in case.texts(".trim-heading .trim-tag")
    assert "Red flag open" in case.texts(".trim-heading .trim-tag")
    with made.backend.reading() as uow:
        assert broken_chains(uow.session) == []
        assert disagreements(uow.session) == []


@pytest.mark.care(1)
@pytest.mark.care(2)
def test_with_nobody_on_duty_everybody_is_told_and_the_crisis_route_shown(
    site: Site, practitioner: Practitioner, ref: str, questions: Page
) -> None:
    page = questions.form("/questions").submit("Red flag: Now")
    assert "Nobody is on duty" in page.texts(".trim-call__title")
    assert page.find("a[href='tel:999']") is not None
    assert sorted(notices(site)) == [("Carol", "red_flag", True), ("Lee", "red_flag", True)]
    page = practitioner.case(ref).follow("Go on with it")
    assert "Call now: nobody is on duty" in page.texts(".trim-call__title")


@pytest.mark.care(1)
def test_no_script_and_a_lost_draft_hold_up_nothing(
    site: Site, coordinator: Coordinator, practitioner: Practitioner, ref: str, questions: Page
) -> None:
    elsewhere = practitioner.opens(f"/cases/{ref}/interviews/record_first_assessment/questions")
    elsewhere.form("/questions").set(answer_alcohol="2").submit("Save and go on later")
    assert questions.form("/questions").submit("Red flag: Today").h1 == "Call today"
    assert "Red flag" in coordinator.opens("/escalations").text
