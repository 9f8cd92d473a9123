"""The pages about a case as a browser draws them on a phone: no fault of accessibility, with errors shown as well."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from tests.support import databases
from tests.support.axe import overflow, violations
from tests.support.chromium import Pages
from tests.support.groups import running_check
from tests.support.organisation import make_organisation
from tests.support.site import PASSWORD, Site
from tests.support.story import Story
from tests.usecases.cases.reading import case_of, on_duty

pytestmark = pytest.mark.browser


@dataclass
class Screen:
    """The site at an address that a browser reaches, and the references that its pages need."""

    url: str
    site: Site
    ref: str
    offered: str
    asked: str
    unknown: str
    escalation: str
    referral: str
    #: Checks of somebody, and of somebody of whom nobody knows who leads them.
    check: str
    asked_first: str


@pytest.fixture(scope="module")
def screen(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """An organisation with a case at every page, served; the database makes no difference to a browser."""
    folder = tmp_path_factory.mktemp("screen")
    made = make_organisation(databases.copy_of_sqlite(sqlite_template, folder / "instance"), folder)
    story, site = Story(made), Site(made)
    made.add_person("Kim Vega", line_manager_known=False)
    ref = story.supported_case()
    made.later(days=3)
    story.interviews(ref, points=2, plan="Walk every evening.")
    offered = case_of(story, "Sam Birch")
    story.does("Carol", "make_offer", offered, channel="phone")
    asked = story.is_accepted(case_of(story, "Élodie Maréchal-Dubreuil"))
    story.does("Carol", "allocate", asked, practitioner=made.accounts["Pat"].id)
    unknown = case_of(story, "Kim Vega")
    on_duty(story, "Carol")
    raised = story.does("Pat", "raise_red_flag", ref, level="now").made["escalation"]
    referral = story.does("Pat", "propose_referral", ref, provider="gp", reason="Sleep.").made["referral"]
    story.does("Pat", "record_agreement", referral, kind="referral", share_attendance=True)
    check, asked_first = running_check(made, "Robin Ashe"), running_check(made, "Kim Vega")
    for name in ("Carol", "Pat"):
        site._give_password(made.accounts[name])
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    yield Screen(url, site, ref, offered, asked, unknown, raised, referral, check, asked_first)
    server.shutdown()
    thread.join()
    server.server_close()
    made.backend.close()


def signed_in(screen: Screen, page_at: Pages, name: str, locale: str = "en-GB") -> Page:
    page = page_at(390, locale=locale, base_url=screen.url)
    page.goto("/sign-in")
    page.fill("input[type=email]", screen.site.organisation.accounts[name].email)
    page.fill("input[type=password]", PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).not_to_have_text("Sign in")
    return page


def pages(screen: Screen, name: str) -> list[str]:
    ref = screen.ref
    if name == "Pat":
        return ["/today", f"/cases/{ref}", f"/cases/{screen.asked}", f"/cases/{ref}/call-now/{screen.escalation}"]
    return [
        "/board",
        "/cases",
        f"/cases/{ref}",
        f"/cases/{screen.offered}",
        f"/cases/{ref}/history",
        "/escalations",
        f"/escalations/{screen.escalation}",
        f"/referrals/{screen.referral}",
        f"/cases/{screen.unknown}",
        "/undertakings",
        f"/undertakings/{screen.check}",
        f"/undertakings/{screen.asked_first}",
    ]


def forms(screen: Screen, name: str) -> list[str]:
    ref = screen.ref
    if name == "Pat":
        return [
            f"/cases/{ref}/actions/{action}"
            for action in ("log_contact", "raise_red_flag", "propose_referral", "raise_escalation")
        ]
    return [
        f"/cases/{screen.asked}/actions/close",
        f"/cases/{ref}/actions/hand_over",
        f"/cases/{ref}/not-by",
        f"/cases/{screen.unknown}/line-manager",
        f"/undertakings/{screen.asked_first}/line-manager",
        f"/escalations/{screen.escalation}/actions/record_spoke_to",
        f"/escalations/{screen.escalation}/actions/decide",
        f"/referrals/{screen.referral}/actions/send",
    ]


@pytest.mark.parametrize("width", [390, pytest.param(1200, marks=pytest.mark.large)])
@pytest.mark.parametrize("name", ["Pat", "Carol"])
def test_no_violation_on_any_page(screen: Screen, page_at: Pages, name: str, width: int) -> None:
    page = signed_in(screen, page_at, name)
    page.set_viewport_size({"width": width, "height": 900})
    for path in pages(screen, name):
        page.goto(path)
        assert violations(page) == [], path
        assert overflow(page) == 0, path


@pytest.mark.parametrize("name", ["Pat", "Carol"])
def test_no_violation_in_any_forms_error_state(screen: Screen, page_at: Pages, name: str) -> None:
    page = signed_in(screen, page_at, name)
    for path in forms(screen, name):
        page.goto(path)
        page.evaluate(
            "document.querySelectorAll('main form input[type=text], main form textarea').forEach(b => b.value = '')"
        )
        page.locator("main .trim-actions button").first.click()
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        assert violations(page) == [], path
        assert overflow(page) == 0, path


@pytest.mark.care(1)
def test_the_red_flag_is_in_sight_without_scrolling_on_a_phone(screen: Screen, page_at: Pages) -> None:
    page = signed_in(screen, page_at, "Pat")
    page.goto(f"/cases/{screen.ref}")
    for level in ("Now", "Today"):
        expect(page.get_by_role("button", name=f"Red flag: {level}")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Red flag: Now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Call now")
    assert page.locator(".trim-call__number").first.get_attribute("href") == "tel:+441632960123"
