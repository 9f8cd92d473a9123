"""Signing in, accounts, the rota, the trail: no fault of accessibility on a phone, with errors shown as well."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.support import databases
from tests.support.asking import of_every_state
from tests.support.axe import overflow, violations
from tests.support.chromium import Pages
from tests.support.organisation import SETUP, make_organisation
from tests.support.released import chain, publish
from tests.support.site import PASSWORD, Site
from tests.support.world import World, make_world
from tests.web.query_pages import proposals, turns
from trim.usecases.oversight.install_pack import change_settings

pytestmark = pytest.mark.browser


class _Quiet(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        """Requests of tests are of interest to nobody."""


@dataclass
class Screen:
    """The site at an address that a browser reaches, with one of everything."""

    url: str
    site: Site
    world: World

    def address(self, path: str) -> str:
        """A path with the parts of its address filled in."""
        rooms = self.world.rooms
        return path.format(**self.world.shared, case_ref=rooms["cases"]["ref"], **rooms["packs"])

    def page(self, page_at: Pages, who: str | None, locale: str = "en-GB", width: int = 390) -> Page:
        """A page in its own browser, signed in as that account."""
        page = page_at(width, locale=locale, base_url=self.url)
        if who is not None:
            cookie = self.site.as_(who).client.get_cookie("trim_session")
            assert cookie is not None
            page.context.add_cookies([{"name": "trim_session", "value": cookie.value, "url": self.url}])
        return page


@pytest.fixture(scope="module")
def screen(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """The organisation, served; the database makes no difference to a browser."""
    folder = tmp_path_factory.mktemp("screen")
    made = make_organisation(databases.copy_of_sqlite(sqlite_template, folder), folder)
    world = make_world(made)
    proposals(made, 2)
    turns(made, 3)
    # A second release beside that of the world: two can be compared.
    publish(made, chain("2025-Q1", "2025-Q2")[1], attacked=False)
    of_every_state(made)
    one = {"role": "hr", "name": "Hana", "email": "hana@example.org", "password": PASSWORD}
    with made.backend.writing() as uow:
        values = {"demonstration": True, "demonstration_sign_ins": [one, {**one, "role": "auditor", "name": "Ada"}]}
        change_settings(uow, SETUP, now=made.now, values=values)
    site = Site(made)
    server = make_server("127.0.0.1", 0, site.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Screen(f"http://127.0.0.1:{server.server_port}", site, world)
    server.shutdown()
    thread.join()
    server.server_close()
    made.backend.close()


#: Who looks where; `{name}` is filled in from the world.
LOOKED_AT = (
    (None, "/help-now"),
    (None, "/welcome/nothing"),
    ("Nils", "/"),
    ("Carol", "/account"),
    ("Carol", "/account/second-step"),
    ("Carol", "/duty"),
    ("Carol", "/practitioners"),
    ("Lee", "/notices"),
    ("Carol", "/notices/undelivered"),
    ("Carol", "/account/telling"),
    ("Pat", "/account/leave"),
    ("Lee", "/confirmations"),
    ("Adam", "/accounts"),
    ("Adam", "/accounts/{account_id}"),
    ("Hana", "/statistics"),
    ("Hana", "/statistics/1"),
    ("Hana", "/statistics/1/tables/offers"),
    ("Hana", "/statistics/1/tables/exposed?unit=south"),
    ("Hana", "/statistics/1/definitions"),
    ("Hana", "/statistics/compare?before=1&after=2"),
    ("Lee", "/releases"),
    ("Ada", "/statistics/attacks"),
    ("Ada", "/statistics/1/attack"),
    ("Ada", "/retention"),
    ("Lee", "/retention"),
    ("Carol", "/retention/soon/case"),
    ("Carol", "/retention/erased"),
    ("Lee", "/packs"),
    ("Lee", "/packs/{proposal_id}"),
    ("Ada", "/trail"),
    ("Ada", "/trail/worth-a-look"),
    ("Ada", "/trail/worth-a-look/at_night?last-day=45&last-month=1&last-year=2026"),
    ("Ada", "/trail/refused"),
)

#: Forms that lack everything, and the button that sends them.
SENT_EMPTY = (
    (None, "/sign-in", "Sign in"),
    (None, "/welcome/{token}", "Choose this password"),
    ("Carol", "/account/password", "Change the password"),
    ("Carol", "/sign-in/again", "Go on"),
    ("Carol", "/duty/new", "Put on duty"),
    ("Carol", "/practitioners/{account_id}/training", "Record the training"),
    ("Adam", "/accounts/new", "Make the account"),
    ("Adam", "/accounts/{account_id}", "Give this role"),
    ("Adam", "/units", "Add the unit"),
    ("Lee", "/retention/periods/supported", "Change it"),
    ("Carol", "/retention/case/{case_ref}/hold", "Keep it"),
    ("Lee", "/releases/ask", "Ask for it"),
    ("Lee", "/releases/correct", "Ask for it"),
)


@pytest.mark.parametrize(("who", "path"), LOOKED_AT)
def test_no_fault_on_any_page(page_at: Pages, screen: Screen, who: str | None, path: str) -> None:
    page = screen.page(page_at, who)
    page.goto(screen.address(path))
    assert violations(page) == []
    assert overflow(page) == 0


@pytest.mark.large
@pytest.mark.parametrize(("who", "path"), LOOKED_AT)
def test_no_fault_in_the_dark_or_on_a_desk(page_at: Pages, screen: Screen, who: str | None, path: str) -> None:
    page = screen.page(page_at, who)
    page.emulate_media(color_scheme="dark")
    page.goto(screen.address(path))
    assert violations(page) == []
    page.set_viewport_size({"width": 1200, "height": 900})
    assert overflow(page) == 0, "on a desk"


@pytest.mark.parametrize(("who", "path", "button"), SENT_EMPTY)
def test_no_fault_where_errors_are_shown(
    page_at: Pages, screen: Screen, who: str | None, path: str, button: str
) -> None:
    page = screen.page(page_at, who)
    page.goto(screen.address(path))
    assert violations(page) == []
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert violations(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("path", ["/sign-in", "/help-now"])
def test_no_fault_in_french(page_at: Pages, screen: Screen, path: str) -> None:
    page = screen.page(page_at, None, locale="fr-FR")
    page.goto(path)
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert violations(page) == []
    assert overflow(page) == 0


#: Pages with long words, dates and tables, by whom they are read in French.
READ_IN_FRENCH = {
    "Ada": ("/trail", "/trail/worth-a-look", "/statistics/attacks", "/statistics/1/attack"),
    "Hana": (
        "/statistics",
        "/statistics/1",
        "/statistics/1/tables/exposed",
        "/statistics/1/definitions",
        "/statistics/compare?before=1&after=2",
    ),
}


@pytest.mark.parametrize("who", sorted(READ_IN_FRENCH))
def test_what_auditors_and_hr_read_fits_a_telephone_in_french(page_at: Pages, screen: Screen, who: str) -> None:
    page = page_at(390, locale="fr-FR", base_url=screen.url)
    client = screen.site.sign_in(who)
    client.get("/statistics/attacks" if who == "Ada" else "/statistics").press("Français")
    cookie = client.client.get_cookie("trim_session")
    assert cookie is not None
    page.context.add_cookies([{"name": "trim_session", "value": cookie.value, "url": screen.url}])
    for path in READ_IN_FRENCH[who]:
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("lang", "fr")
        assert overflow(page) == 0, path
        assert violations(page) == [], path


def test_the_words_of_a_chart_can_be_read_in_the_dark(page_at: Pages, screen: Screen) -> None:
    """What paints them is the colour of text in either scheme: axe does not look into drawings."""
    page = screen.page(page_at, "Hana")
    words = "document.querySelector('.trim-chart__word')"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto("/statistics/1/tables/waits")
        assert page.evaluate(f"getComputedStyle({words}).fill == getComputedStyle(document.body).color"), scheme


def test_the_second_step_is_set_up_on_a_phone(page_at: Pages, screen: Screen) -> None:
    page = screen.page(page_at, "Pat")
    page.goto("/account/second-step")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("img")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Code from your app").fill("000000")
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert violations(page) == []
    assert overflow(page) == 0


def test_the_calendars_of_a_practitioner_and_of_the_organisation_on_a_phone(page_at: Pages, screen: Screen) -> None:
    page = screen.page(page_at, "Pat")
    page.goto("/account/calendar")
    assert violations(page) == []
    page.get_by_role("button", name="Take the address back").click()
    expect(page.get_by_text("You have no address yet.")).to_be_visible()
    page.get_by_role("button", name="Make an address").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Copy the address now")
    assert violations(page) == []
    assert overflow(page) == 0
    page = screen.page(page_at, "Adam")
    page.goto("/organisation/calendar")
    page.get_by_label("Time zone").fill("Mars/Base")
    page.get_by_role("button", name="See what would move").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert violations(page) == []
    assert overflow(page) == 0
    page.get_by_label("Time zone").fill("America/Toronto")
    page.get_by_role("button", name="See what would move").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What would move")
    assert violations(page) == []
    assert overflow(page) == 0


def test_a_demonstration_lets_a_visitor_in_with_one_press(page_at: Pages, screen: Screen) -> None:
    screen.site.as_("Hana")
    page = screen.page(page_at, None)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in as Hana").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Statistics")
