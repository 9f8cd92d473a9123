"""Which language a page is in, how days read in it, and that no text escapes the translators."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, g, session
from flask_babel import force_locale

from scripts.visible_text import problems_in_template
from tests.page_client import PageClient
from trim.web import i18n
from trim.web.frame import current_frame
from trim.web.next_page import safe_path

LATE = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # 00:30 of the 2nd in Paris


@pytest.mark.parametrize(
    ("switched", "account", "cookie", "browser", "chosen"),
    [
        ("fr", "en", "en", "en", "fr"),
        (None, "fr", "en", "en", "fr"),
        (None, None, "fr", "en", "fr"),
        (None, None, None, "fr-CA, en;q=0.5", "fr"),
        (None, None, None, "de, en-GB;q=0.7, fr;q=0.5", "en"),
        (None, None, None, "de", "en"),
        ("xx", "yy", "zz", "fr", "fr"),
        (None, None, None, None, "en"),
    ],
)
def test_the_nearest_choice_wins(
    gallery_app: Flask, switched: str | None, account: str | None, cookie: str | None, browser: str | None, chosen: str
) -> None:
    headers = [("Accept-Language", browser)] if browser else []
    if cookie:
        headers.append(("Cookie", f"{i18n.COOKIE}={cookie}"))
    with gallery_app.test_request_context(headers=headers):
        if switched:
            session[i18n.SESSION_KEY] = switched
        assert i18n.chosen_language(account) == chosen


def test_outside_a_request_the_account_decides() -> None:
    assert i18n.chosen_language("fr") == "fr"
    assert i18n.chosen_language(None) == "en"


def test_the_switch_stays_on_the_page_and_lasts(gallery: PageClient) -> None:
    page = gallery.get("/worklist?after=1").press("Français")
    assert page.language == "fr"
    assert page.h1 == "Mon travail"
    assert gallery.get("/panels").language == "fr"
    assert gallery.get("/panels").press("English").language == "en"


def test_a_language_that_is_none_of_ours_changes_nothing(gallery: PageClient) -> None:
    form_page = gallery.get("/worklist")
    token = form_page.find("input[name=csrf_token]")
    assert token is not None
    data = {"csrf_token": token.get("value"), "language": "de", "next": "/worklist"}
    assert gallery.post("/language", data).language == "en"


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/cases/C-1?x=1", "/cases/C-1?x=1"), (None, "/"), ("", "/"), ("https://example.org", "/"),
        ("//example.org", "/"), ("/\\example.org", "/"), ("javascript:x", "/"), ("/a\r\nLocation: x", "/"),
    ],
)  # fmt: skip
def test_the_way_back_never_leads_away(wanted: str | None, path: str) -> None:
    assert safe_path(wanted) == path


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ["2 March 2026", "Mon 2 March", "00:30", "Mon 2 March 2026, 00:30", "Mon 2 March, 00:30"]),
        ("fr", ["2 mars 2026", "lun. 2 mars", "00 h 30", "lun. 2 mars 2026, 00 h 30", "lun. 2 mars, 00 h 30"]),
    ],
)
def test_instants_read_on_the_organisations_clock(gallery_app: Flask, language: str, shown: list[str]) -> None:
    with gallery_app.test_request_context(), force_locale(language):
        ways = (i18n.day, i18n.short_day, i18n.clock, i18n.instant, i18n.short_instant)
        assert [way(LATE).replace("\u00a0", " ") for way in ways] == shown
        assert [way(None) for way in ways] == [""] * 5


@pytest.mark.parametrize(
    ("today", "shown"),
    [(None, "Sun 1 March"), (date(2026, 12, 31), "Sun 1 March"), (date(2027, 1, 1), "Sun 1 March 2026")],
)
def test_a_day_of_another_year_says_which(gallery_app: Flask, today: date | None, shown: str) -> None:
    with gallery_app.test_request_context():
        g.trim_frame = replace(current_frame(), today=today)
        assert i18n.short_day(date(2026, 3, 1)).replace("\u00a0", " ") == shown
        assert i18n.short_instant(LATE, ZoneInfo("UTC")).replace("\u00a0", " ") == f"{shown}, 23:30"


@pytest.mark.parametrize(("language", "end"), [("en", "Sat 28 February, 24:00"), ("fr", "sam. 28 février, 24 h 00")])
def test_what_is_due_at_midnight_is_due_at_the_end_of_the_day_before(
    gallery_app: Flask, language: str, end: str
) -> None:
    with gallery_app.test_request_context(), force_locale(language):
        paris, midnight = ZoneInfo("Europe/Paris"), datetime(2026, 2, 28, 23, tzinfo=UTC)
        assert i18n.by_instant(midnight, paris).replace("\u00a0", " ") == end
        later = midnight + timedelta(minutes=1)
        assert i18n.by_instant(later, paris) == i18n.short_instant(later, paris)
        assert i18n.by_instant(None) == ""


def test_the_first_of_a_month_in_french(gallery_app: Flask) -> None:
    with gallery_app.test_request_context(), force_locale("fr"):
        assert i18n.day(date(2026, 5, 1)) == "1er\u00a0mai\u00a02026"
        assert i18n.day(date(2026, 5, 11)) == "11\u00a0mai\u00a02026"


def test_an_instant_without_zone_never_reaches_a_page(gallery_app: Flask) -> None:
    with gallery_app.test_request_context(), pytest.raises(ValueError, match="zone"):
        i18n.instant(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("<p>\n{{ a }} Hello</p>", 2),
        ("<p>{% if a %}Hello{% endif %}</p>", 1),
        ('<img alt="A picture">', 1),
        ('<nav aria-label="Main"></nav>', 1),
        ('<input type="submit" value="Send">', 1),
        ('{% set title = "Report" %}', 1),
        ('{{ button("Send") }}', 1),
        ('\n{% call heading("Report") %}{% endcall %}', 2),
        ('{{ govukButton({"text": "Send"}) }}', 1),
        ('{{ notice(text="Saved") }}', 1),
        ('{{ "Yes" if a else "No" }}', 1),
    ],
)
def test_visible_text_outside_a_translation_is_found(tmp_path: Path, template: str, line: int) -> None:
    file = tmp_path / "page.html"
    file.write_text(template)
    assert [found[0] for found in problems_in_template(file)][:1] == [line]


@pytest.mark.parametrize(
    "template",
    [
        "<p>{{ _('Hello') }} – Trim</p>",
        "{% trans %}Hello{% endtrans %}",
        "<p class=\"{{ 'is-open' if a }}\">{# Hello #}</p>",
        "<script>let hello;</script>",
        '<input type="hidden" value="draft"><a href="/help">…</a>',
        '{{ button(_("Send"), kind="primary", name="do") }}',
    ],
)
def test_what_is_translated_or_never_seen_passes(tmp_path: Path, template: str) -> None:
    file = tmp_path / "page.html"
    file.write_text(template)
    assert problems_in_template(file) == []


def test_a_mail_is_read_as_text(tmp_path: Path) -> None:
    file = tmp_path / "mail.txt"
    file.write_text("{{ _('Hello') }}\nBest wishes")
    assert [line for line, _what in problems_in_template(file)] == [2]
