"""What a line of a history says, in the reader's language: catalogue, pack and codes put together."""

from __future__ import annotations

from flask_babel import gettext as _

from trim.domain.trail_codes import FORM, INTERVIEW, LISTS, PAGES
from trim.domain.trail_kinds import Kind
from trim.domain.trail_words import TRAIL_WORDS
from trim.usecases.oversight.history_lines import HistoryLine
from trim.web.i18n import language, of_text


def line_words(line: HistoryLine) -> str:
    """What was done, without code words; never what was said."""
    if line.ask:
        return _("Something about a case that asks you one question first")
    if line.told is not None:
        told, to_state = of_text(line.told), of_text(line.to_state) if line.to_state is not None else ""
        # "Incident closed → Closed" would say one thing twice.
        return told if to_state.lower() in told.lower() else f"{told} → {to_state}"
    words = TRAIL_WORDS.get(line.what)
    if words is None:
        # An action of a pack that is not installed here any more.
        return _("Action: %(what)s", what=line.what.partition(".")[2].replace("_", " "))
    said = words.words.of(language())
    return _page_words(line) or said if line.what.endswith(".read") else said


def who_words(line: HistoryLine) -> str:
    """Who did it, by name where there is an account."""
    if line.ask:
        return "–"
    if line.by is not None:
        return line.by
    return {
        "person": _("The person themselves"),
        "stranger": _("Somebody who was not signed in"),
        "system": _("The system"),
    }[line.otherwise]


def detail_words(line: HistoryLine) -> str:
    """Whom or what form it was about, where an entry names it."""
    said = []
    if line.about is not None:
        said.append(_("Concerns: %(name)s", name=line.about))
    if line.form is not None:
        said.append(of_text(line.form))
    return " · ".join(said)


def kind_words(kind: Kind) -> str:
    """A kind of entry, as a filter offers it."""
    return {
        Kind.CHANGE: _("Changes"),
        Kind.READ: _("Reading"),
        Kind.LIST: _("Lists with names"),
        Kind.SEARCH: _("Searches"),
        Kind.EXPORT: _("Exports"),
        Kind.DOCUMENT: _("Documents made"),
        Kind.STATISTICS: _("Statistics"),
        Kind.SIGN_IN: _("Signing in and out"),
        Kind.REFUSAL: _("Refused attempts"),
        Kind.ACCOUNTS: _("Accounts and roles"),
        Kind.SETTINGS: _("Settings"),
        Kind.PACK: _("Workflow packs"),
        Kind.KEYS: _("Keys"),
        Kind.ERASURE: _("Erasure"),
        Kind.JOB: _("Jobs of the machine"),
        Kind.BREAK_GLASS: _("Break-glass"),
    }[kind]


def _page_words(line: HistoryLine) -> str | None:
    page, locale = line.page, language()
    if line.what == "list.read":
        known = LISTS.get(page.partition(".")[0])
        listed = TRAIL_WORDS[line.what].words.of(locale)
        return _("%(list)s: %(name)s", list=listed, name=known.of(locale)) if known is not None else listed
    if page in PAGES:
        return PAGES[page].of(locale)
    if page.startswith("interview."):
        return INTERVIEW.of(locale)
    return FORM.of(locale) if "." in page else None
