"""The application: everything is put together here, once, out of what is handed in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from trim.domain.errors import KeysUnavailable
from trim.resources import static_dir
from trim.settings import Settings, session_secret
from trim.store.database import DatabaseUnavailable
from trim.usecases.opening import open_instance
from trim.usecases.people.demonstration import clock_of
from trim.usecases.people.signing_in import LONGEST_SESSION
from trim.usecases.unit_of_work import Backend
from trim.web import context, pages
from trim.web.access import init_access
from trim.web.context import WebContext
from trim.web.errors import init_errors
from trim.web.frame import init_frame
from trim.web.i18n import init_i18n
from trim.web.made_up import init_made_up
from trim.web.page_frame import make_frame
from trim.web.refused import note_refusal
from trim.web.security_headers import init_security_headers
from trim.web.sign_in.passwords import STRONG, PasswordCost
from trim.web.sign_in.setup import init_sign_in
from trim.web.templating import init_templating
from trim.web.unavailable import show_unavailable

#: The largest request that is read, in bytes: a form with every box full stays far below.
MOST_BYTES = 1024 * 1024


def utc_now() -> datetime:
    """The clock on the wall; the only place of the web where it is read."""
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    backend: Backend | None = None,
    cost: PasswordCost = STRONG,
) -> Flask:
    """The application over an existing instance. Raises MasterKeyMissing when its keys are not there: none are made."""
    app = Flask("trim", static_folder=str(static_dir()), static_url_path="/static", template_folder=None)
    app.config.update(
        SECRET_KEY=session_secret(settings),
        SESSION_COOKIE_NAME="trim_session",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MOST_BYTES,
        # A form may lie open for as long as a session lasts: an interview takes its time.
        WTF_CSRF_TIME_LIMIT=int(LONGEST_SESSION.total_seconds()),
        # Over HTTPS this would also ask for the Referer, which our own Referrer-Policy keeps browsers from sending:
        # each form would be refused. The token and SameSite keep other sites out.
        WTF_CSRF_SSL_STRICT=False,
    )
    backend = backend or open_instance(settings)
    if settings.proxies:
        number = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=number, x_proto=number, x_host=number)  # type: ignore[method-assign]
    with suppress(DatabaseUnavailable):
        # Read once, as the worker does: `trim demo --until` asks for a restart. Without a database every page says so.
        clock = clock_of(backend, clock)
    app.extensions["trim"] = WebContext(settings, backend, clock)
    init_made_up(app)
    CSRFProtect(app)
    init_templating(app)
    init_i18n(app, _account_locale)
    init_frame(app, make_frame)
    init_sign_in(app, cost=cost, backend=backend)
    for blueprint in pages.blueprints():
        app.register_blueprint(blueprint)
    init_access(app)
    init_errors(app, note=note_refusal)
    app.register_error_handler(DatabaseUnavailable, show_unavailable)
    app.register_error_handler(KeysUnavailable, show_unavailable)
    init_security_headers(app)
    return app


def _account_locale() -> str | None:
    actor = context.actor()
    return actor.locale if actor else None
