"""Every component as a browser draws it: no fault of accessibility, no page wider than a phone, scripts that help."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import overflow, violations
from tests.support.chromium import Pages

pytestmark = pytest.mark.browser

PAGES = ("/form", "/one", "/worklist", "/case", "/panels", "/problem/forbidden", "/problem/failure")


@pytest.mark.parametrize("path", PAGES)
def test_no_violation_on_any_page(page_at: Pages, gallery_url: str, path: str) -> None:
    page = page_at(390, base_url=gallery_url)
    page.goto(path)
    assert violations(page) == []
    assert overflow(page) == 0


@pytest.mark.large
@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
@pytest.mark.parametrize("path", PAGES)
def test_no_violation_in_the_dark_or_on_a_desk(page_at: Pages, gallery_url: str, path: str, locale: str) -> None:
    page = page_at(390, locale=locale, base_url=gallery_url)
    page.goto(path)
    assert violations(page) == []
    assert overflow(page) == 0
    page.emulate_media(color_scheme="dark")
    assert violations(page) == [], "in the dark"
    page.set_viewport_size({"width": 1200, "height": 900})
    assert violations(page) == [], "on a desk"
    assert overflow(page) == 0


@pytest.mark.parametrize("locale", ["en-GB", pytest.param("fr-FR", marks=pytest.mark.large)])
def test_no_violation_where_errors_are_shown(page_at: Pages, gallery_url: str, locale: str) -> None:
    page = page_at(390, locale=locale, base_url=gallery_url)
    page.goto("/form")
    _fill_date(page, "25", "10", "2026", "02:30")
    page.locator("main .trim-actions button").first.click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.locator("#occurred_at-fold")).to_be_visible()
    assert violations(page) == []
    assert overflow(page) == 0
    page.emulate_media(color_scheme="dark")
    assert violations(page) == [], "in the dark"


def test_a_line_of_the_summary_leads_to_its_box(page_at: Pages, gallery_url: str) -> None:
    page = page_at(390, base_url=gallery_url)
    page.goto("/form")
    page.get_by_role("button", name="Report").click()
    page.get_by_role("link", name="Choose the kind of incident").click()
    expect(page.locator("#kind")).to_be_focused()


def test_a_stale_page_on_a_phone(page_at: Pages, gallery_url: str) -> None:
    page = page_at(390, base_url=gallery_url)
    page.goto("/form")
    page.fill("#description", "word " * 40)
    page.evaluate("document.querySelector('main form').action = '/problem/stale'")
    page.locator("main .trim-actions button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Somebody changed this meanwhile")
    assert violations(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_more_is_shown_under_a_choice_once_it_is_chosen(page_at: Pages, gallery_url: str, javascript: bool) -> None:
    page = page_at(390, base_url=gallery_url, javascript=javascript)
    page.goto("/form")
    more = page.get_by_label("Who runs it? (optional)")
    expect(more).to_be_hidden()
    page.get_by_label("Yes").check()
    expect(more).to_be_visible()
    page.get_by_label("No", exact=True).check()
    expect(more).to_be_hidden()


def test_a_tap_writes_todays_date(page_at: Pages, gallery_url: str) -> None:
    page = page_at(390, base_url=gallery_url)
    page.goto("/form")
    page.get_by_role("button", name="Yesterday").first.click()
    assert [page.input_value(f"#occurred_at-{part}") for part in ("day", "month", "year")] == ["20", "11", "2026"]


def test_a_draft_is_saved_on_the_way_and_the_version_follows(page_at: Pages, gallery_url: str) -> None:
    page = page_at(390, base_url=gallery_url)
    page.goto("/form")
    page.fill("#place", "Bridge")
    expect(page.locator("[data-autosave-status]")).to_have_text("Draft saved", timeout=8000)
    assert page.input_value("#version") == "7"


def test_a_draft_that_cannot_be_saved_says_so_and_keeps_the_words(page_at: Pages, gallery_url: str) -> None:
    page = page_at(390, base_url=gallery_url)
    page.goto("/form")
    page.route("**/draft", lambda route: route.fulfill(status=503, body=""))
    page.fill("#place", "Bridge")
    expect(page.locator("[data-autosave-status]")).to_contain_text("not saved", timeout=8000)
    assert page.input_value("#place") == "Bridge"


def test_what_cannot_be_taken_back_is_pressed_twice(page_at: Pages, gallery_url: str) -> None:
    page = page_at(390, base_url=gallery_url)
    page.goto("/case")
    page.get_by_role("button", name="Raise a red flag").click()
    again = page.get_by_role("button", name="Press again to alert the coordinator on duty")
    expect(again).to_be_visible()
    with page.expect_request("**/sign-out"):
        again.click()


def test_the_navigation_folds_away_on_a_phone_only(page_at: Pages, gallery_url: str) -> None:
    page = page_at(390, base_url=gallery_url)
    page.goto("/worklist")
    link, toggle = page.get_by_role("link", name="Incidents"), page.get_by_role("button", name="Menu")
    expect(link).to_be_hidden()
    toggle.click()
    expect(link).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert toggle.get_attribute("aria-expanded") == "true"
    assert violations(page) == []
    page.set_viewport_size({"width": 1200, "height": 900})
    expect(toggle).to_be_hidden()
    expect(link).to_be_visible()


def test_everything_works_without_scripts(page_at: Pages, gallery_url: str) -> None:
    page = page_at(390, base_url=gallery_url, javascript=False)
    page.goto("/form")
    expect(page.get_by_role("button", name="Yesterday"), "a button that only a script can answer").to_have_count(0)
    expect(page.get_by_text("You can write up to 300 characters")).to_be_visible()
    page.get_by_role("button", name="Report").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page.goto("/case")
    expect(page.get_by_role("link", name="Incidents"), "the navigation cannot be unfolded").to_be_visible()
    page.get_by_role("button", name="Raise a red flag").click()
    assert page.url.endswith("/case")


def test_paper_shows_the_work_and_nothing_around_it(page_at: Pages, gallery_url: str) -> None:
    page = page_at(1200, base_url=gallery_url)
    page.goto("/worklist")
    page.emulate_media(media="print")
    expect(page.locator(".trim-nav")).to_be_hidden()
    expect(page.locator(".trim-foot")).to_be_hidden()
    expect(page.get_by_text("Demonstration."), "a print of a demonstration says that it is one").to_be_visible()
    expect(page.locator(".trim-worklist thead").first).to_be_visible()
    after = page.locator(".trim-worklist a").first.evaluate("e => getComputedStyle(e, '::after').content")
    assert after in {"none", "normal"}, "an address holds a reference: it stays off paper"
    colour = page.locator(".trim-tag").first.evaluate("e => getComputedStyle(e).backgroundColor")
    assert colour == "rgba(0, 0, 0, 0)"


def _fill_date(page: Page, day: str, month: str, year: str, clock: str) -> None:
    page.fill("#occurred_at-day", day)
    page.fill("#occurred_at-month", month)
    page.fill("#occurred_at-year", year)
    page.fill("#occurred_at-time", clock)
