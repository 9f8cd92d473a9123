"""Letters as HTML: whole in themselves, with their font inside, so that printing fetches nothing."""

from __future__ import annotations

import base64
from functools import lru_cache

from flask import render_template

from trim.resources import static_dir
from trim.usecases.referral.letter import ReferralLetter

_FONT = "fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"
_FONT_MORE = "fonts/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2"


def letter_html(letter: ReferralLetter) -> str:
    """The referral letter in the language of this request."""
    return render_template("letters/referral.html", letter=letter, font=_font(_FONT), font_more=_font(_FONT_MORE))


@lru_cache(maxsize=4)
def _font(path: str) -> str:
    data = base64.b64encode((static_dir() / path).read_bytes()).decode("ascii")
    return f"data:font/woff2;base64,{data}"
