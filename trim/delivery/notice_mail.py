"""A mail about what waits for somebody: kind of thing, reference, link. It names nobody and holds no case content.

Nothing in it is fetched from anywhere: no image, no font, nothing that tells a stranger that it was opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from trim.delivery.mail import Mail
from trim.delivery.words import N_, REFERRED, UNKNOWN, WORDS
from trim.resources import templates_dir, translations_dir

#: Languages of which there is a catalogue; English is what the texts are written in.
TRANSLATED = frozenset({"fr"})

#: Subjects say that something waits and nothing of what: they stand on locked screens and in other people's sight.
ONE = N_("A notice is waiting for you")
SEVERAL = N_("Notices are waiting for you")
URGENT = N_("Urgent: please sign in now")
CALL = N_("Urgent: please sign in now and look at %(reference)s")
MARK = N_("[Demonstration]")


@dataclass(frozen=True, slots=True)
class Told:
    """One notice in a mail; `due` is the pack's name of what is due, in the recipient's language."""

    notice_id: str
    kind: str
    subject_kind: str
    subject_ref: str
    due: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    words: str
    reference: str
    link: str


def notice_mail(
    told: Sequence[Told],
    *,
    to: str,
    locale: str,
    base_url: str,
    message_id: str,
    urgent: bool = False,
    demonstration: bool = False,
) -> Mail:
    """One mail about one or several notices, as text and as HTML, in the recipient's language."""
    language = language_of(locale)
    words = _translations(language)
    lines = [
        _Line(_words(one, words), reference_of(one), f"{base_url.rstrip('/')}/notices/{one.notice_id}") for one in told
    ]
    subject = words.gettext(URGENT if urgent else ONE if len(lines) == 1 else SEVERAL)
    if demonstration:
        subject = f"{words.gettext(MARK)} {subject}"
    values: dict[str, Any] = {
        "lines": lines,
        "urgent": urgent,
        "demonstration": demonstration,
        "language": language,
        "subject": subject,
        "settings": f"{base_url.rstrip('/')}/account/telling",
    }
    environment = _environment(language)
    return Mail(
        to=(to,),
        subject=subject,
        text=environment.get_template("notices.txt").render(values),
        html=environment.get_template("notices.html").render(values),
        message_id=message_id,
        language=language,
        urgent=urgent,
    )


def call_text(told: Told, locale: str, *, demonstration: bool = False) -> str:
    """What a pager shows: that something is urgent, and where to look."""
    words = _translations(language_of(locale))
    reference = reference_of(told)
    text = str(words.gettext(CALL) % {"reference": reference} if reference else words.gettext(URGENT))
    return f"{words.gettext(MARK)} {text}" if demonstration else text


def reference_of(told: Told) -> str:
    """The reference that people read out; empty where it is an id that says nothing."""
    return told.subject_ref if told.subject_kind in REFERRED else ""


def language_of(locale: str) -> str:
    """`fr` or `en`: the languages there are."""
    return locale[:2] if locale[:2] in TRANSLATED else "en"


def _words(told: Told, words: NullTranslations) -> str:
    said = words.gettext(WORDS.get(told.kind, UNKNOWN))
    return words.gettext(N_("%(what)s: %(due)s")) % {"what": said, "due": told.due} if told.due else str(said)


@lru_cache(maxsize=4)
def _translations(language: str) -> NullTranslations:
    if language not in TRANSLATED:
        return NullTranslations()
    return Translations.load(str(translations_dir()), [language])


@lru_cache(maxsize=4)
def _environment(language: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(templates_dir() / "mails"),
        autoescape=select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # The extension adds this method to an environment when it is loaded: no type can know it.
    made.install_gettext_translations(_translations(language), newstyle=True)  # type: ignore[attr-defined]
    return made
