"""No is a good answer: contact stops, nothing marks the person, and they can come back."""

from __future__ import annotations

import pytest

from tests.support.site import Site
from tests.walks.people import Coordinator, Practitioner, Reporter


@pytest.mark.care(26)
def test_declined_and_back_again(
    site: Site, reporter: Reporter, coordinator: Coordinator, practitioner: Practitioner
) -> None:
    reporter.reports("Robin Ashe")
    coordinator.holds_planning_meeting("Individual support", "Robin Ashe")
    ref = coordinator.finds_case("Robin Ashe")
    coordinator.makes_offer(ref)
    page = coordinator.case(ref).follow("The person declines")
    assert "No reason is asked or kept." in page.text
    assert [one for one in page.find_all("main form input") if one.get("type") != "hidden"] == []
    page = page.form("/record_decline").submit("The person declines")
    assert page.texts(".trim-heading .trim-tag") == ["Declined"]
    assert page.find_all(".trim-window") == []
    assert coordinator.opens("/cases").texts("main table") == []
    assert "Robin Ashe" not in coordinator.opens("/board").text

    site.organisation.later(days=20)
    coordinator.does(f"/cases/{ref}", "The person comes back")
    page = coordinator.case(ref)
    assert page.texts(".trim-heading .trim-tag") == ["Practitioner to be found"]
    coordinator.asks(ref, "Pat")
    assert practitioner.accepts(ref).texts(".trim-heading .trim-tag") == ["First interview to come"]


@pytest.mark.care(20)
def test_no_answer_is_recorded_after_two_attempts(reporter: Reporter, coordinator: Coordinator, site: Site) -> None:
    reporter.reports("Robin Ashe")
    coordinator.holds_planning_meeting("Individual support", "Robin Ashe")
    ref = coordinator.finds_case("Robin Ashe")
    coordinator.makes_offer(ref)
    coordinator.logs_contact(ref)
    page = coordinator.case(ref).follow("No answer to the offer")
    assert "Try at least twice" in page.text
    site.organisation.later(days=1)
    coordinator.logs_contact(ref, "Neutral message left")
    page = coordinator.does(f"/cases/{ref}", "No answer to the offer")
    assert page.texts(".trim-heading .trim-tag") == ["No answer to the offer"]
    assert "Offer once more or close" in page.text


def test_a_practitioner_says_no_without_a_reason(
    site: Site, reporter: Reporter, coordinator: Coordinator, practitioner: Practitioner
) -> None:
    reporter.reports("Robin Ashe")
    coordinator.holds_planning_meeting("Individual support", "Robin Ashe")
    ref = coordinator.finds_case("Robin Ashe")
    coordinator.makes_offer(ref)
    coordinator.records_acceptance(ref)
    coordinator.asks(ref, "Pat")
    assert practitioner.declines(ref).h1 == "My work"
    practitioner.opens(f"/cases/{ref}", status=404)
    assert "Find a practitioner (1)" in coordinator.opens("/board").text
    coordinator.asks(ref, "Quinn")
    assert Practitioner(site, "Quinn").accepts(ref).h1 == "Robin Ashe"
