"""The start: each account goes to the page of its first role."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from trim.web.access import signed_in

bp = Blueprint("start", __name__)


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """Where somebody's work begins."""
    return render_template("start/nobody.html")
