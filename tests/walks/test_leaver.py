"""Pat leaves: every case goes on, each to somebody who says yes; the administrator learns nothing of cases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.page_client import Page
from tests.support.site import Site
from tests.support.story import Story
from tests.support.trail import broken_chains
from tests.walks.people import AtWork, Coordinator, Practitioner
from trim.domain.access import Role
from trim.domain.incident import ExposedPerson

NOBODY = "Cases that nobody attends to"


@pytest.fixture
def refs(site: Site) -> list[str]:
    """Two cases of Pat's."""
    made = site.organisation
    story = Story(made)
    found = []
    for name in ("Robin Ashe", "Sam Birch"):
        ref = story.plans(story.reports(exposed=(ExposedPerson("direct", person_id=made.people[name].id),)))
        assert ref is not None
        found.append(story.is_allocated(story.is_accepted(ref)))
    return found


@pytest.fixture
def administrator(site: Site) -> AtWork:
    return AtWork(site, "Adam")


def deactivates(administrator: AtWork, name: str) -> Page:
    """Close an account, from the list of accounts."""
    return administrator.opens("/accounts").follow(name).press("Deactivate the account")


def asks_to_take_over(coordinator: Coordinator, where: str, person: str, practitioner: str) -> Page:
    """Propose one case of a list to somebody."""
    page = coordinator.opens(where).follow(f"Hand over to another practitioner: {person}")
    return page.form(page.path).fill("Practitioner", practitioner).submit("Hand over to another practitioner")


@pytest.mark.care(11)
def test_each_case_is_accepted_by_whoever_takes_it_over(
    site: Site, coordinator: Coordinator, practitioner: Practitioner, administrator: AtWork, refs: list[str]
) -> None:
    practitioner.opens("/today")
    done = deactivates(administrator, "Pat")
    assert "If they support people, the coordinators were told." in done.text
    assert site.as_("Pat").get("/today").path == "/sign-in"

    board = coordinator.opens("/board")
    assert f"{NOBODY} (2)" in board.text
    assert "has left" in board.text
    notices = coordinator.opens("/notices")
    assert "A practitioner has left" in notices.text
    page = notices.follow("A practitioner has left")
    assert page.h1 == NOBODY
    assert "First interview" in page.text

    asked = asks_to_take_over(coordinator, "/leaving", "Robin Ashe", "Quinn")
    assert "Done: Handover to another practitioner begun" in asked.text
    assert "Waiting for Quinn to answer." in coordinator.opens("/leaving").text
    quinn = Practitioner(site, "Quinn")
    assert "What happened so far" not in quinn.case(refs[0]).text
    quinn.opens(f"/cases/{refs[1]}", status=404)
    quinn.declines(refs[0])
    quinn.opens(f"/cases/{refs[0]}", status=404)
    assert f"{NOBODY} (2)" in coordinator.opens("/board").text

    for ref, person in zip(refs, ("Robin Ashe", "Sam Birch"), strict=True):
        asks_to_take_over(coordinator, "/leaving", person, "Quinn")
        assert quinn.accepts(ref).h1 == person
    assert NOBODY not in coordinator.opens("/board").text
    assert "No open case in your units." in coordinator.opens("/leaving").text
    assert "Robin Ashe" in quinn.opens("/today").text
    with site.organisation.backend.reading() as uow:
        assert broken_chains(uow.session) == []


@pytest.mark.care(11)
def test_a_planned_leave_begins_while_the_practitioner_is_still_there(
    site: Site, coordinator: Coordinator, practitioner: Practitioner, administrator: AtWork, refs: list[str]
) -> None:
    page = coordinator.opens("/practitioners").follow("Hand over Pat")
    assert page.h1 == "Hand over the cases of Pat"
    assert "Until they accept, Pat goes on." in page.text
    asks_to_take_over(coordinator, page.path, "Robin Ashe", "Quinn")
    assert practitioner.case(refs[0]).h1 == "Robin Ashe"
    Practitioner(site, "Quinn").accepts(refs[0])
    practitioner.opens(f"/cases/{refs[0]}", status=404)
    assert practitioner.case(refs[1]).h1 == "Sam Birch"
    deactivates(administrator, "Pat")
    assert f"{NOBODY} (1)" in coordinator.opens("/board").text
    assert "Pat has left, or may not support people any more" in coordinator.opens(page.path).text


@pytest.mark.care(12)
def test_the_administrator_reads_the_same_whether_or_not_there_are_cases(
    site: Site, administrator: AtWork, refs: list[str]
) -> None:
    # Both have signed in before.
    for name in ("Pat", "Quinn"):
        site.as_(name)
    with_cases, without = (deactivates(administrator, name).text for name in ("Pat", "Quinn"))
    assert with_cases.replace("Pat Cole", "X").replace("Pat", "X").replace("pat@", "x@") == without.replace(
        "Quinn Dale", "X"
    ).replace("Quinn", "X").replace("quinn@", "x@")
    assert refs[0] not in with_cases
    administrator.opens("/leaving", status=403)


@pytest.mark.care(11)
@pytest.mark.care(24)
def test_a_newcomer_sees_no_case_until_they_accept_one(
    site: Site, coordinator: Coordinator, administrator: AtWork, refs: list[str]
) -> None:
    deactivates(administrator, "Pat")
    site.organisation.add_account("Nova", Role.PRACTITIONER)
    nova = Practitioner(site, "Nova")
    assert "Robin" not in nova.opens("/today").text
    for path in (f"/cases/{refs[0]}", f"/cases/{refs[0]}/actions/log_contact"):
        nova.opens(path, status=404)
    nova.opens("/leaving", status=403)
    asks_to_take_over(coordinator, "/leaving", "Robin Ashe", "Nova")
    offer = nova.case(refs[0])
    assert "What happened so far" not in offer.text
    assert nova.accepts(refs[0]).h1 == "Robin Ashe"
    nova.opens(f"/cases/{refs[1]}", status=404)


@pytest.mark.care(11)
def test_a_deputy_stands_in_until_the_last_day_and_not_an_hour_longer(
    site: Site, coordinator: Coordinator, administrator: AtWork, refs: list[str]
) -> None:
    organisation = site.organisation
    organisation.add_account("Dan")
    page = administrator.opens("/accounts").follow("Dan")
    last = (organisation.now + timedelta(days=2)).date()
    form = (
        page.form("/roles")
        .fill("Role", "Coordinator (a lead must confirm)")
        .fill("For which unit, and all below it", "North")
    )
    given = form.fill("Last day, for somebody who stands in for a time", last).submit("Give this role")
    assert "until Thu 5 March, 00:00" in given.text
    waiting = AtWork(site, "Lee").opens("/confirmations")
    assert "Ends by itself Thu 5 March 2026, 00:00" in waiting.text
    waiting.press("Confirm Dan as coordinator")
    dan = Coordinator(site, "Dan")
    assert dan.case(refs[0]).h1 == "Robin Ashe"
    organisation.now = organisation.now.replace(hour=23, minute=30) + timedelta(days=2)
    assert dan.case(refs[0]).h1 == "Robin Ashe"
    organisation.later(minutes=30)
    dan.opens(f"/cases/{refs[0]}", status=403)
    assert dan.opens("/").h1 != "Overview"
