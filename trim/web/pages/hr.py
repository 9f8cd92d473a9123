"""Statistics for HR: fixed releases, never anything live (law 10)."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.web.access import allowed

bp = Blueprint("hr", __name__)


@bp.get("/statistics")
@allowed(Can.SEE_STATISTICS)
def statistics() -> ResponseReturnValue:
    """Which releases there are; so far none, and why."""
    return render_template("hr/statistics.html")
