"""Pages of support without an incident, on a phone and on a desk: no fault of accessibility, none too wide."""

from __future__ import annotations

import pytest

from tests.browser.test_incident_pages import address, database_kind, signed_in  # noqa: F401 - fixtures
from tests.support.chromium import Pages
from tests.support.site import Site
from tests.support.straw import add_straw, agreed_step, supported_case

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [390, 1200])
def test_plan_talk_and_requests_look_well(site: Site, address: str, page_at: Pages, width: int) -> None:  # noqa: F811
    organisation = site.organisation
    add_straw(organisation)
    ref = supported_case(organisation)
    step = agreed_step(organisation, ref)
    supporter = signed_in(page_at, site, address, "Quinn", width=width)
    for path in (f"/cases/{ref}", f"/agreed-steps/{step}", "/today", "/support", "/support/ask"):
        supporter.opens(path)
    supporter.fails(f"/cases/{ref}/actions/agree_step", "Add a step to the plan")
    supporter.fails("/support/concern", "Send the request")
    supporter.fails("/support/record", "Note the request")
    organisation.later(days=20)
    questions = signed_in(page_at, site, address, "Quinn", width=width)
    questions.opens(f"/cases/{ref}/interviews/record_review")
    questions.page.get_by_label("I have explained this").check()
    questions.page.get_by_role("button", name="Go to the questions").click()
    questions.page.get_by_text("Last time:").wait_for()
    questions.looks("the questions of a review")
    assert supporter.wrong + questions.wrong == []
