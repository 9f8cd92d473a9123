"""What a page works with: the backend, the clock and who is signed in; made once by the application, found here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, g, has_request_context
from flask_login import current_user

from trim.domain.access import Actor
from trim.domain.errors import Forbidden
from trim.domain.organisation import Organisation
from trim.settings import Settings
from trim.usecases.people.who import who_is
from trim.usecases.unit_of_work import Backend


@dataclass(frozen=True)
class WebContext:
    """Handed to the application at its making; `clock` gives aware UTC, a test hands in its own."""

    settings: Settings
    backend: Backend
    clock: Callable[[], datetime]


def web_context() -> WebContext:
    """The context of the present application."""
    context: WebContext = current_app.extensions["trim"]
    return context


def backend() -> Backend:
    """Database, vault and packs."""
    return web_context().backend


def now() -> datetime:
    """The instant of this request: one request has one, however long it takes."""
    if not has_request_context():
        return web_context().clock()
    if "trim_now" not in g:
        g.trim_now = web_context().clock()
    instant: datetime = g.trim_now
    return instant


def actor() -> Actor | None:
    """Who is signed in, with the grants in force now; None for a stranger."""
    if "trim_actor" not in g:
        _load()
    found: Actor | None = g.trim_actor
    return found


def signed_in_actor() -> Actor:
    """Who acts on a page that only accounts reach. Raises Forbidden for a stranger, should a guard have failed."""
    found = actor()
    if found is None:
        raise Forbidden
    return found


def organisation() -> Organisation:
    """The organisation's settings as they are for this request."""
    if "trim_organisation" not in g:
        _load()
    found: Organisation = g.trim_organisation
    return found


def _load() -> None:
    account_id = current_user.account_id if current_user and current_user.is_authenticated else None
    with backend().reading() as uow:
        g.trim_organisation = uow.organisation
        g.trim_actor = who_is(uow, account_id, now()) if account_id else None
