"""The pages behind a private link, and the one that gives it out: no fault of accessibility, with errors shown too."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.support import databases
from tests.support.axe import overflow, violations
from tests.support.chromium import Pages
from tests.support.organisation import make_organisation
from tests.support.site import Site
from tests.support.story import Story
from trim.usecases.ledger.give_link import MOST_FAILURES, Given, give_link

pytestmark = pytest.mark.browser


class _Quiet(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        """Requests of tests are of interest to nobody."""


@dataclass
class Screen:
    """The site at an address that a browser reaches, with one supported case."""

    url: str
    site: Site
    ref: str

    def link(self) -> Given:
        """A fresh link to the case's ledger."""
        made = self.site.organisation
        with made.backend.writing() as uow:
            return give_link(uow, made.actor("Pat"), now=made.now, ref=self.ref, channel="paper")

    def page(self, page_at: Pages, width: int, who: str | None = None, locale: str = "en-GB") -> Page:
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
    folder = tmp_path_factory.mktemp("private")
    made = make_organisation(databases.copy_of_sqlite(sqlite_template, folder), folder)
    story, site = Story(made), Site(made)
    ref = story.supported_case()
    made.later(days=3)
    story.interviews(ref, points=2)
    story.does("Pat", "raise_red_flag", ref, level="today")
    server = make_server("127.0.0.1", 0, site.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Screen(f"http://127.0.0.1:{server.server_port}", site, ref)
    server.shutdown()
    thread.join()
    server.server_close()
    made.backend.close()


def is_sound(page: Page) -> None:
    """No violation and nothing that runs out of sight."""
    assert violations(page) == [], page.url
    assert overflow(page) == 0, page.url


@pytest.mark.parametrize(("locale", "width"), [("en-GB", 390), ("fr-FR", 390), ("en-GB", 1200)])
def test_no_fault_from_the_door_to_the_ledger_and_out(screen: Screen, page_at: Pages, locale: str, width: int) -> None:
    link = screen.link()
    page = screen.page(page_at, width, locale=locale)
    page.goto(f"/private/{link.token}")
    expect(page.locator("html")).to_have_attribute("lang", locale[:2])
    is_sound(page)
    page.locator("main form button").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    is_sound(page)
    page.fill("input[name=code]", link.spoken_code)
    page.locator("main form button").click()
    page.wait_for_url("**/private")
    is_sound(page)
    page.locator("a[href='/private/stop']").click()
    page.wait_for_url("**/private/stop")
    is_sound(page)
    page.locator("form[action='/private/leave'] button").click()
    page.wait_for_url("**/private/closed")
    is_sound(page)
    page.go_back()
    expect(page).to_have_url(f"{screen.url}/private/closed")


def test_no_fault_at_a_locked_door(screen: Screen, page_at: Pages) -> None:
    link = screen.link()
    page = screen.page(page_at, 390)
    page.goto(f"/private/{link.token}")
    for _one in range(MOST_FAILURES):
        page.fill("input[name=code]", "1")
        page.locator("main form button").click()
        page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_have_text("This link is locked")
    is_sound(page)
    page.get_by_role("button", name="Ask for a new link").click()
    expect(page.get_by_text("A new link was asked for")).to_be_visible()
    is_sound(page)
    page.goto("/private/nothing-at-all")
    is_sound(page)


@pytest.mark.parametrize("width", [390, 1200])
def test_no_fault_where_the_link_is_given_out(screen: Screen, page_at: Pages, width: int) -> None:
    page = screen.page(page_at, width, "Pat")
    page.goto(f"/cases/{screen.ref}/private-link")
    is_sound(page)
    page.get_by_role("button", name="Make the link").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    is_sound(page)
    page.get_by_label("By e-mail, to an address they choose").check()
    page.get_by_label("Which address did they choose?").fill("robin@example.org")
    page.get_by_role("button", name="Make the link").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("work address")
    is_sound(page)
    page.get_by_label("By hand").check()
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Give the code now")
    is_sound(page)
