"""The blueprint of the private pages, and the cookie that holds their session: apart from the staff's sign-in."""

from __future__ import annotations

from flask import Blueprint, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from trim.usecases.ledger.open_link import IDLE
from trim.web import context

bp = Blueprint("private", __name__, url_prefix="/private")

COOKIE = "trim_private"
#: Sent to these pages alone.
PATH = "/private"


def session_number() -> str:
    """The number of the session that this browser holds; '' without one, or when nothing was looked at for long."""
    try:
        number, seen = _serializer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return ""
    is_idle = context.now().timestamp() - float(seen) > IDLE.total_seconds()
    return "" if is_idle else str(number)


def keep(answer: Response, number: str) -> Response:
    """Note in the cookie that somebody looks now: idle time is reckoned there, so that looking changes no row."""
    answer.set_cookie(
        COOKIE,
        _serializer().dumps([number, int(context.now().timestamp())]),
        path=PATH,
        httponly=True,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        samesite="Strict",
    )
    return answer


def drop(answer: Response) -> Response:
    """Take the cookie away."""
    answer.delete_cookie(COOKIE, path=PATH)
    return answer


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="private session")
