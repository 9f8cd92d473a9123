"""Accounts, roles and invitations: the administrator is an adversary too (CARE 11, 12, 15)."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.page_client import Page, PageClient
from tests.support.site import PASSWORD, Site
from tests.support.trail_lines import lines_of
from trim.domain.access import Role
from trim.store import notices

NEW = {"name": "Nora Lake", "email": "nora@example.org", "locale": "en"}


def make_account(site: Site, role: Role = Role.REPORTER, **more: str) -> Page:
    """The administrator makes an account; gives its page."""
    page = site.as_("Adam").get("/accounts").follow("Make an account")
    unit = site.organisation.units["North"].id
    return page.form().set(**{**NEW, "role": role.value, "unit": unit, **more}).submit("Make the account")


def link_of(page: Page) -> str:
    """The path of the one-time link that a page shows."""
    return urlsplit(page.texts(".trim-link code")[0]).path


def take_up(client: PageClient, link: str, password: str = "seven quiet harbours") -> Page:
    return client.get(link).form().fill("Password", password).submit("Choose this password")


def told(site: Site, name: str) -> list[str]:
    """The kinds of notices to an account."""
    with site.organisation.backend.reading() as uow:
        return [one.kind for one in notices.newest(uow.session, site.organisation.accounts[name].id)]


@pytest.mark.care(15)
def test_looking_at_a_link_uses_nothing_up_and_sending_the_password_does(site: Site) -> None:
    link = link_of(make_account(site))
    client = site.stranger()
    for _number in range(3):
        assert "nora@example.org" in client.get(link).text
    assert "Your password is set" in take_up(client, link).text
    assert client.get(link, status=404).h1 == "This link does not work any more"
    page = client.get("/sign-in").form().set(email="nora@example.org", password="seven quiet harbours")
    assert page.submit("Sign in").path != "/sign-in"


def test_a_link_ends_after_a_week_and_with_a_newer_one(site: Site) -> None:
    page = make_account(site)
    first = link_of(page)
    second = link_of(page.press("Make a new link"))
    assert site.stranger().get(first, status=404)
    site.organisation.later(days=6, hours=23)
    assert site.stranger().get(second)
    site.organisation.later(hours=2)
    assert site.stranger().get(second, status=404)
    assert site.stranger().get("/welcome/made-up", status=404)


def test_a_link_shows_only_once(site: Site) -> None:
    page = make_account(site)
    assert page.texts(".trim-link code")
    assert not page.client.get(page.path).texts(".trim-link code")


def test_a_weak_password_is_refused_and_the_link_stays(site: Site) -> None:
    link = link_of(make_account(site))
    for bad in ("short", "nora@example.org nora", "passwordpassword", "aaaaaaaaaaaaaaaa"):
        assert take_up(site.stranger(), link, bad).error_at("password"), bad
    assert "Your password is set" in take_up(site.stranger(), link).text


def test_somebody_signed_in_must_leave_before_taking_a_link_up(site: Site) -> None:
    link = link_of(make_account(site))
    page = site.as_("Adam").get(link)
    assert "Sign out first" in page.text
    assert not page.find_all("main form")
    token = site.as_("Adam").get("/account").find("input[name=csrf_token]")
    assert token is not None
    site.as_("Adam").post(link, {"csrf_token": token.get("value"), "password": "seven quiet harbours"})
    assert site.stranger().get(link)


@pytest.mark.care(12)
def test_a_role_that_reads_content_waits_for_a_second_person_and_everybody_is_told(site: Site) -> None:
    organisation = site.organisation
    organisation.add_account("South Carol", Role.COORDINATOR, unit="South")
    page = make_account(site, Role.PRACTITIONER)
    assert "to be confirmed by a lead" in page.text
    nora = site.stranger()
    take_up(nora, link_of(page))
    nora.get("/sign-in").form().set(email="nora@example.org", password="seven quiet harbours").submit("Sign in")
    assert nora.get("/").h1 == "You have no role yet"
    assert nora.get("/duty", status=403)
    assert told(site, "Lee") == ["role_to_confirm"]
    waiting = site.as_("Lee").get("/confirmations")
    assert "Nora Lake as practitioner, North" in waiting.text
    assert "conflict rules cannot be checked" in waiting.text
    done = waiting.press("Confirm Nora Lake as practitioner")
    assert "All coordinators are told" in done.text
    assert nora.get("/duty").h1 == "On duty"
    for name in ("Carol", "South Carol"):
        assert told(site, name) == ["role_confirmed"], name
    assert "role that reads cases was confirmed" in site.as_("Carol").get("/notices").text
    assert "Nora" not in site.as_("Carol").get("/notices").text


@pytest.mark.care(12)
def test_a_lead_can_refuse_and_nobody_else_can_confirm(site: Site) -> None:
    make_account(site, Role.COORDINATOR)
    page = site.as_("Lee").get("/confirmations").press("Refuse: Nora Lake as coordinator")
    assert "Nothing waits for you" in page.text
    for name in ("Adam", "Carol", "Pat", "Ada"):
        site.as_(name).get("/confirmations", status=403)


@pytest.mark.care(12)
def test_nobody_confirms_their_own_role(site: Site) -> None:
    organisation = site.organisation
    lee = organisation.accounts["Lee"].id
    unit = organisation.units["South"].id
    page = site.as_("Adam").get(f"/accounts/{lee}")
    page.form("/roles").set(role="coordinator", unit=unit).submit("Give this role")
    waiting = site.as_("Lee").get("/confirmations")
    assert "Another lead must confirm this one" in waiting.text
    assert not [one for one in waiting.texts("main button") if one.startswith("Confirm")]


@pytest.mark.care(11)
@pytest.mark.parametrize(("name", "role"), [("Carol", Role.HR), ("Pat", Role.AUDITOR), ("Adam", Role.PRACTITIONER)])
def test_roles_that_must_stay_apart_are_refused(site: Site, name: str, role: Role) -> None:
    account = site.organisation.accounts[name].id
    page = site.as_("Adam").get(f"/accounts/{account}").form("/roles")
    page = page.set(role=role.value, unit=site.organisation.units["North"].id).submit("Give this role")
    assert page.error_at("role") == "Nobody who reads cases may also be HR, administrator or auditor."


@pytest.mark.care(11)
def test_a_role_ends_with_the_next_page(site: Site) -> None:
    pat = site.sign_in("Pat")
    assert pat.get("/duty")
    page = site.as_("Adam").get(f"/accounts/{site.organisation.accounts['Pat'].id}")
    page.press("End this role: practitioner, Everywhere")
    pat.get("/duty", status=403)


@pytest.mark.care(12)
def test_nobody_who_reads_cases_is_let_in_again_by_an_administrator_alone(site: Site) -> None:
    organisation, carol = site.organisation, site.sign_in("Carol")
    page = site.as_("Adam").get(f"/accounts/{organisation.accounts['Carol'].id}").press("Let them in again")
    assert "A lead of the programme must confirm it" in page.text
    assert not page.texts(".trim-link code")
    assert told(site, "Lee") == ["renewal_to_confirm"]
    page = site.as_("Lee").get("/confirmations").press("Let Carol in again")
    link = link_of(page)
    assert carol.get("/account").h1 == "Your account", "nothing changes before the link is used"
    take_up(site.stranger(), link)
    assert carol.get("/account").h1 == "Sign in"
    assert told(site, "Carol") == ["renewal_confirmed"]
    whats = [line["what"] for line in lines_of(organisation, "Carol")]
    assert [what for what in whats if what.startswith("invitation")] == [
        "invitation.asked",
        "invitation.confirmed",
        "invitation.taken_up",
    ]


@pytest.mark.care(12)
def test_being_let_in_again_takes_the_second_step_off(site: Site) -> None:
    from tests.web.test_second_step import password_given, set_up

    set_up(site, site.sign_in("Hana"))
    page = site.as_("Adam").get(f"/accounts/{site.organisation.accounts['Hana'].id}").press("Let them in again")
    take_up(site.stranger(), link_of(page), PASSWORD)
    assert password_given(site, "Hana").h1 == "Statistics"


@pytest.mark.care(12)
def test_the_administrator_reaches_no_case_and_the_lead_no_account(site: Site) -> None:
    for path in ("/cases", "/incidents", "/escalations", "/board", "/today", "/trail", "/statistics", "/duty"):
        site.as_("Adam").get(path, status=403)
    for path in ("/accounts", "/units", "/accounts/new"):
        site.as_("Lee").get(path, status=403)


def test_deactivation_asks_for_somebody_else_for_oneself(site: Site) -> None:
    adam, pat = (site.organisation.accounts[name].id for name in ("Adam", "Pat"))
    client = site.as_("Adam")
    assert "Deactivate the account" not in client.get(f"/accounts/{adam}").texts("button")
    token = client.get("/account").find("input[name=csrf_token]")
    assert token is not None
    client.post(f"/accounts/{adam}/deactivate", {"csrf_token": token.get("value")}, status=422)
    page = client.get(f"/accounts/{pat}").press("Deactivate the account")
    assert "signed out everywhere" in page.text
    assert not page.find_all("main form"), "a deactivated account offers nothing more"


def test_an_account_is_tied_to_the_directory(site: Site) -> None:
    page = make_account(site)
    form = page.form("/person")
    assert (
        "Nobody in the directory"
        in form.fill("Staff number or full name in the directory", "Nora Lake").submit().errors()[0]
    )
    assert (
        "another account" in form.fill("Staff number or full name in the directory", "Carol Elm").submit().errors()[0]
    )
    page = form.fill("Staff number or full name in the directory", "sam birch").submit()
    assert "The account belongs to Sam Birch" in page.text


def test_bad_input_is_named_at_its_field_and_kept(site: Site) -> None:
    page = make_account(site, email="pat@example.org", name="")
    assert page.error_at("name") == "Enter the full name"
    page = make_account(site, email="pat@example.org")
    assert page.error_at("email") == "There is an account with this address already."
    assert page.form().value("Full name") == "Nora Lake"
    assert make_account(site, staff_number="12345").error_at("staff_number") == "Nobody in the directory matches."
    site.as_("Adam").get("/accounts/nobody", status=404)


def test_accounts_are_listed_a_page_at_a_time(site: Site) -> None:
    for number in range(30):
        site.organisation.add_account(f"Reporter {number:02}", Role.REPORTER)
    page = site.as_("Adam").get("/accounts")
    seen = page.texts("tbody th a")
    assert len(seen) == 25
    page = page.follow("Show more")
    seen += page.texts("tbody th a")
    assert len(seen) == len(set(seen)) == 38
    assert seen == sorted(seen)
    assert page.follow("Back to the start").texts("tbody th a") == seen[:25]


def test_units_hang_in_a_tree(site: Site) -> None:
    client = site.as_("Adam")
    page = client.get("/units").form().fill("Name of the unit", "North").fill("Part of", "Everywhere")
    assert page.submit().error_at("name") == "There is a unit of this name already."
    page = client.get("/units").form().fill("Name of the unit", "Lighthouse").fill("Part of", "North").submit()
    assert page.texts(".trim-tree li") == ["Everywhere", "North", "Lighthouse", "South"]
