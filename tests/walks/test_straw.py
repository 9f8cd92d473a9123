"""Support under stress, walked at the screen: asked for, planned in own steps, reviewed, ended; and declined."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.page_client import Page
from tests.support.site import Site
from tests.support.straw import add_straw
from tests.walks.people import EXPLAINED, AtWork, Coordinator, Practitioner, Reporter
from trim.store.tables import CaseRequest, SupportCase

pytestmark = pytest.mark.large_on_postgresql


@pytest.fixture
def straw(site: Site) -> Site:
    """The site with both programmes; Robin Ashe has an account and no role."""
    add_straw(site.organisation)
    site.organisation.add_account("Robin", person="Robin Ashe")
    return site


@pytest.fixture
def person(straw: Site) -> AtWork:
    return AtWork(straw, "Robin")


@pytest.fixture
def supporter(straw: Site) -> Practitioner:
    return Practitioner(straw, "Quinn")


def asks(person: AtWork, note: str = "") -> Page:
    form = person.opens("/support/ask").form("/support/ask")
    return form.fill("Anything you would like us to know", note).submit("Ask for support")


def talks(supporter: Practitioner, ref: str, action: str, **said: object) -> Page:
    """Hold a conversation; what is not said stays open."""
    page = supporter.case(ref).follow(action)
    page = page.form(page.path).fill(EXPLAINED, True).submit("Go to the questions")
    form = page.form("/questions")
    for label, value in said.items():
        form.fill(label, value)
    answer = form.fill("When did you talk?", supporter.now).fill("How?", "In person").submit("Record the interview")
    assert answer.errors() == [], answer.errors()
    return answer


def comes_to_plan(straw: Site, coordinator: Coordinator, supporter: Practitioner, person: AtWork) -> str:
    """From the request to the conversation; gives the reference of the case."""
    assert asks(person, "After six, by telephone.").h1 == "Your request has arrived"
    ref = coordinator.finds_case("Robin Ashe")
    coordinator.records_acceptance(ref)
    coordinator.asks(ref, "Quinn")
    assert supporter.accepts(ref).texts(".trim-heading .trim-tag") == ["Conversation to come"]
    straw.organisation.later(days=2)
    talks(
        supporter,
        ref,
        "Record the conversation",
        **{"At work": ["Demands", "Role"], "Outside work": ["Money, debts"], "What weighs most": "The night shifts"},
    )
    return ref


def test_from_asking_to_the_end(straw: Site, coordinator: Coordinator, supporter: Practitioner, person: AtWork) -> None:
    ref = comes_to_plan(straw, coordinator, supporter, person)
    page = supporter.case(ref)
    assert page.texts(".trim-heading .trim-tag") == ["Plan under way"]
    assert "The person asked for support themselves." in page.text
    assert "After six, by telephone." in page.text
    assert "Demands, Role" in page.text
    assert " out of 0" not in page.text
    in_five = (supporter.now + timedelta(days=5)).date()
    for what in ("Ask for two fixed evenings", "Call the debt advice"):
        page = supporter.does(
            f"/cases/{ref}", "Add a step to the plan", **{"What did you agree?": what, "Until when?": in_five}
        )
    cells = page.texts("section[aria-labelledby=plan] tbody tr th, section[aria-labelledby=plan] tbody tr td")
    assert sorted(cells[0::3]) == ["Ask for two fixed evenings", "Call the debt advice"]
    assert page.text.index("The agreed plan") < page.text.index("What else you can do")
    straw.organisation.later(days=5)
    today = supporter.opens("/today")
    assert "Ask how the agreed step went" in today.text
    page = supporter.case(ref)
    step = page.follow("Ask for two fixed evenings")
    assert step.press("It is done").texts(".trim-heading .trim-tag") == ["Done"]
    other = page.link("Call the debt advice")
    assert supporter.does(other, "Drop it", **{"Why is it dropped?": "A sister helped."}).texts(
        ".trim-heading .trim-tag"
    ) == ["Dropped"]
    straw.organisation.later(days=23)
    talks(
        supporter,
        ref,
        "Record the review",
        **{"Since we last spoke: All in all, how is it?": "Lighter", "Meet again: Would you like to meet again?": "No"},
    )
    page = supporter.does(f"/cases/{ref}", "Close the case", **{"How does it end?": "Support completed"})
    assert page.texts(".trim-heading .trim-tag") == ["Closed"]


def test_a_step_whose_day_is_over_says_what_to_do_and_blames_nobody(
    straw: Site, coordinator: Coordinator, supporter: Practitioner, person: AtWork
) -> None:
    ref = comes_to_plan(straw, coordinator, supporter, person)
    day = (supporter.now + timedelta(days=2)).date()
    said = {"What did you agree?": "Call the debt advice", "Until when?": day}
    page = supporter.does(f"/cases/{ref}", "Add a step to the plan", **said)
    tags = "section[aria-labelledby=plan] .trim-tag"
    assert page.texts(tags) == ["Agreed"]
    straw.organisation.later(days=10)
    assert supporter.case(ref).texts(tags) == ["Agreed", "Ask how it went"]


def test_a_step_without_a_day_or_in_the_past_is_not_taken(
    straw: Site, coordinator: Coordinator, supporter: Practitioner, person: AtWork
) -> None:
    ref = comes_to_plan(straw, coordinator, supporter, person)
    page = supporter.case(ref).follow("Add a step to the plan")
    form = page.form(page.path).fill("What did you agree?", "Sleep")
    assert form.submit("Add a step to the plan").errors() != []
    past = (supporter.now - timedelta(days=1)).date()
    again = form.fill("Until when?", past).submit("Add a step to the plan")
    assert "Choose today or a day to come." in " ".join(again.errors())


@pytest.mark.care(13)
def test_a_concern_goes_one_way_and_a_declined_one_is_wiped(straw: Site, coordinator: Coordinator) -> None:
    sender = AtWork(straw, "Rita")

    def sends(whom: str) -> Page:
        form = sender.opens("/support/concern").form("/support/concern")
        form.fill("Name or staff number", whom).fill("Where they work", "North").fill("You ask as", "Their manager")
        return form.fill("What have you noticed?", "Hardly speaks any more.").submit("Send the request")

    first = sends("Robin Ashe")
    assert first.h1 == "Your request was received"
    ref = coordinator.finds_case("Robin Ashe")
    page = coordinator.case(ref)
    assert "Their management was concerned." in page.text
    assert "Hardly speaks any more." in page.text
    assert "Rita" not in page.text
    # A second one about somebody who has a case, and one about nobody the directory knows, read word for word alike.
    assert sends("Robin Ashe").main_html == first.main_html
    assert sends("Nobody Known Here").main_html == first.main_html
    assert [path for path in sender.opens("/support").texts("main a") if "Robin" in path] == []
    sender.opens(f"/cases/{ref}", status=403)

    coordinator.does(f"/cases/{ref}", "The person declines")
    page = coordinator.case(ref)
    assert "concerned" not in page.text
    assert "Hardly speaks" not in page.text
    with straw.organisation.backend.reading() as uow:
        case = uow.session.scalar(select(SupportCase).where(SupportCase.ref == ref))
        assert case is not None
        assert case.came_by == "request"
        kept = uow.session.scalars(select(CaseRequest).where(CaseRequest.case_id == case.id)).all()
        assert kept == []


@pytest.mark.care(21)
def test_a_linked_case_shows_neither_side_to_the_other(
    straw: Site, coordinator: Coordinator, supporter: Practitioner, person: AtWork
) -> None:
    ref = comes_to_plan(straw, coordinator, supporter, person)
    page = supporter.does(
        f"/cases/{ref}",
        "Open a linked case in another programme",
        **{
            "Does the person agree?": "Yes",
            "Which programme?": "Peer support after a traumatic incident",
            "What may they know at the first call?": "Something that happened in spring comes back at night.",
        },
    )
    assert "Linked case: Peer support after a traumatic incident" in page.text
    trim_ref = _other(straw, ref)
    there = coordinator.case(trim_ref)
    assert "Something that happened in spring comes back at night." in there.text
    assert "Linked case: Peer support under stress" in there.text
    for word in ("The night shifts", "Demands", "After six", "Quinn"):
        assert word not in there.text
    assert "Something that happened in spring" not in _without_timeline(supporter.case(ref))
    # Sam coordinates straw alone; Pat supports in trim alone.
    AtWork(straw, "Sam").opens(f"/cases/{trim_ref}", status=404)
    Practitioner(straw, "Pat").opens(f"/cases/{ref}", status=404)
    coordinator.makes_offer(trim_ref)
    page = coordinator.records_acceptance(trim_ref)
    assert "Counted from when the person accepted" in page.text


@pytest.mark.care(21)
def test_an_everyday_need_in_trim_becomes_a_linked_case_here(
    straw: Site, reporter: Reporter, coordinator: Coordinator, supporter: Practitioner, practitioner: Practitioner
) -> None:
    reporter.reports("Robin Ashe")
    straw.organisation.later(hours=2)
    coordinator.holds_planning_meeting("Individual support", "Robin Ashe")
    ref = coordinator.finds_case("Robin Ashe")
    coordinator.makes_offer(ref)
    coordinator.records_acceptance(ref)
    coordinator.asks(ref, "Pat")
    practitioner.accepts(ref)
    straw.organisation.later(days=2)
    practitioner.interviews(ref, "Record the first interview", points=1)
    page = practitioner.does(
        f"/cases/{ref}",
        "Open a linked case in another programme",
        **{
            "Does the person agree?": "Yes",
            "Which programme?": "Peer support under stress",
            "What may they know at the first call?": "The divorce; evenings suit best.",
        },
    )
    assert "Linked case: Peer support under stress" in page.text
    assert "The divorce" not in _without_timeline(page)
    straw_ref = _other(straw, ref)
    there = coordinator.case(straw_ref)
    assert "The divorce; evenings suit best." in there.text
    assert "Linked case: Peer support after a traumatic incident" in there.text
    for word in ("Pat", "Death or serious injury", "First interview", ref):
        assert word not in there.text, word
    # Sam coordinates straw alone and sees nothing of trim; Pat supports in trim alone.
    AtWork(straw, "Sam").opens(f"/cases/{ref}", status=404)
    assert "Linked case" in AtWork(straw, "Sam").case(straw_ref).text
    practitioner.opens(f"/cases/{straw_ref}", status=404)
    coordinator.records_acceptance(straw_ref)
    coordinator.asks(straw_ref, "Quinn")
    assert supporter.accepts(straw_ref).texts(".trim-heading .trim-tag") == ["Conversation to come"]
    supporter.opens(f"/cases/{ref}", status=404)


def _other(straw: Site, ref: str) -> str:
    with straw.organisation.backend.reading() as uow:
        return next(one.ref for one in uow.session.scalars(select(SupportCase)) if one.ref != ref)


def _without_timeline(page: Page) -> str:
    return page.text.partition("What happened so far")[0]


def test_a_draft_keeps_the_tags_that_were_ticked(
    straw: Site, coordinator: Coordinator, supporter: Practitioner, person: AtWork
) -> None:
    asks(person)
    ref = coordinator.finds_case("Robin Ashe")
    coordinator.records_acceptance(ref)
    coordinator.asks(ref, "Quinn")
    page = supporter.accepts(ref).follow("Record the conversation")
    page = page.form(page.path).fill(EXPLAINED, True).submit("Go to the questions")
    form = page.form("/questions").fill("At work", ["Change", "Control"]).fill("What weighs most", "Not being asked")
    form.submit("Save and go on later")
    again = supporter.opens(f"/cases/{ref}/interviews/record_conversation/questions").form("/questions")
    assert again.values("At work") == ["Control", "Change"]
    assert again.value("What weighs most") == "Not being asked"
