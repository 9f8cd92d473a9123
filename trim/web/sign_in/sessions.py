"""How long a session lasts, and its lines in the trail: none begins or ends without one."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request, session
from flask_login import current_user
from flask_security.signals import user_authenticated
from flask_security.utils import logout_user

from trim.usecases.people import signing_in
from trim.web import context
from trim.web.sign_in import attempts
from trim.web.sign_in.datastore import WITHOUT_ACCOUNT
from trim.web.sign_in.user import AccountUser, nobody

#: How often the cookie is written anew while somebody works, in seconds.
_NOTE_EVERY = 30


def init_sessions(app: Flask) -> None:
    """Watch the length of sessions and write their beginning to the trail."""
    app.before_request(end_old_session)
    user_authenticated.connect(begin_session, app)


def begin_session(_: Flask, user: AccountUser, authn_via: list[str] | None = None, **__: Any) -> None:
    """Write the sign-in to the trail; if that fails nobody is signed in."""
    now = context.now()
    try:
        if authn_via != ["change"]:
            attempt, step = attempts.of_this_request(user.email)
            with context.backend().writing() as uow:
                signing_in.record_sign_in(uow, user.account_id, now=now, attempt=attempt, step=step)
    except BaseException:
        session.clear()
        g._login_user = nobody()
        raise
    session["number"] = signing_in.new_session_number()
    session["began"] = session["seen"] = int(now.timestamp())
    forget_reader()


def end_old_session() -> None:
    """Sign out whoever was idle for too long, or has been signed in for half a day."""
    if request.endpoint in WITHOUT_ACCOUNT or "_user_id" not in session:
        return
    at = int(context.now().timestamp())
    seen, began = session.get("seen", 0), session.get("began", 0)
    because = None
    if at - seen > context.web_context().settings.idle_minutes * 60:
        because = "idle"
    elif at - began > signing_in.LONGEST_SESSION.total_seconds():
        because = "too_long"
    if because:
        end_session(because)
    elif at - seen >= _NOTE_EVERY:
        session["seen"] = at


def end_session(because: str) -> None:
    """End the session of this request, for good and in the trail; only the reader's language stays."""
    kept = {name: session[name] for name in ("language",) if name in session}
    try:
        if current_user.is_authenticated:
            with context.backend().writing() as uow:
                signing_in.record_sign_out(
                    uow, current_user.account_id, now=context.now(), number=session.get("number"), because=because
                )
    finally:
        # Whatever failed: who wanted to leave has left.
        logout_user()
        session.clear()
        session.update(kept, ended=because)
        forget_reader()


def forget_reader() -> None:
    """Who is signed in has changed within this request."""
    for name in ("trim_actor", "trim_organisation", "trim_frame"):
        g.pop(name, None)
