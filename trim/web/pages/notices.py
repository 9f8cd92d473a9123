"""What somebody was told, the newest first."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from trim.usecases.people.notices import newest_notices
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
    return render_template("notices/index.html", rows=[(words_of(one), one, address_of(one)) for one in told])
