"""Calendars as they are written, read back by a calendar library: instants, folding, escaping, what stays the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim.delivery.calendar import Entry, feed, invitation, uid_of

PARIS, TORONTO = ZoneInfo("Europe/Paris"), ZoneInfo("America/Toronto")
CHANGED = datetime(2026, 3, 1, 8, 0, 0, 123456, tzinfo=UTC)


def entry(starts_at: datetime, ref: str = "C-7F3K2M", **more: Any) -> Entry:
    values: dict[str, Any] = {
        "uid": uid_of("step", "a" * 32),
        "what": "due",
        "ref": ref,
        "url": f"https://trim.example/cases/{ref}",
        "starts_at": starts_at,
        "minutes": None,
        "revision": 3,
        "changed_at": CHANGED,
    }
    return Entry(**{**values, **more})


def read(written: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(written).walk("VEVENT"))


@pytest.mark.parametrize(
    ("zone", "wall", "fold", "utc"),
    [
        # The hour that comes twice, both times; the hour before one that is skipped, and the one after.
        (PARIS, datetime(2026, 10, 25, 2, 30), 0, "20261025T003000Z"),
        (PARIS, datetime(2026, 10, 25, 2, 30), 1, "20261025T013000Z"),
        (PARIS, datetime(2026, 3, 29, 1, 59), 0, "20260329T005900Z"),
        (PARIS, datetime(2026, 3, 29, 3, 0), 0, "20260329T010000Z"),
        (TORONTO, datetime(2026, 11, 1, 1, 30), 0, "20261101T053000Z"),
        (TORONTO, datetime(2026, 11, 1, 1, 30), 1, "20261101T063000Z"),
        (TORONTO, datetime(2026, 3, 8, 3, 0), 0, "20260308T070000Z"),
        (PARIS, datetime(2028, 2, 29, 9, 0), 0, "20280229T080000Z"),
    ],
)
def test_an_instant_is_the_same_for_every_client(zone: ZoneInfo, wall: datetime, fold: int, utc: str) -> None:
    at = wall.replace(tzinfo=zone, fold=fold)
    written = feed([entry(at)], language="en")
    assert f"DTSTART:{utc}".encode() in written
    assert b"TZID" not in written
    [event] = read(written)
    assert event.decoded("dtstart") == at.astimezone(UTC)
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=30)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=200))
def test_any_text_comes_back_and_no_line_is_too_long(ref: str) -> None:
    written = feed([entry(CHANGED, ref, url="https://trim.example/cases/x")], language="fr")
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    [event] = read(written)
    assert str(event["summary"]) == f"Échéance\u00a0: {ref}"


def test_commas_semicolons_backslashes_and_line_ends_are_escaped() -> None:
    written = feed([entry(CHANGED, "a,b;c\\d\ne", url="https://trim.example")], language="en")
    assert b"SUMMARY:Due: a\\,b\\;c\\\\d\\ne\r\n" in written
    assert str(read(written)[0]["summary"]) == "Due: a,b;c\\d\ne"


def test_without_entries_it_is_a_calendar_all_the_same() -> None:
    calendar = icalendar.Calendar.from_ical(feed([], language="en"))
    assert calendar["version"] == "2.0"
    assert calendar["prodid"]
    assert calendar.walk("VEVENT") == []


def test_the_same_entries_give_the_same_bytes_and_a_change_gives_others() -> None:
    one = feed([entry(CHANGED)], language="en")
    assert feed([entry(CHANGED)], language="en") == one
    assert feed([entry(CHANGED, revision=4)], language="en") != one


def test_what_is_due_takes_no_time_and_an_appointment_does() -> None:
    due, met = read(feed([entry(CHANGED), entry(CHANGED, what="appointment", minutes=60)], language="en"))
    assert (str(due["summary"]), due["transp"]) == ("Due: C-7F3K2M", "TRANSPARENT")
    assert (str(met["summary"]), met["transp"]) == ("Appointment: C-7F3K2M", "OPAQUE")
    assert due.decoded("dtstamp") == due.decoded("last-modified") == CHANGED.replace(microsecond=0)
    assert (due["sequence"], due["class"]) == (3, "PRIVATE")


@pytest.mark.parametrize(("method", "status"), [("REQUEST", "CONFIRMED"), ("CANCEL", "CANCELLED")])
def test_an_invitation_and_its_calling_off(method: Any, status: str) -> None:
    written = invitation(
        method=method,
        uid=uid_of("appointment", "b" * 32),
        starts_at=datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1),
        minutes=60,
        sequence=2,
        changed_at=CHANGED,
        organizer="no-reply@harbour.example",
        attendee="robin@home.example",
        language="fr",
    )
    calendar = icalendar.Calendar.from_ical(written)
    [event] = calendar.walk("VEVENT")
    assert (calendar["method"], event["status"], event["sequence"]) == (method, status, 2)
    assert str(event["summary"]) == "Rendez-vous"
    assert event.decoded("dtstart") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert event["attendee"].params["RSVP"] == "FALSE"
    assert not {"location", "description", "comment", "contact"} & {name.lower() for name in event}
