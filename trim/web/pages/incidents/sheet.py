"""The sheet for the planning meeting: name, exposure and response, to be printed (CARE 9)."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.usecases.planning.meeting_page import show_meeting_sheet
from trim.web import context
from trim.web.access import allowed
from trim.web.pages.incidents.room import bp


@bp.get("/incidents/<ref>/sheet")
@allowed(Can.PLAN)
def meeting_sheet(ref: str) -> ResponseReturnValue:
    """The sheet, with boxes to tick by hand where nothing is decided."""
    with context.backend().writing() as uow:
        sheet = show_meeting_sheet(uow, context.signed_in_actor(), now=context.now(), incident_ref=ref)
    return render_template("incidents/sheet.html", sheet=sheet, now=context.now())
