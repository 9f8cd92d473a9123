"""Which problem becomes which page: the one place where HTTP codes meet our errors.

No page tells more than its reader may know: a missing record and one that is hidden look alike, a failure shows a
number and nothing else.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_babel import force_locale
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from trim.domain import errors as problems
from trim.domain.access import PERMISSIONS, Role
from trim.web.access import mark_of
from trim.web.i18n import chosen_language, language
from trim.web.role_names import role_name

log = logging.getLogger(__name__)

#: The code of each problem of ours, and the template in `templates/errors/` that shows it. A problem that is not
#: listed, nor a base of it, is a defect and becomes a 500.
PAGES: dict[type[problems.TrimError], tuple[int, str]] = {
    problems.SignedOut: (401, "signed_out"),
    problems.NotFound: (404, "404"),
    problems.Forbidden: (403, "403"),
    problems.ConflictUnknown: (403, "conflict_unknown"),
    problems.StaleVersion: (409, "stale"),
    problems.NotAllowedNow: (409, "refused"),
    problems.InvalidInput: (422, "422"),
    problems.KeyDestroyed: (410, "410"),
    problems.ContentDamaged: (500, "500"),
    problems.KeysUnavailable: (503, "unavailable"),
    problems.MissingTrailEntry: (500, "500"),
}

#: Codes of HTTP with a page of their own; all others share `other`.
_HTTP_PAGES = {400, 401, 403, 404, 413, 429}
#: Never shown again, nor kept in a page that offers to send the form once more.
_SECRET = ("password", "secret", "token", "passcode", "totp")


def init_errors(
    app: Flask,
    *,
    also: dict[type[problems.TrimError], tuple[int, str]] | None = None,
    note: Callable[[Exception], None] | None = None,
) -> None:
    """Register a page for every problem; `also` adds those of rooms that the web may not import by name.

    `note` writes a refusal to the trail, before its page is made.
    """
    for problem, (code, template) in (PAGES | (also or {})).items():
        app.register_error_handler(problem, _handler(code, template, note))
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failure)


def _handler(code: int, template: str, note: Callable[[Exception], None] | None) -> Callable[[Exception], Response]:
    def answer(problem: Exception) -> Response:
        if code >= 500:
            return _failure(problem, code=code)
        if note is not None:
            note(problem)
        return _page(code, template, problem=problem, **_details(problem))

    return answer


def _details(problem: Exception) -> dict[str, Any]:
    """What the page of a problem needs beside the problem itself."""
    if isinstance(problem, problems.StaleVersion):
        form = g.get("submitted_form")
        return {
            "changes": problem.changes,
            "typed": form.typed() if form is not None else [],
            "form": form,
            "resend": _resend(problem.current),
        }
    if isinstance(problem, problems.NotAllowedNow):
        return {"reasons": [reason.of(language()) for reason in problem.reasons]}
    if isinstance(problem, problems.SignedOut):
        return {"written": _written()}
    if isinstance(problem, problems.InvalidInput):
        return {"reasons": [reason.of(language()) for reason in problem.problems.values()]}
    if isinstance(problem, problems.Forbidden):
        return {"roles": [role_name(role) for role in getattr(problem, "roles", None) or _roles_of_route()]}
    return {}


def _roles_of_route() -> list[Role]:
    """The roles that the view's own mark lets in, in the order in which roles are always named."""
    mark = mark_of(current_app, request.endpoint) if request.endpoint else None
    wanted = mark if isinstance(mark, frozenset) else frozenset()
    return [role for role in Role if PERMISSIONS[role] & wanted]


def _resend(current: int) -> list[tuple[str, str]]:
    """Everything that was sent, with the present version: one deliberate press sends it again.

    Empty when there was no version to replace, because the form could then not have been stale.
    """
    if "version" not in request.form:
        return []
    kept = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in {"csrf_token", "version"} and not _is_secret(name)
    ]
    return [*kept, ("version", str(current))]


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in _SECRET)


def _csrf(problem: CSRFError) -> Response:  # noqa: ARG001 - its reason would help nobody but an attacker
    # Whoever wrote for an hour must not lose it: their words are shown for copying, never offered to be sent at once,
    # because the form may have come from another site.
    return _page(400, "csrf", written=_written())


def _written() -> list[str]:
    """What somebody had typed, for copying."""
    return [value for name, value in request.form.items(multi=True) if not _is_secret(name) and len(value) > 1]


def _http(problem: HTTPException) -> Response:
    code = problem.code or 500
    if problem.response is not None or code < 400:
        return make_response(problem.get_response())
    if code >= 500:
        return _failure(problem, code=code)
    roles = [role_name(role) for role in getattr(problem, "roles", ())]
    answer = _page(code, str(code) if code in _HTTP_PAGES else "other", roles=roles)
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        value = dict(problem.get_headers()).get(name)
        if value:
            answer.headers[name] = value
    return answer


def _failure(problem: Exception, *, code: int = 500) -> Response:
    """A failure: the reader gets a number, the log what failed where. No message: it may hold what somebody typed."""
    number = secrets.token_hex(4).upper()
    frames = traceback.format_list(traceback.extract_tb(problem.__traceback__))
    log.error("Incident %s: %s on %s\n%s", number, type(problem).__name__, request.endpoint, "".join(frames))
    try:
        return _page(code, "500", number=number)
    except Exception as second:  # The layout itself may need what has just failed, such as the database.
        log.error("Incident %s: the page about it failed as well: %s", number, type(second).__name__)
        return make_response(_bare(number), code)


def _bare(number: str) -> str:
    """The last resort: neither the frame nor the account's language is asked for, because both may need a database."""
    with force_locale(chosen_language(None)):
        return current_app.jinja_env.get_template("errors/bare.html").render(number=number)


def _page(code: int, template: str, **values: Any) -> Response:
    if request.accept_mimetypes.best == "application/json":
        answer = jsonify({"error": template, "number": values.get("number")})
        answer.status_code = code
        return answer
    return make_response(render_template(f"errors/{template}.html", code=code, **values), code)
