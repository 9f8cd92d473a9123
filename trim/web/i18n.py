"""Which language a page is in, and how days and instants read in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, get_locale
from werkzeug.wrappers import Response

from trim.resources import translations_dir
from trim.web.frame import current_frame

#: Languages with a complete catalogue, each by the name its readers call it.
LANGUAGES = {"en": "English", "fr": "Français"}
COOKIE = "trim_language"
SESSION_KEY = "language"
_YEAR_IN_SECONDS = 365 * 24 * 3600
# British order of day and month, whatever Accept-Language says of the rest.
_FORMATTING = {"en": "en_GB", "fr": "fr_FR"}


def init_i18n(app: Flask, account_locale: Callable[[], str | None]) -> None:
    """Set up translations; `account_locale` gives the language of the account that is signed in, if any."""

    def choose() -> str:
        return chosen_language(account_locale())

    Babel(
        app,
        default_locale="en",
        locale_selector=choose,
        default_translation_directories=str(translations_dir()),
    )
    app.jinja_env.globals["languages"] = LANGUAGES
    app.jinja_env.globals["language"] = language
    app.jinja_env.filters.update(
        day=day, short_day=short_day, instant=instant, short_instant=short_instant, by_instant=by_instant, clock=clock
    )


def chosen_language(of_account: str | None) -> str:
    """The one switched to in this session, then the account's, the cookie's, the browser's, then English."""
    switched = session.get(SESSION_KEY) if has_request_context() else None
    for wanted in (switched, of_account):
        if wanted in LANGUAGES:
            return str(wanted)
    if not has_request_context():
        return "en"
    of_cookie = request.cookies.get(COOKIE)
    if of_cookie in LANGUAGES:
        return str(of_cookie)
    # Not best_match(): it passes over fr-CA for an exact en of lower quality.
    for wanted, _quality in request.accept_languages:
        if wanted[:2].lower() in LANGUAGES:
            return wanted[:2].lower()
    return "en"


def keep_language(response: Response, chosen: str, *, secure: bool) -> Response:
    """Remember the language of somebody who is not signed in, for a year; what is no language of ours is ignored."""
    if chosen in LANGUAGES:
        response.set_cookie(
            COOKIE, chosen, max_age=_YEAR_IN_SECONDS, secure=secure, httponly=True, samesite="Lax", path="/"
        )
    return response


def language() -> str:
    """The language of the page being made: `en` or `fr`."""
    locale = get_locale()
    return str(locale.language) if locale else "en"


def _formatting() -> str:
    return _FORMATTING.get(language(), "en_GB")


def _local(at: datetime, zone: ZoneInfo | None) -> datetime:
    if at.tzinfo is None:
        raise ValueError("An instant without zone reached a page.")
    return at.astimezone(zone or current_frame().zone)


def _ordinal(text: str, value: date) -> str:
    """French writes the first of a month as 1er."""
    return text.replace("1 ", "1er ", 1) if language() == "fr" and value.day == 1 else text


def day(value: date | None) -> str:
    """27 March 2026."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = _local(value, None).date()
    return _ordinal(babel_date(value, "d MMMM y", locale=_formatting()), value).replace(" ", "\u00a0")


def _with_weekday(value: date, *, year: bool) -> str:
    pattern = "EEE d MMMM y" if year else "EEE d MMMM"
    return _ordinal(babel_date(value, pattern, locale=_formatting()), value).replace(" ", "\u00a0")


def short_day(value: date | None) -> str:
    """Fri 27 March; with the year where that is not the present one: lists reach back for years."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = _local(value, None).date()
    today = current_frame().today
    return _with_weekday(value, year=today is not None and value.year != today.year)


def clock(at: datetime | None, zone: ZoneInfo | None = None) -> str:
    """21:30 on the organisation's clock; 21 h 30 in French."""
    if at is None:
        return ""
    pattern = "HH'\u00a0h\u00a0'mm" if language() == "fr" else "HH:mm"
    return str(babel_datetime(_local(at, zone).replace(tzinfo=None), pattern, locale=_formatting()))


def hour(full: int) -> str:
    """A full hour of the day as a clock shows it: 22:00; 22 h 00 in French."""
    return clock(datetime(2000, 1, 1, full, tzinfo=UTC), ZoneInfo("UTC"))


def instant(at: datetime | None, zone: ZoneInfo | None = None) -> str:
    """Fri 27 March 2026, 21:30 on the organisation's clock: whoever makes an appointment thinks in weekdays."""
    if at is None:
        return ""
    return f"{_with_weekday(_local(at, zone).date(), year=True)}, {clock(at, zone)}"


def short_instant(at: datetime | None, zone: ZoneInfo | None = None) -> str:
    """Fri 27 March, 21:30 on the organisation's clock."""
    if at is None:
        return ""
    return f"{short_day(_local(at, zone).date())}, {clock(at, zone)}"


def by_instant(at: datetime | None, zone: ZoneInfo | None = None) -> str:
    """An instant by which something is to be done. Midnight is the end of the day before, as people mean it: what may
    be done all Saturday reads "Sat 5 December, 24:00" and not "Sun 6 December, 00:00"."""
    if at is None:
        return ""
    local = _local(at, zone)
    if (local.hour, local.minute) != (0, 0):
        return short_instant(at, zone)
    midnight = "24\u00a0h\u00a000" if language() == "fr" else "24:00"
    return f"{short_day(local.date() - timedelta(days=1))}, {midnight}"


def of_text(text: Any) -> str:
    """A pack's Text (`.of(locale)`) in the page's language; other values as they are."""
    return str(text.of(language())) if hasattr(text, "of") else str(text)
