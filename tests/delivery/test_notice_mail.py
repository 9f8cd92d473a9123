"""What a mail says, of every kind of notice, in both languages: a reference, a kind of thing, a link, no more."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

import trim
from trim.delivery.mail import Mail, as_message
from trim.delivery.notice_mail import Told, call_text, notice_mail
from trim.delivery.words import REFERRED, WORDS
from trim.domain.telling import PROMPT

BASE = "https://support.example.org"
REFERENCE = "C-7F2K9Q"
ID = "0f" * 16

#: What would blame the person supported, or anybody else, for a clock that ran out.
BLAME = re.compile(
    r"\b(fail\w*|forgot\w*|neglect\w*|refus(?:ed|es) to|did not (?:come|answer|attend)|overdue|late|missed|ignored"
    r"|manqu\w*|oubli\w*|néglig\w*|n’a pas répondu|absent\w*|en retard)\b",
    re.IGNORECASE,
)
#: Words of what was felt, happened or was said; a rule that failed is the machine's.
CONTENT = re.compile(
    r"\b(trauma\w*|suicid\w*|score|band|symptom\w*|collision|accident|death|died|alcohol|therap\w*|diagnos\w*"
    r"|décès|mort|symptôme\w*|alcool)\b",
    re.IGNORECASE,
)


def mail_of(
    kind: str, locale: str = "en", subject_kind: str = "case", *, urgent: bool = False, demonstration: bool = False
) -> Mail:
    return notice_mail(
        [Told(ID, kind, subject_kind, REFERENCE)],
        to="pat@example.org",
        locale=locale,
        base_url=BASE,
        message_id="ab" * 16,
        urgent=urgent,
        demonstration=demonstration,
    )


class Page(HTMLParser):
    """The tags of a page with their attributes, its letters and its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.letters = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.letters += data


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("kind", sorted(WORDS))
def test_every_kind_is_neutral_and_blames_nobody(kind: str, locale: str) -> None:
    for urgent in (False, True):
        mail = mail_of(kind, locale, urgent=urgent)
        page = Page(mail.html)
        for said in (mail.text, page.letters):
            assert REFERENCE in said
            assert not BLAME.search(said), said
            assert not CONTENT.search(said), said
        # Who reads the subject over a shoulder learns neither the kind of thing nor the reference.
        assert REFERENCE not in mail.subject
        assert not set(re.findall(r"\w{5,}", mail.subject.lower())) & {
            "support",
            "trauma",
            "case",
            "flag",
            "escalation",
        }
        assert f"{BASE}/notices/{ID}" in mail.text
        links = [attributes.get("href") for tag, attributes in page.tags if tag == "a"]
        assert links == [f"{BASE}/notices/{ID}", f"{BASE}/account/telling"]
        assert ("lang", locale) in page.tags[0][1].items()


@pytest.mark.parametrize("kind", sorted(WORDS))
def test_every_kind_has_french_words(kind: str) -> None:
    english, french = mail_of(kind), mail_of(kind, "fr-CA")
    assert french.language == "fr"
    assert english.language == "en"
    shared = set(english.text.splitlines()) & set(french.text.splitlines())
    assert all(not line.strip() or BASE in line or line == "-- " for line in shared), shared


def test_nothing_is_fetched_and_nobody_is_told_that_it_was_opened() -> None:
    mail = mail_of("red_flag", urgent=True)
    page = Page(mail.html)
    fetching = {"img", "script", "link", "iframe", "video", "audio", "object", "embed", "source", "form", "svg"}
    assert not {tag for tag, _ in page.tags} & fetching
    assert not [one for _, attributes in page.tags for one in attributes if one in ("src", "srcset", "background")]
    assert "url(" not in mail.html
    assert "@import" not in mail.html
    addresses = re.findall(r"https?://[^\s\"<]+", mail.html + mail.text)
    assert addresses
    assert all(one.startswith(f"{BASE}/") and "?" not in one for one in addresses)


def test_a_reference_that_says_nothing_is_left_out() -> None:
    mail = mail_of("role_to_confirm", subject_kind="grant")
    assert "grant" not in REFERRED
    assert REFERENCE not in mail.text + mail.html


def test_what_is_due_is_named_in_the_packs_words_and_nothing_breaks_out_of_it() -> None:
    told = [
        Told(ID, "step_due", "case", REFERENCE, "First <b>interview</b>"),
        Told("1" * 32, "step_due", "case", "C-2"),
    ]
    mail = notice_mail(told, to="a@example.org", locale="en", base_url=BASE + "/", message_id="x")
    assert "Something is due: First <b>interview</b> (C-7F2K9Q)" in mail.text
    assert "First &lt;b&gt;interview&lt;/b&gt;" in mail.html
    assert "2 things are waiting for you." in mail.text
    assert mail.subject == "Notices are waiting for you"


def test_a_demonstration_says_so_in_subject_and_text() -> None:
    mail = mail_of("step_due", "fr", demonstration=True)
    assert mail.subject.startswith("[Démonstration] ")
    assert "Toutes les personnes sont inventées" in mail.text
    assert "Toutes les personnes sont inventées" in mail.html


def test_the_message_holds_both_parts_its_language_and_its_own_id() -> None:
    mail = mail_of("red_flag", "fr", urgent=True)
    message = as_message(mail, "Trim <trim@support.example.org>", datetime(2026, 3, 2, tzinfo=UTC))
    assert message["Message-ID"] == f"<{'ab' * 16}@support.example.org>"
    assert message["Content-Language"] == "fr"
    assert message["Importance"] == "high"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert REFERENCE not in str(message["Message-ID"])


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_a_pager_shows_that_it_is_urgent_and_where_to_look(locale: str) -> None:
    text = call_text(Told(ID, "red_flag", "escalation", "E-9QK2F7"), locale)
    assert "E-9QK2F7" in text
    assert "Urgent" in text
    assert len(text) <= 160, "one short message"
    assert not CONTENT.search(text)
    assert "flag" not in text
    assert "E-9" not in call_text(Told(ID, "red_flag", "grant", "E-9QK2F7"), locale)


def test_every_kind_that_the_source_writes_has_words() -> None:
    written = set(_kinds_written())
    assert len(written) > 20
    assert written <= set(WORDS), written - set(WORDS)
    assert set(WORDS) >= PROMPT


def _kinds_written() -> list[str]:
    """The kinds handed to `tell` or `add` outright."""
    found = []
    for path in (Path(trim.__file__).parent / "usecases").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in ("tell", "_tell", "add"):
                found += [
                    one.value.value
                    for one in node.keywords
                    if one.arg == "kind" and isinstance(one.value, ast.Constant) and isinstance(one.value.value, str)
                ]
    return found


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
