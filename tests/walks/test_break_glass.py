"""A night in which North cannot be reached: a coordinator of South opens one case for four hours, told to all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.page_client import Page
from tests.support.site import Site
from tests.support.story import Story
from tests.support.trail import broken_chains
from tests.support.trail_lines import lines_of
from tests.walks.people import Coordinator, Reporter
from trim.domain.access import Role

ASKED = {
    "Why do you have to open it?": "Somebody’s life may be in danger",
    "What happened, in a few words?": "Her sister rang our desk.",
}


@pytest.fixture
def outsider(site: Site) -> Coordinator:
    """Cora, who coordinates South."""
    site.organisation.add_person("Cora Fenn", "South")
    site.organisation.add_account("Cora", Role.COORDINATOR, unit="South", person="Cora Fenn")
    return Coordinator(site, "Cora")


@pytest.fixture
def ref(site: Site) -> str:
    """Robin's case in North, which Pat supports."""
    return Story(site.organisation).supported_case()


def breaks_glass(who: Coordinator, ref: str, *, status: int = 200, tell: str = "Yes", **more: object) -> Page:
    """Open a case from the page that the overview leads to."""
    form = who.opens("/board").follow("An emergency in a unit").form("/break-glass")
    for label, value in {"Reference of the case": ref, **ASKED, "May the person be told now?": tell, **more}.items():
        form.fill(label, value)
    return form.submit("Open this case", status=status)


@pytest.mark.care(10)
def test_four_hours_and_not_a_minute_more(
    site: Site, outsider: Coordinator, coordinator: Coordinator, ref: str
) -> None:
    outsider.opens(f"/cases/{ref}", status=404)
    before = outsider.opens("/break-glass").text
    assert "The coordinators of the case are told at once that it was you." in before
    assert "All of it stands in the trail" in before
    # As somebody types who hears it on the telephone.
    page = breaks_glass(outsider, f" {ref.lower()} ")
    assert page.h1 == "Robin Ashe"
    assert "You opened this case by break-glass" in page.text
    assert "Who may see this case" not in page.text
    assert "Log a contact" not in page.text
    outsider.opens(f"/cases/{ref}/actions/log_contact", status=404)
    outsider.opens(f"/cases/{ref}/history", status=404)
    outsider.opens(f"/cases/{ref}/not-by", status=404)

    board = outsider.opens("/board")
    assert f"Cases you opened by break-glass {ref}" in board.text
    assert "Robin" not in board.text
    assert "Robin" not in outsider.opens("/cases").text

    told = coordinator.opens("/board")
    assert "Somebody from outside opened a case of yours by break-glass" in told.text
    of_case = coordinator.case(ref)
    assert "Cora opened this case by break-glass" in of_case.text
    assert "Opened by break-glass: Cora" in of_case.text
    assert "Her sister rang our desk." in of_case.text
    assert "Case opened from outside by break-glass" in coordinator.opens(f"/cases/{ref}/history").text

    for _one in range(15):
        site.organisation.later(minutes=15)
        outsider.case(ref)
    site.organisation.later(minutes=15)
    outsider.opens(f"/cases/{ref}", status=404)
    assert ref not in outsider.opens("/board").text
    with site.organisation.backend.reading() as uow:
        assert broken_chains(uow.session) == []


@pytest.mark.care(10)
def test_somebody_in_danger_is_helped_from_outside(outsider: Coordinator, coordinator: Coordinator, ref: str) -> None:
    page = breaks_glass(outsider, ref)
    called = page.press("Now")
    assert "999" in called.text
    escalation = outsider.case(ref).link("See the escalation")
    taken = outsider.opens(escalation).press("I am looking at it")
    assert taken.errors() == []
    assert "Decide" not in taken.text
    assert "Decide" in coordinator.opens(escalation).text


def test_ended_by_oneself_and_by_the_coordinator(outsider: Coordinator, coordinator: Coordinator, ref: str) -> None:
    breaks_glass(outsider, ref).press("End it now")
    outsider.opens(f"/cases/{ref}", status=404)
    breaks_glass(outsider, ref)
    coordinator.case(ref).press("End it now")
    outsider.opens(f"/cases/{ref}", status=404)


@pytest.mark.care(10)
def test_wrong_references_leave_no_hint_and_a_line_each(site: Site, outsider: Coordinator, ref: str) -> None:
    page = breaks_glass(outsider, "case 12")
    assert page.errors() == ["A reference of a case is a C, a line and seven letters or digits, such as C-7K3M2PA."]
    own = Coordinator(site, "Cora")
    wrong = breaks_glass(own, "C-0000000", status=404)
    assert wrong.errors() == ["No case of this reference opens to you. Check each letter"]
    assert ASKED["What happened, in a few words?"] in wrong.text, "one wrong letter costs nothing of what was written"
    outsider.opens(f"/cases/{ref}", status=404)
    for _one in range(4):
        breaks_glass(outsider, "C-0000000", status=404)
    locked = breaks_glass(outsider, ref, status=409)
    assert "Wait an hour" in locked.text
    refused = [one for one in lines_of(site.organisation, "Cora") if one.get("subject") == "page:break_glass.begin"]
    assert [one["codes"]["reason"] for one in refused] == ["nothing_there"] * 5 + ["tries_used_up"]


@pytest.mark.care(10)
def test_whoever_was_there_too_gets_the_answer_of_a_wrong_reference(
    site: Site, reporter: Reporter, coordinator: Coordinator, outsider: Coordinator
) -> None:
    reporter.reports("Robin Ashe", "Cora Fenn")
    coordinator.holds_planning_meeting("Individual support", "Robin Ashe", "Cora Fenn")
    ref = coordinator.finds_case("Robin Ashe")
    assert breaks_glass(outsider, ref, status=404).text == breaks_glass(outsider, "C-0000000", status=404).text
    told = coordinator.opens("/notices")
    assert "break-glass" not in told.text


@pytest.mark.care(10)
def test_line_manager_unknown_means_ask(
    site: Site, reporter: Reporter, coordinator: Coordinator, outsider: Coordinator
):
    site.organisation.add_person("Kim Vega", line_manager_known=False)
    reporter.reports("Kim Vega")
    coordinator.holds_planning_meeting("Individual support", "Kim Vega")
    ref = coordinator.opens("/cases").link("One question first").split("/")[2]
    asked = breaks_glass(outsider, ref, status=403)
    assert "Kim Vega" not in asked.text
    page = outsider.opens(f"/cases/{ref}/line-manager")
    assert "Kim Vega" in page.text
    page.form().fill("Are you this person’s line manager, or do they lead you?", "Yes").submit("Continue")
    outsider.opens(f"/cases/{ref}", status=404)
    assert ref not in outsider.opens("/board").text


@pytest.mark.care(15)
def test_the_person_is_told_later_only_with_a_reason_and_a_day(
    site: Site, outsider: Coordinator, coordinator: Coordinator, ref: str
) -> None:
    later = "No: it could put somebody in danger"
    page = breaks_glass(outsider, ref, tell=later)
    assert page.errors() == [
        "Enter what makes you think so",
        "Enter the day from which they may be told",
    ]
    day = (site.organisation.now + timedelta(days=40)).date()
    more = {
        "If not now: what makes you think so?": "He reads her mail.",
    }
    page = breaks_glass(outsider, ref, tell=later, **more, **{"If not now: from which day may they be told?": day})
    assert page.errors() == ["Choose a day from tomorrow on, at most 28 days ahead."]
    day = (site.organisation.now + timedelta(days=10)).date()
    breaks_glass(outsider, ref, tell=later, **more, **{"If not now: from which day may they be told?": day})
    seen = coordinator.case(ref)
    assert "He reads her mail." in seen.text
    told = seen.press("Let the person be told now")
    assert "From now on the person sees it in their ledger." in told.text
    assert "He reads her mail." not in coordinator.case(ref).text


@pytest.mark.care(11)
@pytest.mark.parametrize("name", ["Pat", "Rita", "Hana", "Adam", "Ada"])
def test_nobody_else_finds_the_page(site: Site, name: str) -> None:
    site.as_(name).get("/break-glass", status=403)
