"""Still high at 28 days: an escalation, a proposal, and a referral that the person agrees to (CARE 7, 28)."""

from __future__ import annotations

import pytest

from tests.support.site import Site
from tests.walks.people import Coordinator, Practitioner, Reporter

FIRST = "High score at the first interview"


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
    practitioner.interviews(ref, "Record the first interview", points=2)
    return ref


@pytest.mark.care(7)
@pytest.mark.usefixtures("pango")
def test_still_high_leads_to_an_agreed_referral(
    site: Site, coordinator: Coordinator, practitioner: Practitioner, ref: str
) -> None:
    queue = coordinator.opens("/escalations")
    assert FIRST in queue.text
    page = queue.follow("Robin Ashe")
    assert "Raised by a rule of the programme" in page.text
    page = coordinator.decides(page.path.rsplit("/", 1)[-1], "Go on as planned", "Met her; she has support.")
    assert page.texts(".trim-heading .trim-tag") == ["Decided"]

    site.organisation.later(days=28)
    practitioner.interviews(ref, "Record the follow-up", points=2)
    page = practitioner.case(ref)
    assert "No change in the score" in page.text
    assert page.texts(".trim-heading .trim-tag")[0] == "Further follow-up to come"

    site.organisation.later(hours=1)
    page = coordinator.opens("/escalations").follow("Robin Ashe")
    assert page.h1 == "Still high at follow-up"
    assert "No change in the score" in page.text
    page = coordinator.decides(page.path.rsplit("/", 1)[-1], "Propose professional care", "A month, and no ease.")
    assert page.h1 == "Propose professional care"
    form = page.form("/propose_referral").fill("To whom?", "Own doctor").fill("What should they help with?", "Sleep.")
    page = form.submit("Propose professional care")
    assert page.h1 == "Referral: Own doctor"
    referral = page.path

    site.organisation.later(hours=1)
    page = practitioner.opens("/today").follow("Robin Ashe")
    assert page.path == referral
    page = practitioner.does(referral, "The person agrees", **{"May the provider tell us whether they attended?": "No"})
    assert page.texts(".trim-heading .trim-tag") == ["Agreed"]
    assert "Referral: Own doctor" in coordinator.case(ref).text

    letter = page.client.client.post(
        f"{referral}/letter", data={"csrf_token": page.form("/letter")._values["csrf_token"]}
    )
    assert (letter.status_code, letter.mimetype) == (200, "application/pdf")
    assert letter.headers["Content-Disposition"] == f'attachment; filename="{referral.rsplit("/", 1)[-1]}.pdf"'
    assert letter.data.startswith(b"%PDF-")

    site.organisation.later(hours=1)
    coordinator.does(referral, "Record as sent", **{"How was it sent?": "Letter"})
    site.organisation.later(days=10)
    practitioner.does(referral, "Record whether they attended", **{"Did they go?": "Yes"})
    site.organisation.later(days=20)
    page = practitioner.does(referral, "Record the outcome", **{"What came of it?": "In care with the provider"})
    assert page.texts(".trim-heading .trim-tag") == ["Completed"]

    titles = [one.split(":")[0] for one in practitioner.case(ref).texts(".trim-timeline__title")]
    assert titles[:5] == [
        "Outcome of the referral recorded",
        "Attendance recorded",
        "Referral sent",
        "The person agreed to the referral",
        "Professional care proposed",
    ]
    history = coordinator.opens(f"/cases/{ref}/history")
    assert "Letter made" in history.text
    assert "Sleep." not in history.text


def test_help_does_not_wait_for_agreement_in_danger(
    coordinator: Coordinator, practitioner: Practitioner, ref: str
) -> None:
    page = practitioner.does(
        f"/cases/{ref}",
        "Propose professional care",
        **{"To whom?": "Crisis service", "What should they help with?": "Tonight."},
    )
    referral = page.path
    page = practitioner.does(
        referral,
        "Go ahead without agreement",
        **{"On which ground?": "Risk to life", "What makes it necessary?": "A plan for tonight."},
    )
    assert page.texts(".trim-heading .trim-tag") == ["Going ahead without agreement"]
    assert "Referral without agreement" in coordinator.opens("/escalations").text
