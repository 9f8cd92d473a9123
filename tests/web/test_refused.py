"""No refused attempt without its line in the trail (law 7)."""

from __future__ import annotations

import pytest

from tests.support.site import Site
from tests.support.story import Story
from tests.support.trail import lines
from trim.usecases.cases.exclude import exclude


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
    form.fill("How does it end?", "Support completed").submit()
    assert refusals(site, "Pat") == [("page:cases.action", "requirement")]


@pytest.mark.care(10)
def test_whoever_may_not_record_an_access_request_learns_no_reason_and_leaves_a_line(site: Site, story: Story) -> None:
    """Whom the person keeps away, and who is not named for a restricted incident: asking about one after the other
    would tell."""
    made, ref = site.organisation, story.supported_case()
    with made.backend.writing() as uow:
        exclude(uow, made.actor("Lee"), now=made.now, ref=ref, account_id=made.accounts["Carol"].id, reason="A wish.")
    page = site.as_("Carol").get("/access-requests/new")
    page = page.form().fill("Name or staff number", "Robin").submit("Search")
    form = page.form().fill("Whom do you mean?", "Robin Ashe").fill("Who asked?", "The person")
    form.fill("How did it come in?", "In person").fill("When did it come in?", made.now.date())
    page = form.fill("Language of the package", "English").submit("Record the request")
    assert page.errors() == ["You cannot record this request. Ask another coordinator or lead."]
    assert refusals(site, "Carol") == [("page:access_requests.new", "too_close")]


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
