"""Joining and protection over HTTP: clocks before and after, the person’s wish, holds and readers with reasons."""

from __future__ import annotations

import pytest

from tests.page_client import Page
from tests.support.site import Site
from tests.support.story import Story
from tests.usecases.planning.people import crew, exposure_of, meets
from trim.domain.access import Role

PREFERS = "What does the person prefer?"


@pytest.fixture
def story(site: Site) -> Story:
    return Story(site.organisation)


def second(story: Story, *names: str) -> str:
    """Another incident with somebody who has support already; the meeting chose individual support."""
    everybody = names or ("Robin Ashe",)
    ref = story.reports(kind="assault", exposed=crew(story, *everybody))
    meets(story, ref, dict.fromkeys(everybody, "individual_assessment"), "Lee")
    return ref


def join_page(site: Site, ref: str, who: str = "Carol") -> Page:
    return site.as_(who).get(f"/incidents/{ref}").follow("One interview for both? Robin Ashe")


@pytest.mark.care(21)
def test_the_clocks_are_shown_before_and_after(site: Site, story: Story) -> None:
    made = story.organisation
    case = story.supported_case()
    made.later(days=3)
    story.interviews(case, points=1)
    made.later(days=1)
    page = join_page(site, second(story))
    assert page.h1 == "One interview for both?"
    first, follow_up = page.texts("tbody tr")
    assert first.startswith("First interview Not running Not before")
    assert follow_up.startswith("Follow-up interview Not before")
    assert follow_up.endswith("Not running")
    assert "Interviews held 1" in page.text
    done = page.form().fill(PREFERS, "One interview for both").submit("Go on")
    assert done.path == f"/cases/{case}"
    assert "First interview to come" in done.text
    assert "Done. One interview covers both." in done.text


@pytest.mark.care(21)
def test_the_person_may_prefer_two(site: Site, story: Story) -> None:
    case = story.supported_case()
    ref = second(story)
    page = join_page(site, ref)
    assert page.form().submit("Go on").errors() == ["Choose what the person prefers"]
    done = page.form().fill(PREFERS, "A separate case for this incident").submit("Go on")
    assert done.path.startswith("/cases/")
    assert done.path != f"/cases/{case}"
    site.as_("Carol").get(page.path, status=404)


def test_a_page_that_was_overtaken_is_told_so(site: Site, story: Story) -> None:
    case = story.supported_case()
    page = join_page(site, second(story))
    story.does("Pat", "log_contact", case, channel="phone", result="spoke")
    stale = page.form().fill(PREFERS, "One interview for both").submit("Go on", status=409)
    assert "Contact logged" in stale.text
    assert stale.press("Send mine now, knowing this").path == f"/cases/{case}"


def test_support_that_has_ended_leaves_one_way(site: Site, story: Story) -> None:
    case = story.supported_case()
    ref = second(story)
    story.does("Pat", "withdraw", case)
    page = join_page(site, ref)
    assert "has ended meanwhile" in page.text
    assert page.press("Open a case for this incident").path.startswith("/cases/")


@pytest.mark.care(10)
def test_why_a_practitioner_leaves_is_not_said(site: Site, story: Story) -> None:
    case = story.supported_case()
    ref = second(story, "Robin Ashe", "Pat Cole")
    page = join_page(site, ref, "Lee")
    assert "Another practitioner has to be found" in page.text
    assert "not available for this incident" in page.text
    page.form().fill(PREFERS, "One interview for both").submit("Go on")
    site.as_("Pat").get(f"/cases/{case}", status=404)


@pytest.mark.care(10)
def test_an_unknown_line_manager_is_asked_about_first(site: Site, story: Story) -> None:
    story.organisation.add_person("Max Unsure", line_manager_known=False)
    first = story.reports(exposed=crew(story, "Max Unsure"))
    meets(story, first, {"Max Unsure": "individual_assessment"})
    ref = second(story, "Max Unsure")
    address = f"/incidents/{ref}/join/{exposure_of(story, ref, 'Max Unsure').id}"
    page = site.as_("Carol").get(address, status=403)
    asked = page.client.get(page.find_all("main a[href*='line-manager']")[0].get("href", ""))
    asked.form().fill("Are you this person’s line manager, or do they lead you?", "No").submit()
    assert site.as_("Carol").get(address).h1 == "One interview for both?"


# Protection


@pytest.mark.care(17)
def test_the_hold_and_the_clearance_are_set_each_on_its_own_page(site: Site, story: Story) -> None:
    ref = story.reports()
    carol = site.as_("Carol")
    page = carol.get(f"/incidents/{ref}").follow("Change it Investigation")
    assert page.form().submit().errors() == ["Choose why"]
    shown = page.form().fill("Why?", "An investigation was opened").submit("Set the evidence hold")
    assert "Evidence hold: no account of the facts is taken" in shown.text
    assert "Evidence hold set" in shown.text
    assert "An investigation was opened" in shown.text
    cleared = shown.follow("Change it Briefings and groups").form().fill("Why?", "The investigation agreed")
    assert "Cleared by the investigation" in cleared.submit("Clear briefings and groups").text
    back = carol.get(f"/incidents/{ref}/clearance").form().fill("Why?", "The investigation took its agreement back")
    assert "Not before the investigation agrees" in back.submit("Take the clearance back").text
    lifted = carol.get(f"/incidents/{ref}/hold").form().fill("Why?", "The investigation is closed")
    assert "No investigation is known" in lifted.submit("Lift the evidence hold").text


@pytest.mark.care(17)
def test_a_page_that_was_overtaken_never_does_the_opposite(site: Site, story: Story) -> None:
    ref = story.reports()
    old = site.as_("Carol").get(f"/incidents/{ref}/hold").form().fill("Why?", "An investigation was opened")
    site.as_("Lee").get(f"/incidents/{ref}/hold").form().fill("Why?", "An investigation was opened").submit()
    stale = old.submit(status=409)
    again = stale.press("Send mine now, knowing this")
    assert "Evidence hold: no account of the facts is taken" in again.text
    without = (
        site.as_("Carol").get(f"/incidents/{ref}/hold").form().fill("Why?", "The investigation is closed").submit()
    )
    assert "No investigation is known" in without.text
    page = site.as_("Carol").get(f"/incidents/{ref}/clearance").form().fill("Why?", "The investigation agreed").submit()
    assert "nothing has to be cleared" in page.text


@pytest.mark.care(13)
def test_readers_are_named_and_the_restriction_is_lifted(site: Site, story: Story) -> None:
    story.organisation.add_account("Cleo", Role.COORDINATOR, unit="North")
    ref = story.reports()
    page = site.as_("Carol").get(f"/incidents/{ref}").follow("Change it Who may read it")
    assert page.form().values("Who may read it?") == ["Carol"]
    nobody = page.form().fill("Who may read it?", []).fill("Why?", "It was set by mistake").submit()
    assert nobody.errors() == ["Choose who may read it"]
    shown = (
        page.form().fill("Who may read it?", ["Carol", "Cleo"]).fill("Why?", "Everybody would know whom it is about")
    )
    assert "Carol, Cleo" in shown.submit("Restrict to named readers").text
    site.as_("Lee").get(f"/incidents/{ref}", status=404)
    assert ref not in site.as_("Lee").get("/incidents").text
    assert "You are named as a reader" in site.as_("Cleo").get("/notices").text
    away = site.as_("Cleo").get(f"/incidents/{ref}/readers").form().fill("Who may read it?", ["Carol"])
    assert away.fill("Why?", "Somebody is away or takes over").submit("Change who may read it").path == "/incidents"
    opened = site.as_("Carol").get(f"/incidents/{ref}").follow("Lift the restriction").form()
    assert opened.submit("Lift the restriction").errors() == ["Choose why"]
    opened.fill("Why?", "The reason for it has gone").submit("Lift the restriction")
    assert site.as_("Lee").get(f"/incidents/{ref}").status == 200
