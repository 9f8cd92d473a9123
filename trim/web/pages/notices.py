"""What somebody was told, the newest first."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.usecases.people.notices import newest_notices, own_notice
from trim.web import context
from trim.web.access import signed_in
from trim.web.notices import address_of, words_of

bp = Blueprint("notices", __name__)


@bp.get("/notices")
@signed_in
def index() -> ResponseReturnValue:
    """The newest notices; each leads to the page where it can be seen to."""
    with context.backend().reading() as uow:
        told = newest_notices(uow, context.signed_in_actor())
    return render_template(
        "notices/index.html",
        rows=[(words_of(one), one, address_of(one)) for one in told],
        sees_undelivered=context.signed_in_actor().can(Can.SEE_UNDELIVERED),
    )


@bp.get("/notices/<notice_id>")
@signed_in
def go(notice_id: str) -> ResponseReturnValue:
    """Where the link of a mail leads: on to the page that the notice is about, or to the list of them."""
    with context.backend().reading() as uow:
        told = own_notice(uow, context.signed_in_actor(), notice_id)
    return redirect((address_of(told) if told else None) or url_for("notices.index"))
