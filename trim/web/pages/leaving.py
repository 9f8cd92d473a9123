"""Handing cases over when a practitioner leaves, planned or not."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.usecases.oversight.leaving import Leaving, cases_of, unattended
from trim.web import context
from trim.web.access import allowed
from trim.web.paging import key_text, read_key

bp = Blueprint("leaving", __name__, url_prefix="/leaving")


@bp.get("")
@allowed(Can.ALLOCATE)
def index() -> ResponseReturnValue:
    """Every case that nobody attends to."""
    after = read_key(request.args.get("after"))
    with context.backend().writing() as uow:
        found = unattended(uow, context.signed_in_actor(), now=context.now(), after=after)
    return _page(found, "leaving.index")


@bp.get("/<account_id>")
@allowed(Can.ALLOCATE)
def show(account_id: str) -> ResponseReturnValue:
    """The open cases of one practitioner, who has left or will."""
    after = read_key(request.args.get("after"))
    with context.backend().writing() as uow:
        found = cases_of(uow, context.signed_in_actor(), now=context.now(), account_id=account_id, after=after)
    return _page(found, "leaving.show", account_id=account_id)


def _page(found: Leaving, endpoint: str, **where: Any) -> str:
    following = key_text(found.after)
    return render_template(
        "leaving/index.html",
        found=found,
        now=context.now(),
        zone=context.organisation().zone,
        next_href=url_for(endpoint, after=following, **where) if following else None,
        start_href=url_for(endpoint, **where) if request.args.get("after") else None,
    )
