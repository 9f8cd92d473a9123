"""Health: tells whoever watches the server whether it can work. It says nothing about anybody."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from trim.store.database import DatabaseUnavailable, ping
from trim.web import context
from trim.web.access import public

bp = Blueprint("health", __name__)


@bp.get("/health")
@public
def show() -> ResponseReturnValue:
    """200 when the database answers, 503 when it does not; the cause stands in the server's own log, not here."""
    try:
        ping(context.backend().database)
    except DatabaseUnavailable:
        return {"status": "database does not answer"}, 503
    return {"status": "ok"}
