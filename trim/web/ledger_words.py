"""What a line of the person's own ledger says, in words for the person: no code words, nothing of what was written."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import ngettext

from trim.domain.trail_words import TRAIL_WORDS
from trim.usecases.ledger.read_ledger import Happened, Who
from trim.web.i18n import clock, language, of_text
from trim.web.role_names import role_name


def who_words(who: Who) -> str:
    """Who did it: name and role of those who support, the role alone of others, "You", or the system."""
    if who.kind == "person":
        return _("You")
    if who.kind == "stranger":
        return _("Somebody at your private link, without the code")
    if who.kind == "system":
        return _("The system, by itself")
    role = role_name(who.role) if who.role else ""
    if who.kind == "role":
        return _("Somebody as %(role)s", role=role)
    name = who.name or _("Somebody who is no longer here")
    return f"{name}, {role}" if role else name


def said(who: Who) -> list[tuple[str, str]]:
    """What somebody did on a day, with when and how often; what reads alike is one line (forms are many, words few)."""
    alike: dict[str, Happened] = {}
    for one in who.happened:
        words = words_of(one, by_the_person=who.kind == "person")
        seen = alike.get(words)
        if seen is not None:
            one = replace(
                seen,
                first_at=min(seen.first_at, one.first_at),
                last_at=max(seen.last_at, one.last_at),
                times=seen.times + one.times,
            )
        alike[words] = one
    return [(words, times_words(one)) for words, one in alike.items()]


def words_of(one: Happened, *, by_the_person: bool = False) -> str:
    """What was done, as it concerns the person."""
    if one.what == "case.read":
        return _read(one.page)
    if one.label is not None:
        own_step = {
            "case.withdraw": _("Stopped the support"),
            "case.record_decline": _("Declined the offer"),
        }.get(one.what)
        # A pack says "The person wished to stop": to coordinators, not to the person.
        return own_step if own_step and by_the_person else of_text(one.label)
    own = {
        "list.read": _("Read a list in which your name stands"),
        "disclosures.listed": _("Read a list in which your name stands"),
        "history.read": _("Read who has opened your record"),
        "incident.read": _("Read about an event where you were named"),
        "incident.sheet_made": _("Made the sheet for a meeting in which your name stands"),
        "incident.earlier_read": _("Read at which other events you were"),
        "break_glass.opened": _("Opened your record in an emergency, without supporting you or working for your unit"),
        "break_glass.ended": _("Closed the emergency look at your record"),
        "ledger.read": _("Opened the page to stop") if one.page == "stop" else _("Opened this page"),
        "link.made": _("Made a private link for you"),
        "link.sent": _("Sent the link to the address you chose"),
        "link.not_sent": _("Could not send the link by mail"),
        "link.taken_back": _("Took your link back"),
        "link.opened": _("Gave the right code"),
        "link.closed": _("Closed these pages"),
        "link.code_refused": _("A wrong code was given at your link"),
        "link.locked": _("Your link was locked after wrong codes"),
        "link.wanted": _("A new link was asked for"),
        "ledger.return_asked": _("Asked to come back"),
    }.get(one.what)
    if own is not None:
        return own
    known = TRAIL_WORDS.get(one.what)
    return known.words.of(language()) if known is not None else _("Something else was done on your record")


def times_words(one: Happened) -> str:
    """When on that day, and how often."""
    if one.times == 1:
        return clock(one.first_at)
    between = _("%(first)s to %(last)s", first=clock(one.first_at), last=clock(one.last_at))
    times = ngettext("once", "%(num)s times", one.times)
    return f"{times}, {between}" if clock(one.first_at) != clock(one.last_at) else f"{times}, {clock(one.first_at)}"


def _read(page: str) -> str:
    words = {
        "case": _("Read your record"),
        "offer": _("Saw your name, your unit and the kind of event"),
        "line_manager": _("Saw your name, to say whether they lead you"),
        "exclusion": _("Opened the page where people are kept away from your record"),
        "call_now": _("Opened the numbers to call"),
        "escalation": _("Read a question about you to the coordinator"),
        "referral": _("Read about help elsewhere for you"),
        "agreed_step": _("Read a step of your plan"),
        "history": _("Read who has opened your record"),
        "private_link": _("Opened the page of your private link"),
    }
    return words.get(page) or (_("Opened a form of your record") if "." in page else _("Read your record"))
