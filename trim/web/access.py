"""Who may use a route: each view says so beside itself, and an application with a view that does not say cannot start.

The object behind a route (this case, that incident) is checked by the use case; here it is a matter of roles alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.domain.errors import Forbidden, SignedOut
from trim.web import context

View = TypeVar("View", bound=Callable[..., Any])

#: Marks of a view: anybody at all, anybody signed in, or a set of permissions of which one suffices.
PUBLIC = "public"
SIGNED_IN = "signed_in"
_MARK = "trim_access"

#: Routes that libraries bring along, which cannot bear a mark of ours.
BROUGHT_ALONG: dict[str, str] = {"static": PUBLIC}


def public(view: View) -> View:
    """Anybody may use it: sign-in, help, the language."""
    setattr(view, _MARK, PUBLIC)
    return view


def signed_in(view: View) -> View:
    """Anybody with an account may use it: one's own settings, the start page."""
    setattr(view, _MARK, SIGNED_IN)
    return view


def allowed(*permissions: Can) -> Callable[[View], View]:
    """Whoever holds one of these permissions somewhere may use it."""

    def mark(view: View) -> View:
        setattr(view, _MARK, frozenset(permissions))
        return view

    return mark


def mark_of(app: Flask, endpoint: str) -> Any:
    """The mark of a route; None when its view says nothing."""
    return getattr(app.view_functions[endpoint], _MARK, None) or BROUGHT_ALONG.get(endpoint)


def init_access(app: Flask) -> None:
    """Guard every route; call after all routes are there. Raises RuntimeError for one that says nothing."""
    silent = sorted(rule.endpoint for rule in app.url_map.iter_rules() if mark_of(app, rule.endpoint) is None)
    if silent:
        raise RuntimeError(f"these routes do not say who may use them: {', '.join(silent)}")
    app.before_request(guard)


def guard() -> ResponseReturnValue | None:
    """Let the request in, send a stranger to sign in, or refuse and write the refusal to the trail."""
    if request.endpoint is None:
        return None
    mark = mark_of(current_app, request.endpoint)
    if mark == PUBLIC:
        return None
    actor = context.actor()
    if actor is None:
        if request.method in {"GET", "HEAD"}:
            return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
        raise SignedOut
    if mark == SIGNED_IN or any(actor.can(permission) for permission in mark):
        return None
    # The page of this problem writes the refusal to the trail.
    raise Forbidden
