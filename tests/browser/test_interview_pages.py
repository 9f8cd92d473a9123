"""An interview on a phone: no fault of accessibility in any error state, drafts saved by themselves, the red flag."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.support.axe import overflow, violations
from tests.support.begun import Begun, begun_sqlite, talks
from tests.support.chromium import Pages
from tests.support.site import PASSWORD, Site
from tests.support.talks import FIRST, FOLLOW_UP, ITEMS, Talks

__all__ = ["Begun", "begun_sqlite", "talks"]

pytestmark = pytest.mark.browser

EXPLAINED = "I have explained this, and the person has had a chance to ask."


@pytest.fixture
def database_kind() -> str:
    """A browser cannot tell the databases apart."""
    return "sqlite"


class _Quiet(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        """Requests of tests are of interest to nobody."""


@contextmanager
def served(site: Site) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, site.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site(talks: Talks) -> Site:
    return Site(talks.organisation)


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with served(site) as url:
        yield url


def signed_in(page: Page, site: Site, name: str = "Pat") -> Page:
    """Sign in through the form, as that account."""
    site.as_(name)  # gives the account its password
    page.goto("/sign-in")
    page.locator("input[name=email]").fill(site.organisation.accounts[name].email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").last.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def begins(page: Page, talks: Talks, action: str = FIRST) -> None:
    page.goto(f"/cases/{talks.ref}/interviews/{action}")
    page.get_by_label(EXPLAINED).check()
    page.get_by_role("button", name="Go to the questions").click()
    # Until it has loaded the script is not there, which most tests here are about.
    page.wait_for_url("**/questions", wait_until="load")


def sound(page: Page, *, what: str) -> None:
    assert violations(page) == [], what
    assert overflow(page) == 0, what


@pytest.mark.parametrize("locale", ["en", pytest.param("fr", marks=pytest.mark.large)])
def test_no_violation_where_errors_are_shown(
    page_at: Pages, address: str, site: Site, talks: Talks, locale: str
) -> None:
    page = signed_in(page_at(390, base_url=address), site)
    if locale == "fr":
        page.evaluate(
            "document.querySelector('.trim-bar__language').closest('form').requestSubmit("
            "document.querySelector('.trim-bar__language'))"
        )
        expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.goto(f"/cases/{talks.ref}/interviews/{FIRST}")
    sound(page, what="begin")
    page.locator("main form .trim-actions button").first.click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    sound(page, what="begin, with an error")
    page.locator("input[name=explained]").check()
    page.locator("main form .trim-actions button").first.click()
    expect(page.locator(".trim-question")).to_have_count(10)
    sound(page, what="questions")
    page.locator("main form .trim-actions button").first.click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    sound(page, what="questions, with errors")
    page.locator(".govuk-error-summary a").nth(1).click()
    expect(page.locator("#answer_support")).to_be_focused()
    expect(page.locator("#answer_support")).to_be_visible()
    page.emulate_media(color_scheme="dark")
    assert violations(page) == [], "in the dark"

    held = talks.talks(points=1).made["assessment"]
    for place in ("", "/correct", "/wrong-person"):
        page.emulate_media(color_scheme="light")
        page.goto(f"/cases/{talks.ref}/assessments/{held}{place}")
        if place == "/correct":
            page.locator("input[name=reason]").fill("")
            page.locator("input[name=held_at-day]").fill("99")
        if place:
            page.locator("main form:not(.trim-flagbar) .trim-actions button").first.click()
            expect(page.locator(".govuk-error-summary")).to_be_focused()
        sound(page, what=f"result{place}")
        page.set_viewport_size({"width": 1200, "height": 900})
        sound(page, what=f"result{place} on a desk")
        page.set_viewport_size({"width": 390, "height": 844})


def test_a_follow_up_with_everything_beside_it(page_at: Pages, address: str, site: Site, talks: Talks) -> None:
    talks.talks(points=dict.fromkeys(ITEMS[FIRST], "1"))
    talks.organisation.later(days=28)
    page = signed_in(page_at(390, base_url=address), site)
    begins(page, talks, FOLLOW_UP)
    expect(page.locator(".trim-question__earlier")).to_have_count(7)
    page.get_by_role("button", name="Record the interview").click()
    sound(page, what="follow-up, with errors")
    talks.talks(FOLLOW_UP, {"support": "0"}, stopped_early=True)
    page.goto(f"/cases/{talks.ref}/assessments/{talks.held()[-1].id}")
    sound(page, what="an incomplete follow-up")


def test_a_first_interview_on_a_phone_saves_itself(page_at: Pages, address: str, site: Site, talks: Talks) -> None:
    page = signed_in(page_at(390, base_url=address), site)
    begins(page, talks)
    page.get_by_label("1 – One or some, now and then on the mind").check()
    page.locator("textarea[name=notes]").fill("Sleeps badly.")
    expect(page.locator("[data-autosave-status]")).to_have_text("Saved on the way. Not recorded yet.", timeout=10_000)
    expect(page.locator("input[name=draft_version]")).to_have_value("2")
    kept = talks.page().draft
    assert kept is not None
    assert (kept.answers, kept.typed["notes"]) == ({"earlier_events": "1"}, ["Sleeps badly."])

    page.reload()
    expect(page.locator("textarea[name=notes]")).to_have_value("Sleeps badly.")
    for item in ITEMS[FIRST][1:]:
        page.locator(f"input[name=answer_{item}][value='1']").check()
    page.get_by_label("Telephone").check()
    # Pressed while a save may be under way: the press waits for it, and is not stale.
    page.get_by_role("button", name="Record the interview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("First interview")
    expect(page).to_have_url(re.compile(r"/assessments/"))
    assert [one.status for one in talks.held()] == ["current"]


def test_a_press_during_a_save_waits_for_it(page_at: Pages, address: str, site: Site, talks: Talks) -> None:
    page = signed_in(page_at(390, base_url=address), site)
    begins(page, talks)
    # The answer to the save is kept back until the press has been made, however slow the machine.
    kept_back: list[Route] = []
    page.route("**/draft", lambda route: kept_back.append(route))
    page.get_by_label("1 – One or some, now and then on the mind").check()
    expect(page.locator("[data-autosave-status]")).to_have_text("Saving…", timeout=10_000)
    page.get_by_label("Telephone").check()
    page.get_by_role("button", name="We stopped early").click()
    expect(page).to_have_url(re.compile(r"/questions$"))
    for route in kept_back:
        route.continue_()
    expect(page).to_have_url(re.compile(r"/assessments/"), timeout=10_000)
    page.wait_for_load_state("networkidle")
    assert len(kept_back) == 1


def test_another_page_is_said_and_both_are_seen(page_at: Pages, address: str, site: Site, talks: Talks) -> None:
    page = signed_in(page_at(390, base_url=address), site)
    begins(page, talks)
    talks.saves({"alcohol": "2"}, 1)
    page.get_by_label("1 – One or some, now and then on the mind").check()
    expect(page.locator("[data-autosave-status]")).to_contain_text(
        "Another page has saved other answers", timeout=10_000
    )
    page.get_by_role("button", name="Save and go on later").click()
    expect(page.locator(".trim-notice li")).to_have_text(
        "Drinking to cope: Clearly more, or needed to get through the day"
    )
    expect(page.locator("input[name=answer_earlier_events][value='1']")).to_be_checked()
    sound(page, what="a stale draft")
    page_at.problems[:] = [one for one in page_at.problems if "409" not in one]


def test_without_a_script_everything_works(page_at: Pages, address: str, site: Site, talks: Talks) -> None:
    page = signed_in(page_at(390, base_url=address, javascript=False), site)
    begins(page, talks)
    page.get_by_label("1 – One or some, now and then on the mind").check()
    page.get_by_role("button", name="Save and go on later").click()
    page.goto(f"/cases/{talks.ref}/interviews/{FIRST}/questions")
    expect(page.locator("input[name=answer_earlier_events][value='1']")).to_be_checked()
    page.get_by_role("button", name="Red flag: Now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Call now")
    assert talks.rules() == ["red_flag"]


@pytest.mark.care(1)
def test_a_red_flag_is_in_sight_wherever_one_is(page_at: Pages, address: str, site: Site, talks: Talks) -> None:
    page = signed_in(page_at(390, base_url=address), site)
    begins(page, talks)
    button = page.get_by_role("button", name="Red flag: Now")
    expect(button).to_be_in_viewport()
    page.mouse.wheel(0, 4000)
    expect(button).to_be_in_viewport()
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    page.locator("textarea[name=notes]").fill("Said: no more.")
    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Call now")
    assert talks.rules() == ["red_flag"]
    kept = talks.page().draft
    assert kept is not None
    assert kept.typed["notes"] == ["Said: no more."]


@pytest.mark.care(1)
def test_without_a_connection_the_numbers_open_and_the_alert_goes_out_later(
    page_at: Pages, address: str, site: Site, talks: Talks
) -> None:
    page = signed_in(page_at(390, base_url=address), site)
    begins(page, talks)
    page.context.set_offline(True)
    page.get_by_role("button", name="Red flag: Now").click()
    expect(page.locator("[data-flag-offline]")).to_be_visible()
    expect(page.locator("[data-flag-numbers] a[href='tel:999']")).to_be_visible()
    assert talks.rules() == []
    sound(page, what="without a connection")
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Call now", timeout=10_000)
    assert talks.rules() == ["red_flag"]
    page.wait_for_load_state("networkidle")
    page_at.problems[:] = [one for one in page_at.problems if "ERR_INTERNET_DISCONNECTED" not in one]


@pytest.mark.care(1)
def test_a_connection_that_only_seems_to_be_there_opens_the_numbers_as_well(
    page_at: Pages, address: str, site: Site, talks: Talks
) -> None:
    page = signed_in(page_at(390, base_url=address), site)
    begins(page, talks)
    page.route("**/draft", lambda route: route.abort("failed"))
    page.get_by_role("button", name="Red flag: Today").click()
    expect(page.locator("[data-flag-offline]")).to_be_visible()
    assert talks.rules() == []
    page.unroute("**/draft")
    expect(page.get_by_role("heading", level=1)).to_have_text("Call today", timeout=10_000)
    assert talks.rules() == ["red_flag"]
    page.wait_for_load_state("networkidle")
    page_at.problems[:] = [one for one in page_at.problems if "ERR_FAILED" not in one]
