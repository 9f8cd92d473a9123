"""Letters as HTML: whole in themselves, with their font inside, so that printing fetches nothing."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from flask import render_template

from trim.resources import static_dir
from trim.usecases.disclosure.package import Package
from trim.usecases.oversight.history import MOST, History, HistoryFilter
from trim.usecases.referral.letter import ReferralLetter

_FONT = "fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"
_FONT_MORE = "fonts/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2"


def letter_html(letter: ReferralLetter) -> str:
    """The referral letter in the language of this request."""
    return render_template("letters/referral.html", letter=letter, font=_font(_FONT), font_more=_font(_FONT_MORE))


def history_html(
    found: History, wanted: HistoryFilter, heads: Sequence[str], cells: Sequence[Sequence[str]], made_at: datetime
) -> str:
    """A history as a table to print, in the language of this request."""
    return render_template(
        "letters/history.html",
        found=found,
        wanted=wanted,
        heads=heads,
        cells=cells,
        made_at=made_at,
        most=MOST,
        font=_font(_FONT),
        font_more=_font(_FONT_MORE),
    )


def package_html(package: Package) -> str:
    """Everything held on a person, as a document to read, in the language of this request."""
    return render_template(
        "letters/access_package.html", package=package, font=_font(_FONT), font_more=_font(_FONT_MORE)
    )


def embedded_fonts() -> dict[str, str]:
    """The font as data addresses, for documents that another room writes."""
    return {"font": _font(_FONT), "font_more": _font(_FONT_MORE)}


@lru_cache(maxsize=4)
def _font(path: str) -> str:
    data = base64.b64encode((static_dir() / path).read_bytes()).decode("ascii")
    return f"data:font/woff2;base64,{data}"
