"""The list of cases that a supervisor sees."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.usecases.oversight.lists import OPEN, list_cases
from trim.web import context
from trim.web.access import allowed
from trim.web.pages.cases.room import bp
from trim.web.paging import key_text, read_key


@bp.get("/cases")
@allowed(Can.OVERSEE_CASES)
def index() -> ResponseReturnValue:
    """Cases by state, the newest first."""
    state, after = request.args.get("state", OPEN), request.args.get("after")
    with context.backend().writing() as uow:
        found = list_cases(uow, context.signed_in_actor(), now=context.now(), state=state, after=read_key(after))
    following = key_text(found.listed.after)
    return render_template(
        "cases/index.html",
        found=found,
        state=state,
        next_href=url_for("cases.index", state=state, after=following) if following else None,
        start_href=url_for("cases.index", state=state) if after else None,
    )
