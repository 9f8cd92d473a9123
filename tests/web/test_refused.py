"""No refused attempt without its line in the trail (law 7)."""

from __future__ import annotations

import pytest

from tests.support.site import Site
from tests.support.story import Story
from tests.support.trail import lines


@pytest.fixture
def story(site: Site) -> Story:
    return Story(site.organisation)


def refusals(site: Site, who: str) -> list[tuple[str, str]]:
    chain = f"account:{site.organisation.accounts[who].id}"
    with site.organisation.backend.reading() as uow:
        found = [one for one in lines(uow.session, chain) if one["what"] == "access.refused"]
    return [(one["subject"], one["codes"]["reason"]) for one in found]


def test_a_page_of_another_role(site: Site) -> None:
    site.as_("Pat").get("/board", status=403)
    assert refusals(site, "Pat") == [("page:oversight.board", "role")]


def test_anothers_case_and_one_that_is_not_there_leave_the_same_line_without_a_reference(
    site: Site, story: Story
) -> None:
    ref = story.supported_case()
    site.as_("Quinn").get(f"/cases/{ref}", status=404)
    site.as_("Quinn").get("/cases/C-0000000", status=404)
    assert refusals(site, "Quinn") == [("page:cases.show", "nothing_there")] * 2


def test_an_action_that_the_rules_hold_back(site: Site, story: Story) -> None:
    ref = story.supported_case()
    form = site.as_("Pat").get(f"/cases/{ref}/actions/close").form("/close")
    form.fill("How does it end?", "Support completed").submit(status=409)
    assert refusals(site, "Pat") == [("page:cases.action", "requirement")]


def test_strangers_and_addresses_that_lead_nowhere_leave_none(site: Site) -> None:
    site.as_("Pat").get("/no-such-page", status=404)
    site.stranger().client.get("/cases/C-0000000")
    assert refusals(site, "Pat") == []


def test_a_refusal_that_cannot_be_written_is_a_failure(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_arguments: object, **_more: object) -> None:
        raise RuntimeError("no pen")

    client = site.as_("Pat").client
    monkeypatch.setattr("trim.web.refused.record_refusal", fails)
    site.app.testing = False
    try:
        assert client.get("/cases/C-0000000").status_code == 500
    finally:
        site.app.testing = True
