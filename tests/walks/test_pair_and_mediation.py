"""A pair of mentoring and a mediation from beginning to end, over HTTP, each run by a small pack of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.page_client import Page
from tests.support.groups import takes
from tests.support.site import Site


def does(page: Page, link: str, **filled: object) -> Page:
    """Follow an action to its form, fill it in and send it; its button bears the same words."""
    form = page.follow(link).form()
    for label, value in filled.items():
        form = form.fill(label, value)
    return form.submit(link)


@pytest.mark.large_on_postgresql
def test_a_pair_of_mentoring(site: Site) -> None:
    takes(site.organisation, "mentoring")
    made = site.organisation
    page = site.as_("Carol").get("/undertakings").follow("New: Pair")
    page = page.form().fill("What is it about?", "Night desk").fill("For which unit?", "North").submit("Set it up")
    page = does(page, "Name who looks after the pair", **{"Who looks after the pair?": "Pat"})
    # Nothing can be done next: the page says what comes before it, where the button would be.
    assert "Before “Record the match”: Name both sides first." in page.text
    page = does(page, "Name one side and their wishes", **{"Name or staff number": "Robin Ashe", "As whom?": "Mentor"})
    wishes = {"What about?": ["New here"], "Which wishes?": ["Somebody of another unit"]}
    page = does(
        page, "Name one side and their wishes", **{"Name or staff number": "Sam Birch", "As whom?": "Mentee", **wishes}
    )
    assert "New here" in page.text
    page = does(page, "Record the match", **{"How was the pair found?": "They chose each other"})
    page = does(page, "Write down the ground rules", **{"Ground rules": "Every other Monday, for an hour."})
    page = does(
        page,
        "Set a goal",
        **{"Which goal?": "Know the night desk", "How will you see it?": "Calls alone", "Where do you stand today": 2},
    )
    for _ in ("Robin Ashe", "Sam Birch"):
        page = page.press("Says yes to it")
    page = page.press("Begin the meetings")
    assert "Number 1 of a series." in page.text
    # The meeting is for whoever looks after the pair, and looking back is half a year away.
    assert "Pat takes the next step." in page.text
    assert "Before “End after looking back”" not in page.text
    address = page.path

    made.later(days=15)
    page = site.sign_in("Pat").get(address)
    page = does(page, "Record a meeting", **{"When did you meet?": made.now, "How many minutes?": 60})
    assert "Number 2 of a series." in page.text
    made.later(days=175)
    page = site.sign_in("Pat").get(address)
    assert "Not yet: Measure each goal once more first." in page.text
    page = does(page, "Measure a goal", **{"Which goal? Its number": 1, "Where do you stand now": 8})
    assert "2 at the beginning, 8 at the end." in page.text
    for side, worth in (("Mentor", 9), ("Mentee", 8)):
        page = does(page, "Note feedback of one side", **{"Of whom?": side, "Was it worth the time": worth})
    page = page.press("End after looking back")
    assert "Ended" in page.texts(".trim-heading .trim-tag")


@pytest.mark.care(30)
@pytest.mark.large_on_postgresql
def test_a_mediation(site: Site) -> None:
    takes(site.organisation, "mediation")
    made = site.organisation
    page = site.as_("Carol").get("/undertakings").follow("New: Mediation")
    page = page.form().fill("What is it about?", "Swapped shifts").fill("For which unit?", "North").submit("Set it up")
    page = does(page, "Name the mediator", **{"Who mediates?": "Pat"})
    for name in ("Robin Ashe", "Sam Birch"):
        page = does(page, "Name a party", **{"Name or staff number": name})
    gate = "Record whether it fits"
    investigated = "Must harassment or discrimination be looked into formally?"
    page = does(page, gate, **{investigated: "No", "Do both come of their own will?": "Yes"})
    assert "Talks with each side" in page.texts(".trim-heading .trim-tag")
    address = page.path

    page = site.as_("Pat").get(address)
    for _ in range(2):
        talk = {"When was it?": made.now, "With whom?": "With one side", "How many minutes?": 45}
        page = does(page, "Record a talk with one side", **talk)
    page = does(page, "Write down the ground rules", **{"Ground rules": "One speaks, the other listens."})
    assert "Not yet: Both have to say yes to the ground rules." in page.text
    for _ in range(2):
        page = page.press("Says yes to it")
    page = page.press("Go on together")
    talk = {"When was it?": made.now, "With whom?": "With both", "How many minutes?": 90}
    page = does(page, "Record a talk together", **talk)
    page = does(page, "Write down the agreement", **{"The agreement": "We ask before we swap a shift."})
    for _ in range(2):
        page = page.press("Says yes to it")
    page = page.press("Both have confirmed")
    assert "Look back together" in page.text
    made.now += timedelta(days=42)
    page = site.sign_in("Pat").get(address)
    page = does(page, "Record the look back", **{"When was it?": made.now, "Does the agreement hold?": "It holds"})
    assert "Closed" in page.texts(".trim-heading .trim-tag")


@pytest.mark.care(30)
@pytest.mark.large_on_postgresql
def test_what_must_be_looked_into_formally_never_comes_to_a_mediation(site: Site) -> None:
    takes(site.organisation, "mediation")
    page = site.as_("Carol").get("/undertakings").follow("New: Mediation")
    page = page.form().fill("What is it about?", "Two shifts").fill("For which unit?", "North").submit("Set it up")
    page = does(page, "Name the mediator", **{"Who mediates?": "Pat"})
    for name in ("Robin Ashe", "Sam Birch"):
        page = does(page, "Name a party", **{"Name or staff number": name})
    investigated = "Must harassment or discrimination be looked into formally?"
    answers = {investigated: "Yes", "Do both come of their own will?": "Yes"}
    page = does(page, "Record whether it fits", **answers)
    assert "Not for mediation" in page.texts(".trim-heading .trim-tag")
    assert page.texts("main button") == []
