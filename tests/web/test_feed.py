"""A practitioner's private calendar: fetched without a cookie, read back by a calendar library, revocable, nameless."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import icalendar
import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.organisation import SETUP
from tests.support.queries import counted
from tests.support.site import Site
from tests.support.story import Story
from tests.support.sweeping import step_of
from tests.support.trail import lines
from trim.domain.incident import ExposedPerson
from trim.store.tables import CalendarFeed
from trim.usecases.oversight.set_calendar import OwnCalendar, set_calendar
from trim.usecases.people.accounts import deactivate_account

PARIS, TORONTO = ZoneInfo("Europe/Paris"), ZoneInfo("America/Toronto")


def address(site: Site, who: str = "Pat") -> str:
    """The path of a new address, as its one page shows it."""
    page = site.as_(who).get("/account/calendar")
    page = page.press("Make a new address" if "Make a new address" in page.text else "Make an address")
    assert page.h1 == "Copy the address now"
    url = page.texts("main code")[0]
    assert urlsplit(url).path.endswith(".ics")
    return urlsplit(url).path


def fetch(site: Site, path: str, **headers: str) -> TestResponse:
    """What a calendar client gets, which has never signed in."""
    return site.app.test_client(use_cookies=False).get(path, headers=headers)


def events(answer: TestResponse) -> list[Any]:
    """The entries of an answer, as the library reads them."""
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    return list(icalendar.Calendar.from_ical(answer.get_data()).walk("VEVENT"))


def at(event: Any) -> datetime:
    found = event.decoded("dtstart")
    assert isinstance(found, datetime)
    return found


def test_what_is_due_stands_in_it_with_a_reference_and_no_name(site: Site) -> None:
    ref = Story(site.organisation).supported_case()
    answer = fetch(site, address(site))
    [event] = events(answer)
    step = step_of(site.organisation, ref, "first_assessment")
    assert at(event) == step.due_at
    assert event["uid"] == f"step-{step.id}@trim"
    assert str(event["summary"]) == f"Due: {ref}"
    assert urlsplit(str(event["url"])).path == f"/cases/{ref}"
    assert event["class"] == "PRIVATE"
    text = answer.get_data(as_text=True)
    for word in ("Robin", "Ashe", "Pat", "interview", "trauma", "incident", "Harbour"):
        assert word not in text


def test_it_is_fetched_without_a_cookie_and_kept_by_no_shared_cache(site: Site) -> None:
    Story(site.organisation).supported_case()
    path = address(site)
    answer = fetch(site, path)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers
    again = fetch(site, path, **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    client = site.app.test_client(use_cookies=False)
    for method in ("post", "put", "delete", "patch"):
        assert getattr(client, method)(path).status_code in (400, 405)
    head = client.head(path)
    assert (head.status_code, head.get_data()) == (200, b"")


def test_an_empty_one_is_a_whole_calendar(site: Site) -> None:
    answer = fetch(site, address(site, "Quinn"))
    assert events(answer) == []
    calendar = icalendar.Calendar.from_ical(answer.get_data())
    assert (calendar["version"], bool(calendar["prodid"])) == ("2.0", True)


def test_lines_are_folded_and_texts_escaped_as_the_standard_says(site: Site) -> None:
    Story(site.organisation).supported_case()
    body = fetch(site, address(site)).get_data()
    assert body.endswith(b"\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75


def test_a_clock_that_moves_keeps_its_entry_with_a_higher_number(site: Site) -> None:
    made = site.organisation
    made.now = datetime(2026, 3, 6, 12, tzinfo=UTC)
    story = Story(made)
    ref = story.supported_case()
    path = address(site)
    [before] = events(fetch(site, path))
    made.later(days=2)
    story.interviews(ref)
    [follow_up] = events(fetch(site, path))
    # The one that was done is gone, the one that came is another.
    assert follow_up["uid"] != before["uid"]
    made.later(hours=1)
    with made.backend.writing(alone=True) as uow:
        set_calendar(uow, SETUP, now=made.now, wanted=OwnCalendar("America/Toronto"))
    [moved] = events(fetch(site, path))
    assert moved["uid"] == follow_up["uid"]
    assert at(moved) != at(follow_up)
    assert moved["sequence"] > follow_up["sequence"]
    assert moved.decoded("last-modified") == made.now
    assert moved.decoded("last-modified") > follow_up.decoded("last-modified")


@pytest.mark.parametrize(
    ("zone", "opened"),
    [
        (PARIS, datetime(2026, 3, 27, 22, 30)),
        (PARIS, datetime(2026, 10, 23, 22, 30)),
        (TORONTO, datetime(2026, 3, 6, 20, 15)),
        (TORONTO, datetime(2026, 10, 30, 20, 15)),
    ],
)
def test_over_a_change_of_the_clock_every_client_shows_the_instant_of_the_case(
    site: Site, zone: ZoneInfo, opened: datetime
) -> None:
    made = site.organisation
    with made.backend.writing(alone=True) as uow:
        set_calendar(uow, SETUP, now=made.now, wanted=OwnCalendar(zone.key))
    made.now = opened.replace(tzinfo=zone).astimezone(UTC)
    ref = Story(made).supported_case()
    body = fetch(site, address(site)).get_data()
    [event] = events(fetch(site, address(site)))
    due = step_of(made, ref, "first_assessment").due_at
    assert at(event).astimezone(zone) == due.astimezone(zone)
    assert at(event).utcoffset() == timedelta(0)
    # In UTC, so that no client has to know the rules of a zone.
    assert b"TZID" not in body
    assert f"DTSTART:{due:%Y%m%dT%H%M%S}Z".encode() in body


def test_what_is_done_cancelled_or_handed_to_somebody_else_disappears(site: Site) -> None:
    story = Story(site.organisation)
    ref = story.supported_case()
    path, other = address(site), address(site, "Quinn")
    assert len(events(fetch(site, path))) == 1
    assert events(fetch(site, other)) == []
    story.does("Carol", "hand_over", ref, **_to(site, "Quinn"))
    story.does("Quinn", "accept_allocation", ref)
    assert f"Due: {ref}" not in [str(one["summary"]) for one in events(fetch(site, path))]
    assert f"Due: {ref}" in [str(one["summary"]) for one in events(fetch(site, other))]
    story.does("Quinn", "withdraw", ref)
    assert events(fetch(site, other)) == []


def _to(site: Site, who: str) -> dict[str, str]:
    return {"practitioner": site.organisation.accounts[who].id}


def test_the_address_is_shown_once_kept_as_a_digest_and_taken_back(site: Site) -> None:
    first = address(site)
    token = first.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) >= 43
    page = site.as_("Pat").get("/account/calendar")
    assert "It cannot be shown again." in page.text
    assert token not in page.html
    with site.organisation.backend.reading() as uow:
        [row] = uow.session.scalars(select(CalendarFeed))
        assert token not in str(row.model_dump())
    second = address(site)
    assert fetch(site, first).status_code == 410
    assert fetch(site, second).status_code == 200
    page = site.as_("Pat").get("/account/calendar").press("Take the address back")
    assert "The address shows nothing any more." in page.text
    assert "You have no address yet." in page.text
    assert fetch(site, second).status_code == 410
    with site.organisation.backend.reading() as uow:
        chain = f"account:{site.organisation.accounts['Pat'].id}"
        words = [one["what"] for one in lines(uow.session, chain) if one["what"].startswith("feed.")]
    assert words == ["feed.made", "feed.made", "feed.read", "feed.ended"]


def test_it_stands_in_the_trail_once_a_day_however_often_it_is_asked_for(site: Site) -> None:
    made = site.organisation
    Story(made).supported_case()
    path = address(site)
    for hours in (0, 1, 1, 23, 1):
        made.later(hours=hours)
        fetch(site, path)
    with made.backend.reading() as uow:
        chain = f"account:{made.accounts['Pat'].id}"
        assert [one["what"] for one in lines(uow.session, chain)].count("feed.read") == 2


@pytest.mark.care(11)
def test_who_has_left_is_shown_nothing(site: Site) -> None:
    made = site.organisation
    Story(made).supported_case()
    path = address(site)
    with made.backend.writing() as uow:
        deactivate_account(uow, made.actor("Adam"), now=made.now, account_id=made.accounts["Pat"].id)
    answer = fetch(site, path)
    assert answer.status_code == 410
    assert b"BEGIN" not in answer.get_data()


@pytest.mark.care(20)
def test_an_agreed_appointment_stands_in_it_until_it_is_called_off(site: Site) -> None:
    made = site.organisation
    story = Story(made)
    ref = story.supported_case()
    path = address(site)
    agreed = made.now + timedelta(days=2)
    log = {"channel": "phone", "arrangements": "Room 4", "appointment_at": agreed}
    story.does("Pat", "log_contact", ref, result="appointment_made", **log)
    answer = fetch(site, path)
    [event] = [one for one in events(answer) if str(one["summary"]) == f"Appointment: {ref}"]
    assert (at(event), event["sequence"]) == (agreed, 0)
    assert "Room" not in answer.get_data(as_text=True)
    made.later(hours=1)
    story.does("Pat", "log_contact", ref, channel="phone", result="appointment_moved", appointment_at=agreed)
    [moved] = [one for one in events(fetch(site, path)) if one["uid"] == event["uid"]]
    assert moved["sequence"] == 1
    pat = site.sign_in("Pat")
    taken = pat.client.get(pat.get(f"/cases/{ref}").link("Add it to your calendar"))
    assert taken.headers["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert events(taken)[0]["uid"] == event["uid"]
    story.does("Pat", "log_contact", ref, channel="phone", result="appointment_called_off")
    assert event["uid"] not in [one["uid"] for one in events(fetch(site, path))]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_it_asks_the_database_no_more_often_the_more_there_is(site: Site) -> None:
    story = Story(site.organisation)
    path = address(site)

    def asked() -> int:
        fetch(site, path)
        with counted(site.organisation.backend) as sent:
            fetch(site, path)
        return len(sent)

    story.supported_case()
    few = asked()
    for name in ("Sam Birch", "Carol Elm"):
        person = ExposedPerson(exposure="direct", person_id=site.organisation.people[name].id)
        ref = story.plans(story.reports(exposed=(person,)), who="Lee")
        assert ref is not None
        story.does("Lee", "make_offer", ref, channel="phone")
        story.does("Lee", "record_acceptance", ref)
        story.does("Lee", "allocate", ref, practitioner=site.organisation.accounts["Pat"].id)
        story.does("Pat", "accept_allocation", ref)
    assert len(events(fetch(site, path))) == 3
    assert asked() == few


def test_guesses_are_slowed_down_and_a_forgotten_telephone_locks_nobody_out(site: Site) -> None:
    made = site.organisation
    old = address(site)
    path = address(site)
    for _ in range(60):
        assert fetch(site, old).status_code == 410
    assert fetch(site, path).status_code == 200
    for number in range(40):
        assert fetch(site, f"/calendar/{number}.ics").status_code == 404
    answer = fetch(site, "/calendar/one-more.ics")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert fetch(site, path).status_code == 429
    assert answer.headers["Cache-Control"] == "no-store"
    made.later(minutes=16)
    assert fetch(site, path).status_code == 200


def test_nobody_without_cases_of_their_own_has_an_address(site: Site) -> None:
    for who in ("Carol", "Adam", "Hana", "Rita"):
        site.as_(who).get("/account/calendar", status=403)


def test_in_the_language_of_the_account(site: Site) -> None:
    ref = Story(site.organisation).supported_case()
    page = site.as_("Pat").get("/account").form("/account").fill("Language of pages and mails", "Français").submit()
    assert page.language == "fr"
    path = urlsplit(page.client.get("/account/calendar").press("Créer une adresse").texts("main code")[0]).path
    assert str(events(fetch(site, path))[0]["summary"]) == f"Échéance\u00a0: {ref}"
