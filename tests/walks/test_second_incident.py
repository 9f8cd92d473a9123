"""A second incident for somebody with support: it joins the open case, one interview covers both (CARE 21)."""

from __future__ import annotations

import pytest

from tests.page_client import Page
from tests.support.site import Site
from tests.support.trail import broken_chains, disagreements
from tests.walks.people import Coordinator, Practitioner, Reporter
from trim.store import cases

SECOND = "Assault or violence"


@pytest.fixture
def ref(site: Site, reporter: Reporter, coordinator: Coordinator, practitioner: Practitioner) -> str:
    """Robin's case, after a first interview with Pat."""
    reporter.reports("Robin Ashe")
    coordinator.holds_planning_meeting("Individual support", "Robin Ashe")
    ref = coordinator.finds_case("Robin Ashe")
    coordinator.makes_offer(ref)
    coordinator.records_acceptance(ref)
    coordinator.asks(ref, "Pat")
    practitioner.accepts(ref)
    site.organisation.later(days=3)
    practitioner.interviews(ref, "Record the first interview", points=1)
    return ref


@pytest.fixture
def to_decide(site: Site, reporter: Reporter, coordinator: Coordinator, ref: str) -> Page:
    """Ten days on, Robin and Sam are at another incident; the plan gives both individual support."""
    site.organisation.later(days=10)
    reporter.reports("Robin Ashe", "Sam Birch", kind=SECOND)
    form = coordinator.opens("/board").follow(SECOND).form("/plan")
    assert form.fill("When did you meet?", coordinator.now).fill("Robin Ashe", "Individual support")
    planned = form.fill("Sam Birch", "Individual support").submit("Record the plan")
    assert "Somebody has support already" in planned.text
    # Sam has a case of his own at once; for Robin nothing was opened.
    assert planned.texts("main tbody th")[0].startswith("Robin Ashe")
    assert coordinator.finds_case("Sam Birch") != ref
    assert len([one for one in coordinator.opens("/cases").texts("main tbody th") if one.startswith("Robin")]) == 1
    return coordinator.opens("/board").follow(SECOND)


@pytest.mark.care(21)
def test_one_practitioner_and_one_interview_cover_both(
    site: Site, coordinator: Coordinator, practitioner: Practitioner, ref: str, to_decide: Page
) -> None:
    first, follow_up = to_decide.texts("main tbody tr")
    assert first.startswith("First interview Not running Not before")
    assert follow_up.endswith("Not running")
    assert "Pat" in to_decide.text
    joined = to_decide.form().fill("What does the person prefer?", "One interview for both").submit("Go on")
    assert joined.path == f"/cases/{ref}"
    assert SECOND in joined.text
    assert "Death or serious injury of a child" in joined.text
    assert SECOND not in coordinator.opens("/board").text

    today = practitioner.opens("/today")
    assert "Robin Ashe" in today.text
    assert "First interview" in today.text
    site.organisation.later(days=2)
    practitioner.interviews(ref, "Record the first interview", points=0)
    assert "Follow-up to come" in practitioner.case(ref).text
    site.organisation.later(days=28)
    practitioner.interviews(ref, "Record the follow-up", points=0)
    made = site.organisation
    with made.backend.reading() as uow:
        case = cases.load(uow.session, "case", ref)
        assert len(cases.incidents_of(uow.session, case.id)) == 2
        assert len(cases.assessments(uow.session, case.id)) == 3
        assert case.state == "to_close"
        assert broken_chains(uow.session) == []
        assert disagreements(uow.session) == []


@pytest.mark.care(21)
def test_the_person_may_keep_them_apart(coordinator: Coordinator, ref: str, to_decide: Page) -> None:
    wish = to_decide.form().fill("What does the person prefer?", "A separate case for this incident")
    second = wish.submit("Go on").path.rsplit("/", 1)[-1]
    assert second != ref
    coordinator.makes_offer(second)
    assert "Follow-up to come" in coordinator.case(ref).text
    names = coordinator.opens("/cases").texts("main tbody th")
    assert len([one for one in names if one.startswith("Robin Ashe")]) == 2
