"""A group session and periodic checks from their beginning to their end, over HTTP: every page comes from the pack."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.groups import running_check
from tests.support.site import Site
from tests.support.story import Story


@pytest.mark.care(27)
@pytest.mark.large_on_postgresql
def test_a_group_session_about_an_event(site: Site) -> None:
    made = site.organisation
    incident = Story(made).reports()
    page = site.as_("Carol").get(f"/incidents/{incident}").follow("Add a note for the site")
    page = page.form().fill("Note for the site", "The watch at six takes over.").submit("Add a note for the site")
    assert "The watch at six takes over." in page.text
    page = page.follow("Set up a briefing or a group session")
    assert page.form().submit("Set it up").errors() == ["Enter what it is about"]
    page = page.form().fill("What is it about?", "Fire at the depot").submit("Set it up")
    assert (page.h1, page.texts(".trim-window__title")) == ("Fire at the depot", ["Plan the session"])
    page = page.follow("Name who leads it").form().fill("Who leads it?", "Pat").submit("Name who leads it")
    page = page.follow("Plan the session").form()
    page = page.fill("What will it be?", "Group session").fill("When?", made.now + timedelta(days=1))
    page = page.submit("Plan the session")
    assert "Only those who lead it see who takes part." in page.text
    address = page.path

    pat = site.as_("Pat")
    assert "Fire at the depot" in pat.get("/undertakings").text
    page = pat.get(address).follow("Name somebody who is invited")
    page = page.form().fill("Name or staff number", "Robin Ashe").submit("Name somebody who is invited")
    assert "Robin Ashe" in page.text
    made.later(days=1, hours=2)
    page = (
        site.sign_in("Pat")
        .get(address)
        .follow("Record the session")
        .form()
        .fill("When was it?", made.now)
        .fill("What was it?", "Group session")
    )
    page = page.fill("How many minutes?", 75).fill("How many came?", 12).fill("Theme", "The days after")
    page = page.submit("Record the session")
    assert "75 minutes" in page.text
    page = page.follow("Note who came").form().fill("Who came?", ["Robin Ashe"]).submit("Note who came")
    assert "Came" in page.texts(".trim-tag")
    page = page.press("Offer a talk")
    assert "Talk offered" in page.texts(".trim-tag")
    page = page.press("Close the session")
    assert "Closed" in page.texts(".trim-heading .trim-tag")

    carol = site.sign_in("Carol")
    seen = carol.get(address)
    assert "Robin Ashe" not in seen.text
    assert "Make the offer" in carol.get("/").text, "the offer is the coordinator's to make"
    assert "Fire at the depot" in carol.get(f"/incidents/{incident}").text
    assert "Robin Ashe" not in carol.get("/undertakings?state=ended").text


@pytest.mark.care(22)
@pytest.mark.large_on_postgresql
def test_periodic_checks_of_somebody_without_any_event(site: Site) -> None:
    made = site.organisation
    page = site.as_("Carol").get("/undertakings").follow("New: Periodic check")
    page = page.form().fill("What is it about?", "Control room, nights").fill("For which unit?", "North")
    page = page.submit("Set it up")
    assert "Not yet: Name first who checks in." in page.text
    page = page.follow("Name who checks in").form().fill("Who checks in?", "Pat").submit("Name who checks in")
    page = page.follow("Name the person and begin").form().fill("Name or staff number", "Robin Ashe")
    page = page.fill("Why checks?", "Takes calls or runs the radio").submit("Name the person and begin")
    assert "Number 1 of a series." in page.text
    address = page.path
    made.later(days=85)
    assert "1 step is due in groups and checks" not in site.sign_in("Carol").get("/board").text
    made.later(days=8)
    assert "1 step is due in groups and checks" in site.sign_in("Carol").get("/board").text
    assert "1 step is due in groups and checks" in site.sign_in("Pat").get("/today").text
    page = site.sign_in("Pat").get(address).follow("Record the check").form().fill("When did you talk?", made.now)
    page = page.fill("How?", "Telephone").submit("Record the check")
    assert "Number 2 of a series." in page.text
    page = page.press("Offer support")
    assert "Talk offered" in page.texts(".trim-tag")
    page = site.sign_in("Carol").get(address).follow("End the checks").press("End the checks")
    assert "Ended" in page.texts(".trim-heading .trim-tag")


@pytest.mark.care(10)
@pytest.mark.large_on_postgresql
def test_whoever_may_be_in_line_is_asked_before_it_opens(site: Site) -> None:
    made = site.organisation
    made.add_person("Kim Vega", line_manager_known=False)
    ref = running_check(made, "Kim Vega")
    page = site.as_("Pat").get(f"/undertakings/{ref}", status=403)
    assert page.h1 == "One question first"
    assert "Kim Vega" not in page.text
    page = page.follow("Answer the question")
    assert "This is about Kim Vega." in page.text
    page = page.form("/line-manager").submit()
    assert page.errors() == ["Choose whether there is a line between you"]
    asked = "Do you lead anybody of them, or does anybody of them lead you?"
    page = page.form("/line-manager").fill(asked, "Yes").submit()
    assert "You will not see this any more" in page.text
    site.as_("Pat").get(f"/undertakings/{ref}", status=404)
    # The coordinator hears of it, is asked as well, and names somebody else.
    assert "cannot: name somebody else" in site.as_("Carol").get("/notices").text
    page = site.as_("Carol").get(f"/undertakings/{ref}/line-manager")
    page = page.form("/line-manager").fill(asked, "No").submit()
    assert "Nobody yet" in page.text
    page = page.follow("Name who checks in").form().fill("Who checks in?", "Quinn").submit("Name who checks in")
    assert "Quinn" in page.text
    assert "Pat" not in page.texts("main dl")[0]
