"""A court asks for a record: one records, another decides, the person is told, the auditor sees it (CARE 17, 18)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.support.site import Site
from tests.support.story import Story
from tests.walks.people import AtWork, Coordinator
from trim.store.tables import Incident

pytestmark = pytest.mark.care(18)
WHO = "Crown Court at Wexcombe"


@pytest.fixture
def case_ref(site: Site) -> str:
    return Story(site.organisation).opens_case()


def records(who: AtWork, case_ref: str) -> str:
    """Record that a court asks; gives the entry's reference."""
    page = who.case(case_ref) if isinstance(who, Coordinator) else who.opens(f"/cases/{case_ref}")
    page = page.follow("A court or somebody else asks for this record")
    form = page.form().fill("Who asks?", "A court").fill("Name of the office and of the person who asks", WHO)
    form.fill("On which legal ground?", "An order of a court").fill("When did they ask?", who.now.date())
    page = form.submit("Record this request")
    assert page.errors() == [], page.errors()
    return page.path.rsplit("/", 1)[-1]


def test_a_request_is_recorded_decided_by_a_second_person_and_seen_by_the_auditor(
    site: Site, coordinator: Coordinator, case_ref: str
) -> None:
    lee, ada = AtWork(site, "Lee"), AtWork(site, "Ada")
    ref = records(coordinator, case_ref)
    page = coordinator.opens(f"/disclosures/{ref}")
    assert "somebody else than you" in page.text
    assert "Decide" not in page.texts("main a.govuk-button")
    coordinator.opens(f"/disclosures/{ref}/decision", status=403)
    assert "A court or somebody else asks for a record: decide" in lee.opens("/notices").text

    page = lee.opens(f"/disclosures/{ref}").follow("Decide")
    page = page.form().submit("Decide")
    assert len(page.errors()) == 3
    form = page.form().fill("What do you decide?", "Given in part").fill("Why?", "The order names the interviews.")
    form.fill("Was the person told?", "Yes, the person was told")
    page = form.submit("Decide")
    assert [page.error_at(name) for name in ("given", "given_words", "told_on")] == [
        "Choose what was given.",
        "Say what was given.",
        "Say on which day.",
    ]
    form = page.form().fill("What is given?", "Interviews and scores")
    form.fill("In words: exactly what", "Two pages about Zebedee's evening.")
    form.fill("When was the person told?", lee.now.date())
    page = form.submit("Decide")
    assert page.errors() == [], page.errors()
    assert "Two pages about Zebedee's evening." in page.text
    assert "Given in part" in coordinator.opens("/disclosures").text

    page = ada.opens("/trail/disclosures")
    assert "Given in part" in page.text
    assert "Interviews and scores" in page.text
    for word in ("Wexcombe", "Zebedee", "Robin", case_ref):
        assert word not in page.text


@pytest.mark.care(17)
def test_no_hold_is_set_until_somebody_presses_for_it(site: Site, coordinator: Coordinator, case_ref: str) -> None:
    ref = records(coordinator, case_ref)
    holds = coordinator.case(case_ref).link("Keep it from being erased: legal hold")
    assert "The order says so." not in coordinator.opens(holds).text
    page = coordinator.opens(f"/disclosures/{ref}").follow("Set a legal hold")
    assert page.form().submit("Set a legal hold").errors() != []
    page = page.form().fill("Why must nothing be erased?", "The order says so.").submit("Set a legal hold")
    assert page.path == f"/disclosures/{ref}"
    assert "The order says so." in coordinator.opens(holds).text
    with site.organisation.backend.reading() as uow:
        assert not any(one.evidence_hold for one in uow.session.scalars(select(Incident)))


@pytest.mark.care(10)
def test_who_has_no_business_finds_nothing(site: Site, coordinator: Coordinator, case_ref: str) -> None:
    ref = records(coordinator, case_ref)
    for name in ("Pat", "Quinn", "Rita", "Hana", "Adam", "Ada"):
        AtWork(site, name).opens(f"/disclosures/{ref}", status=403)
        AtWork(site, name).opens("/disclosures", status=403)
    for name in ("Carol", "Lee", "Pat", "Hana", "Adam"):
        AtWork(site, name).opens("/trail/disclosures", status=403)


def test_a_lead_who_recorded_it_cannot_decide_it(site: Site, case_ref: str) -> None:
    lee = AtWork(site, "Lee")
    ref = records(lee, case_ref)
    form = lee.opens(f"/disclosures/{ref}/decision").form()
    form.fill("What do you decide?", "Refused").fill("Why?", "No ground.").fill(
        "Was the person told?", "No, the law forbids it"
    )
    with pytest.raises(AssertionError, match="409"):
        form.submit("Decide")
    assert "Not decided yet" in lee.opens(f"/disclosures/{ref}").text
