"""The switch between languages, for everybody, signed in or not."""

from __future__ import annotations

from flask import Blueprint, redirect, request, session
from flask.typing import ResponseReturnValue

from trim.web.access import public
from trim.web.i18n import LANGUAGES, SESSION_KEY, keep_language
from trim.web.next_page import safe_path

bp = Blueprint("language", __name__)


@bp.post("/language")
@public
def choose() -> ResponseReturnValue:
    """Show this and later pages in the chosen language, and go back to where the reader was."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session[SESSION_KEY] = chosen
    answer = redirect(safe_path(request.form.get("next")))
    return keep_language(answer, chosen, secure=request.is_secure)
