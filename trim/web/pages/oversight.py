"""The start page of coordinators and programme leads, and the lists behind it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.engine.wording import Text
from trim.usecases.disclosure.read_request import open_requests
from trim.usecases.oversight.board import EACH
from trim.usecases.oversight.board import board as read_board
from trim.usecases.oversight.lists import list_due, list_overdue
from trim.usecases.oversight.rows import Listed
from trim.usecases.planning.waiting import incidents_waiting
from trim.usecases.undertakings.lists import count_due
from trim.web import context
from trim.web.access import allowed
from trim.web.i18n import of_text
from trim.web.notices import notice_rows
from trim.web.paging import key_text, read_key

bp = Blueprint("oversight", __name__)


@bp.get("/board")
@allowed(Can.OVERSEE_CASES)
def board() -> ResponseReturnValue:
    """What waits for somebody."""
    actor, now = context.signed_in_actor(), context.now()
    with context.backend().writing() as uow:
        found = read_board(uow, actor, now=now)
        waiting = incidents_waiting(uow, actor, now, limit=EACH)
        asked = open_requests(uow, actor, limit=EACH)
        beside = count_due(uow, actor, now=now)
    return render_template(
        "oversight/board.html",
        board=found,
        events=waiting,
        asked=asked,
        beside=beside,
        today=now.astimezone(context.organisation().zone).date(),
        told=notice_rows(found.told),
        now=now,
        zone=context.organisation().zone,
    )


@bp.get("/board/due/<kind>/<name>")
@allowed(Can.OVERSEE_CASES)
def due(kind: str, name: str) -> ResponseReturnValue:
    """Everything that waits at one step."""
    with context.backend().writing() as uow:
        label, listed = list_due(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            kind=kind,
            name=name,
            after=read_key(request.args.get("after")),
        )
    return _listed(label, listed, "oversight.due", kind=kind, name=name)


@bp.get("/board/overdue")
@allowed(Can.OVERSEE_CASES)
def overdue() -> ResponseReturnValue:
    """Everything that practitioners are late with."""
    with context.backend().writing() as uow:
        listed = list_overdue(
            uow, context.signed_in_actor(), now=context.now(), after=read_key(request.args.get("after"))
        )
    return _listed(_("Overdue with practitioners"), listed, "oversight.overdue")


def _listed(label: Text | str, listed: Listed, endpoint: str, **where: Any) -> str:
    following = key_text(listed.after)
    return render_template(
        "oversight/due.html",
        label=of_text(label),
        listed=listed,
        now=context.now(),
        zone=context.organisation().zone,
        next_href=url_for(endpoint, after=following, **where) if following else None,
        start_href=url_for(endpoint, **where) if request.args.get("after") else None,
    )
