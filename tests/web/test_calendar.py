"""The page on which an administrator says where and when the organisation works."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.support.site import Site
from tests.support.story import Story


def at_work(site: Site) -> str:
    """The reference of a case with open deadlines, on the Friday before the clocks go forward in Toronto."""
    site.organisation.now = datetime(2026, 3, 6, 12, tzinfo=UTC)
    story = Story(site.organisation)
    return story.is_accepted(story.opens_case())


def test_an_administrator_sees_first_what_moves_and_then_does_it(site: Site) -> None:
    at_work(site)
    adam = site.as_("Adam")
    page = adam.get("/organisation/calendar")
    assert page.h1 == "Where and when you work"
    page = page.form().fill("Time zone", "America/Toronto").fill("Country", "Canada").fill("Region", "on")
    page = page.fill("Your own closing days", "2026-12-24 Christmas Eve\n2026-12-31").submit("See what would move")
    assert page.h1 == "What would move"
    assert "America/Toronto" in page.text
    assert "Canada, ON" in page.text
    assert "1 of " in page.text
    # Looked at, not done.
    assert adam.get("/organisation/calendar").form().value("Time zone") == "Europe/London"
    page = page.form().submit("Make this change")
    assert "Changed. All coordinators are told" in page.text
    assert page.form().value("Time zone") == "America/Toronto"
    assert page.form().value("Your own closing days") == "2026-12-24\n2026-12-31"
    assert "deadlines may have moved" in site.as_("Carol").get("/notices").text


def test_what_cannot_be_taken_is_told_at_its_field(site: Site) -> None:
    page = site.as_("Adam").get("/organisation/calendar").form()
    page = page.fill("Time zone", "Mars/Base").fill("Country", "France").fill("Region", "QC")
    page = page.submit("See what would move")
    assert page.errors() == [
        "This is no time zone. Enter one such as Europe/Paris or America/Toronto.",
        page.errors()[1],
    ]
    assert page.errors()[1].startswith("This region is not known. Leave it empty, or enter one of: 57, 6AE")
    page = page.form().fill("Your own closing days", "24/12/2026").submit("See what would move")
    assert page.errors() == ["“24/12/2026” is no day. Write each day as 2026-12-24, on a line of its own."]


def test_what_changed_meanwhile_is_shown_anew_and_not_done(site: Site) -> None:
    at_work(site)
    first = site.as_("Adam").get("/organisation/calendar").form().fill("Time zone", "America/Toronto")
    first = first.submit("See what would move")
    other = site.sign_in("Adam").get("/organisation/calendar").form().fill("Time zone", "Asia/Tokyo")
    other.submit("See what would move").form().submit("Make this change")
    page = first.form().submit("Make this change")
    assert page.h1 == "What would move"
    assert page.errors() == ["Somebody changed it meanwhile, or clocks moved. Look at what would happen now."]
    assert site.as_("Adam").get("/organisation/calendar").form().value("Time zone") == "Asia/Tokyo"
    assert "Changed." in page.form().submit("Make this change").text


def test_nothing_different_changes_nothing(site: Site) -> None:
    page = site.as_("Adam").get("/organisation/calendar").form().submit("See what would move")
    assert "Nothing differs" in page.text


def test_the_case_says_what_moved_and_why(site: Site) -> None:
    ref = at_work(site)
    page = site.as_("Adam").get("/organisation/calendar").form().fill("Time zone", "America/Toronto")
    page.submit("See what would move").form().submit("Make this change")
    page = site.as_("Carol").get(f"/cases/{ref}")
    assert "Deadlines moved: the organisation’s time zone, country or closing days changed" in page.text
    page = site.as_("Carol").get(f"/cases/{ref}/history")
    assert "Deadlines moved with the organisation's calendar" in page.text
    assert site.as_("Lee").get(f"/cases/{ref}").h1 == "Robin Ashe"
