"""Two programmes in one organisation: each page is about one, and a role in one is nothing in the other (CARE 11)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.support.organisation import SETUP
from tests.support.site import Site
from tests.support.straw import STRAW, add_straw, asked_case
from trim.domain.access import Role
from trim.domain.errors import Forbidden
from trim.store.tables import RoleGrant
from trim.usecases.people.accounts import confirm_role, give_role
from trim.usecases.people.confirmations import count_waiting
from trim.usecases.people.rota import look_at_rota

pytestmark = pytest.mark.large_on_postgresql


@pytest.fixture
def both(site: Site) -> Site:
    add_straw(site.organisation)
    return site


def test_with_one_programme_nothing_is_asked_and_nothing_offered(site: Site) -> None:
    assert "For which programme" not in site.as_("Adam").get("/accounts/new").text
    assert "Support" not in site.as_("Rita").get("/account").texts("nav a")
    assert "takes requests" in site.as_("Rita").get("/support").text
    site.as_("Rita").get("/support/concern", status=404)


def test_whoever_coordinates_straw_alone_finds_its_cases_and_no_incidents(both: Site) -> None:
    ref = asked_case(both.organisation)
    sam = both.as_("Sam")
    assert "Sam Birch" in sam.get("/board").text
    assert "Get in touch (1)" in sam.get("/board").text
    assert "Sam Birch" in sam.get("/cases").text
    assert sam.get(f"/cases/{ref}").texts(".trim-heading .trim-tag") == ["To be contacted"]
    assert "Incidents" not in sam.get("/board").texts(".trim-nav a")
    assert "Incidents" in both.as_("Carol").get("/board").texts(".trim-nav a")
    assert sam.get("/incidents").texts("main tbody tr") == []
    sam.get("/incidents/report", status=404)


def test_whoever_reports_in_straw_alone_begins_at_support(both: Site) -> None:
    organisation = both.organisation
    organisation.add_account("Ron")
    with organisation.backend.writing() as uow:
        give_role(
            uow,
            SETUP,
            now=organisation.now,
            account_id=organisation.accounts["Ron"].id,
            role=Role.REPORTER,
            programme=STRAW,
            unit_id=organisation.units["North"].id,
        )
    page = both.as_("Ron").get("/")
    assert page.h1 == "Support"
    assert page.texts(".trim-nav a") == ["Support"]


@pytest.mark.care(11)
def test_duty_and_practitioners_are_shown_for_the_programmes_of_the_reader(both: Site) -> None:
    carol, sam = both.as_("Carol"), both.as_("Sam")
    page = carol.get("/duty")
    assert page.texts("nav[aria-label=Programmes] li") == [
        "Peer support after a traumatic incident",
        "Peer support under stress",
    ]
    assert "Nobody is on duty now" in page.text
    assert "+44 1632 960009" in page.follow("Peer support under stress").text
    assert sam.get("/duty").find_all("nav[aria-label=Programmes]") == []
    sam.get("/duty?programme=trim", status=404)
    assert "Quinn" in sam.get("/practitioners").text
    assert "Pat" not in sam.get("/practitioners").text
    assert "+44 1632 960009" in sam.get("/help-now").text
    with both.organisation.backend.reading() as uow, pytest.raises(Forbidden):
        look_at_rota(uow, both.organisation.actor("Sam"), now=both.organisation.now, programme="trim")


@pytest.mark.care(11)
def test_a_role_is_given_for_a_programme_and_confirmed_by_its_own_lead(both: Site) -> None:
    organisation = both.organisation
    organisation.add_account("Nils")
    page = both.as_("Adam").get(f"/accounts/{organisation.accounts['Nils'].id}")
    form = page.form("/roles").fill("For which programme", "Peer support under stress")
    page = (
        form.fill("Role", "Practitioner (a lead must confirm)")
        .fill("For which unit, and all below it", "North")
        .submit()
    )
    assert "Practitioner, North, Peer support under stress" in page.text
    grant = _waiting(both)
    assert grant.programme == STRAW
    organisation.add_account("Trim Lead", Role.PROGRAMME_LEAD)
    with organisation.backend.writing() as uow, pytest.raises(Forbidden):
        confirm_role(uow, organisation.actor("Trim Lead"), now=organisation.now, grant_id=grant.id)
    with organisation.backend.writing() as uow:
        confirm_role(uow, organisation.actor("Lee"), now=organisation.now, grant_id=grant.id)


def test_while_nobody_leads_a_new_programme_the_lead_of_another_confirms(site: Site) -> None:
    organisation = site.organisation
    with organisation.backend.writing() as uow:
        grant_id = give_role(
            uow,
            organisation.actor("Adam"),
            now=organisation.now,
            account_id=organisation.accounts["Carol"].id,
            role=Role.PROGRAMME_LEAD,
            programme=STRAW,
            unit_id=organisation.units["Everywhere"].id,
        ).id
    with organisation.backend.reading() as uow:
        assert count_waiting(uow, organisation.actor("Lee"), now=organisation.now) == 1
    with organisation.backend.writing() as uow:
        assert confirm_role(uow, organisation.actor("Lee"), now=organisation.now, grant_id=grant_id).confirmed_at


def _waiting(site: Site) -> RoleGrant:
    with site.organisation.backend.reading() as uow:
        return next(one for one in uow.session.scalars(select(RoleGrant)) if one.confirmed_at is None)
