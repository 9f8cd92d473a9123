"""Pages about incidents on a phone: no fault of accessibility, above all where errors are shown, and none too wide."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.support.axe import overflow, violations
from tests.support.chromium import Pages
from tests.support.site import PASSWORD, Site
from tests.support.story import Story
from tests.support.sweeping import sweep
from tests.usecases.planning.people import crew, exposure_of, meets

pytestmark = pytest.mark.browser


@pytest.fixture
def database_kind() -> str:
    """A browser cannot tell the databases apart."""
    return "sqlite"


class _Quiet(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        """Requests of tests are of interest to nobody."""


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """The address at which the site is served."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Phone:
    """A page on a phone, signed in, that says of every state what is wrong with it."""

    page: Page
    wrong: list[str]

    def looks(self, what: str) -> None:
        self.wrong += [f"{what}: {fault}" for fault in violations(self.page)]
        if overflow(self.page):
            self.wrong.append(f"{what}: {overflow(self.page)} px too wide")

    def opens(self, path: str) -> None:
        self.page.goto(path)
        self.looks(path)

    def fails(self, path: str, button: str) -> None:
        """Send a form that lacks everything, and look at its errors."""
        self.opens(path)
        self.page.get_by_role("button", name=button, exact=True).click()
        expect(self.page.locator(".govuk-error-summary")).to_be_focused()
        self.looks(f"{path} with errors")


def signed_in(page_at: Pages, site: Site, address: str, name: str, *, width: int = 390) -> Phone:
    site.as_(name)  # gives the account its password
    page = page_at(width, base_url=address)
    page.goto("/sign-in")
    page.locator("input[name=email]").fill(site.organisation.accounts[name].email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").last.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return Phone(page, [])


def test_reporting(page_at: Pages, site: Site, address: str) -> None:
    made = site.organisation
    for unit in ("North", "South"):
        made.add_person("Alex Moor", unit=unit)
    phone = signed_in(page_at, site, address, "Rita")
    phone.fails("/incidents/report", "Report")
    page = phone.page
    page.get_by_label("Name or staff number").first.fill("Alex Moor")
    page.get_by_label("How were they exposed?").first.select_option(label="Was in it")
    page.get_by_role("button", name="Yesterday").click()
    page.get_by_label("Which unit was it?").select_option(label="North")
    page.get_by_label("What kind of incident?").select_option(label="Assault or violence")
    for label in ("A manager asked", "Contained", "No"):
        page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="Report", exact=True).click()
    expect(page.get_by_text("Several people have this name.").first).to_be_visible()
    phone.looks("a name of two people")
    page.get_by_role("button", name="Add more rows").click()
    expect(page.locator("fieldset.trim-row")).to_have_count(10)
    phone.looks("more rows")
    page.get_by_label("Somebody else of this name").check()
    page.get_by_role("button", name="Report", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. It is reported.")
    phone.looks("what happens next")
    assert phone.wrong == []


def test_planning_for_one_and_all(page_at: Pages, site: Site, address: str) -> None:
    story = Story(site.organisation)
    story.supported_case()
    ref = story.reports(kind="assault", evidence_hold=True, exposed=crew(story, "Robin Ashe", "Sam Birch"))
    phone = signed_in(page_at, site, address, "Carol")
    phone.opens("/incidents")
    phone.opens(f"/incidents/{ref}")
    phone.fails(f"/incidents/{ref}/plan", "Record the plan")
    page = phone.page
    group = page.get_by_role("group", name="Sam Birch")
    expect(group.get_by_label("Month")).to_be_hidden()
    group.get_by_label("Nothing yet").check()
    expect(group.get_by_label("Month")).to_be_visible()
    page.get_by_role("button", name="Record the plan").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("the day to look again at Sam Birch")
    phone.looks("a day that is missing")
    phone.fails("/incidents/one-person", "Record and go on")
    page.get_by_label("Name or staff number").fill("Robin")
    page.get_by_role("button", name="Record and go on").click()
    page.get_by_label("Somebody new: Robin").check()
    expect(page.get_by_label("Works here as")).to_be_visible()
    phone.looks("somebody new")
    phone.opens(f"/incidents/{ref}/sheet")
    meets(story, ref, {"Robin Ashe": "individual_assessment", "Sam Birch": ("nothing_yet", date(2026, 4, 1))})
    phone.fails(f"/incidents/{ref}/join/{exposure_of(story, ref, 'Robin Ashe').id}", "Go on")
    phone.opens(f"/incidents/{ref}/people/{exposure_of(story, ref, 'Robin Ashe').id}/earlier")
    phone.opens(f"/incidents/{ref}")
    assert phone.wrong == []


def test_why_a_meeting_that_nobody_held_went_further(page_at: Pages, site: Site, address: str) -> None:
    made = site.organisation
    ref = Story(made).reports()
    for _ in range(9):
        made.later(hours=12)
        sweep(made)
    phone = signed_in(page_at, site, address, "Lee")
    phone.opens(f"/incidents/{ref}")
    expect(phone.page.get_by_role("heading", name="Taken further, and why")).to_be_visible()
    expect(phone.page.get_by_text("Taken to somebody else of the programme")).to_be_visible()
    assert phone.wrong == []


def test_protecting(page_at: Pages, site: Site, address: str) -> None:
    story = Story(site.organisation)
    story.organisation.add_person("Max Unsure", line_manager_known=False)
    ref = story.reports(evidence_hold=True, exposed=crew(story, "Max Unsure"))
    phone = signed_in(page_at, site, address, "Carol")
    phone.fails(f"/incidents/{ref}/hold", "Lift the evidence hold")
    phone.fails(f"/incidents/{ref}/clearance", "Clear briefings and groups")
    phone.fails(f"/incidents/{ref}/readers", "Restrict to named readers")
    phone.fails(f"/incidents/{ref}/open", "Lift the restriction")
    phone.fails(f"/incidents/{ref}/people/{exposure_of(story, ref, 'Max Unsure').id}/earlier", "Go on")
    page = phone.page
    phone.opens(f"/incidents/{ref}/people")
    page.get_by_label("Name or staff number").fill("Robin")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Add this person").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    phone.looks("somebody to be added, with errors")
    assert phone.wrong == []


def test_the_sheet_on_paper_is_the_list_alone(page_at: Pages, site: Site, address: str) -> None:
    ref = Story(site.organisation).reports(exposed=crew(Story(site.organisation), "Robin Ashe", "Sam Birch"))
    page = signed_in(page_at, site, address, "Carol", width=1200).page
    page.goto(f"/incidents/{ref}/sheet")
    page.emulate_media(media="print")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.get_by_text("Destroy after the meeting.")).to_be_visible()
    expect(page.locator(".trim-nav")).to_be_hidden()


def test_everything_can_be_reported_without_scripts(page_at: Pages, site: Site, address: str) -> None:
    site.as_("Rita")
    page = page_at(390, base_url=address, javascript=False)
    page.goto("/sign-in")
    page.locator("input[name=email]").fill(site.organisation.accounts["Rita"].email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").last.click()
    page.goto("/incidents/report")
    page.get_by_label("What happened, in short").fill("A fight.")
    page.get_by_role("button", name="Add more rows").click()
    expect(page.locator("fieldset.trim-row")).to_have_count(10)
    expect(page.get_by_label("What happened, in short")).to_have_value("A fight.")
