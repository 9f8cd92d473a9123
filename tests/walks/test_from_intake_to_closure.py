"""The main way: an incident, an offer, two interviews, a good end; and a beginning anew."""

from __future__ import annotations

from tests.support.site import Site
from tests.support.trail import broken_chains, disagreements
from tests.walks.people import Coordinator, Practitioner, Reporter


def test_from_intake_to_closure_and_reopening(
    site: Site, reporter: Reporter, coordinator: Coordinator, practitioner: Practitioner
) -> None:
    made = site.organisation
    reporter.reports("Robin Ashe")

    made.later(hours=2)
    board = coordinator.opens("/board")
    assert "Incidents without a plan" in board.text
    coordinator.holds_planning_meeting("Individual support", "Robin Ashe")
    ref = coordinator.finds_case("Robin Ashe")
    assert "Make the offer (1)" in coordinator.opens("/board").text

    made.later(hours=3)
    coordinator.makes_offer(ref)
    assert coordinator.case(ref).texts(".trim-heading .trim-tag") == ["Offer made"]
    coordinator.records_acceptance(ref)
    coordinator.asks(ref, "Pat")

    offer = practitioner.opens("/today").follow("Robin Ashe")
    assert offer.h1 == "Could you support this person?"
    assert "ring road" not in offer.text
    page = practitioner.accepts(ref)
    assert page.texts(".trim-notice") == ["Done: Support taken on"]
    assert "Not before" in page.text
    assert "Counted from the incident on Sun 1 March 2026, 14:00." in page.text

    made.later(days=3)
    practitioner.interviews(ref, "Record the first interview", points=1)
    page = practitioner.case(ref)
    assert "10 out of 20" in page.text
    assert page.texts(".trim-heading .trim-tag")[0] == "Follow-up to come"

    made.later(days=28)
    assert "Follow-up interview" in practitioner.opens("/today").text
    practitioner.interviews(ref, "Record the follow-up", points=0)
    page = practitioner.case(ref)
    assert "7 points lower than before" in page.text
    assert "Counted over the 7 items that can change." in page.text
    assert "Close the case" in page.texts("main .trim-actions a")

    practitioner.does(f"/cases/{ref}", "Close the case", **{"How does it end?": "Support completed"})
    page = practitioner.case(ref)
    assert page.texts(".trim-heading .trim-tag") == ["Closed"]
    assert page.find(".trim-flag") is None

    made.later(days=60)
    coordinator.does(f"/cases/{ref}", "Reopen", **{"What has changed?": "A hard anniversary."})
    page = coordinator.case(ref)
    assert page.texts(".trim-heading .trim-tag") == ["Practitioner to be found"]
    assert "Interview after reopening" in page.text
    coordinator.asks(ref, "Pat")
    page = practitioner.accepts(ref)
    assert "Counted from the reopening" in page.text

    timeline = page.texts(".trim-timeline__title")
    assert timeline[-1] == "Case opened"
    assert timeline[0] == "Support taken on"
    with made.backend.reading() as uow:
        assert broken_chains(uow.session) == []
        assert disagreements(uow.session) == []
