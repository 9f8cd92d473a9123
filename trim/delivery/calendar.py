"""Writes calendars (RFC 5545): a practitioner's own feed, and the invitation to one appointment. Names nobody.

Instants are written in UTC: they are instants and not habits, so every client shows them right in whatever zone it is,
on the nights too when clocks change, and no rule of a zone has to travel along.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT: Final = "-//Trim//Trim calendar//EN"
#: How often a client may ask again.
REFRESH: Final = timedelta(hours=1)
#: How long something due is drawn: clients hide what has no length.
DRAWN: Final = timedelta(minutes=30)

#: What calendars say; they lie open on desks and telephones, so that a title says neither who nor why.
TITLES: Final = {
    "due": {"en": "Due: {ref}", "fr": "Échéance\u00a0: {ref}"},
    "appointment": {"en": "Appointment: {ref}", "fr": "Rendez-vous\u00a0: {ref}"},
    "invitation": {"en": "Appointment", "fr": "Rendez-vous", "both": "Appointment / Rendez-vous"},
}

Method = Literal["REQUEST", "PUBLISH", "CANCEL"]
"""REQUEST asks somebody, PUBLISH shows it for a calendar of one's own, CANCEL calls it off (RFC 5546)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed. `uid` stays the same for good; `revision` and `changed_at` grow when it changes."""

    uid: str
    what: Literal["due", "appointment"]
    ref: str
    url: str
    starts_at: datetime
    minutes: int | None
    revision: int
    changed_at: datetime


def uid_of(kind: str, row_id: str) -> str:
    """The lasting name of an entry: the row's id, which is random and says nothing."""
    return f"{kind}-{row_id}@trim"


def feed(entries: Iterable[Entry], *, language: str) -> bytes:
    """The calendar of a feed, the same bytes for the same entries; a calendar without any is whole as well."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Trim")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        event = _event(entry.uid, entry.starts_at, entry.minutes, entry.revision, entry.changed_at)
        event.add("summary", _title(entry.what, language, entry.ref))
        event.add("url", entry.url)
        # Something due takes no time away from anybody: a diary stays free there.
        event.add("transp", "OPAQUE" if entry.what == "appointment" else "TRANSPARENT")
        event.add("status", "CONFIRMED")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def invitation(
    *,
    method: Method,
    uid: str,
    starts_at: datetime,
    minutes: int,
    sequence: int,
    changed_at: datetime,
    organizer: str,
    attendee: str | None,
    language: str,
) -> bytes:
    """An invitation, or its calling off: one entry with a neutral title, no place, no name, no word of support.

    `language` "both" is for somebody whose language nobody asked. `organizer` and `attendee` are bare addresses;
    without an attendee it is for a practitioner's own calendar.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    event = _event(uid, starts_at, minutes, sequence, changed_at)
    event.add("summary", _title("invitation", language))
    event.add("transp", "OPAQUE")
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{organizer}"))
    if attendee is not None:
        address = vCalAddress(f"mailto:{attendee}")
        # Nobody reads answers: a client that asks for one would only puzzle people.
        address.params["RSVP"] = vText("FALSE")
        address.params["PARTSTAT"] = vText("ACCEPTED")
        address.params["ROLE"] = vText("REQ-PARTICIPANT")
        event.add("attendee", address)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _event(uid: str, starts_at: datetime, minutes: int | None, sequence: int, changed_at: datetime) -> Event:
    starts, changed = (
        starts_at.astimezone(UTC).replace(microsecond=0),
        changed_at.astimezone(UTC).replace(microsecond=0),
    )
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", sequence)
    event.add("dtstart", starts)
    event.add("dtend", starts + (timedelta(minutes=minutes) if minutes else DRAWN))
    event.add("class", "PRIVATE")
    return event


def _title(what: str, language: str, ref: str = "") -> str:
    texts = TITLES[what]
    if language not in texts:
        language = "fr" if language.startswith("fr") else "en"
    return texts[language].format(ref=ref)
