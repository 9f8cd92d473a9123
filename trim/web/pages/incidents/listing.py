"""The list of incidents."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.usecases.intake.list_incidents import OPEN, list_incidents
from trim.web import context
from trim.web.access import allowed
from trim.web.pages.incidents.room import bp
from trim.web.paging import key_text, read_key


@bp.get("/incidents")
@allowed(Can.SEE_INCIDENTS)
def index() -> ResponseReturnValue:
    """Incidents by state, the newest first."""
    after = request.args.get("after")
    with context.backend().reading() as uow:
        page = list_incidents(
            uow, context.signed_in_actor(), show=request.args.get("state", OPEN), after=read_key(after)
        )
    following = key_text(page.after)
    return render_template(
        "incidents/index.html",
        page=page,
        now=context.now(),
        zone=context.organisation().zone,
        next_href=url_for("incidents.index", state=page.shown, after=following) if following else None,
        start_href=url_for("incidents.index", state=page.shown) if after else None,
    )
