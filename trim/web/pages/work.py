"""The start page of a practitioner."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.usecases.oversight.today import today as read_today
from trim.usecases.undertakings.lists import count_due
from trim.web import context
from trim.web.access import allowed
from trim.web.notices import notice_rows
from trim.web.paging import key_text, read_key

bp = Blueprint("work", __name__)


@bp.get("/today")
@allowed(Can.WORK_OWN_CASES)
def today() -> ResponseReturnValue:
    """What is due, what is asked, what was begun, what was told, who is on duty."""
    after = request.args.get("after")
    with context.backend().writing() as uow:
        found = read_today(uow, context.signed_in_actor(), now=context.now(), after=read_key(after))
        beside = count_due(uow, context.signed_in_actor(), now=context.now())
    following = key_text(found.due.after)
    return render_template(
        "work/today.html",
        today=found,
        beside=beside,
        told=notice_rows(found.told),
        now=context.now(),
        zone=context.organisation().zone,
        next_href=url_for("work.today", after=following) if following else None,
        start_href=url_for("work.today") if after else None,
    )
