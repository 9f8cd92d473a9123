"""Counts every check of a password or code before it is made, and says so when there were too many."""

from __future__ import annotations

from flask import g, request
from flask_babel import gettext as _

from trim.usecases.people import sign_in_guard
from trim.usecases.people.sign_in_guard import Attempt
from trim.web import context
from trim.web.i18n import clock


def begin(address: str) -> Attempt:
    """Count an attempt at the account of an address; look at `locked_until` before checking anything."""
    with context.backend().writing() as uow:
        return sign_in_guard.begin_attempt(uow, now=context.now(), address=address, source=source())


def failed(attempt: Attempt, account_id: str | None, step: str) -> None:
    """The check failed: `step` is password, code or recovery_code."""
    with context.backend().writing() as uow:
        sign_in_guard.attempt_failed(uow, attempt, now=context.now(), account_id=account_id, step=step)


def accepted(attempt: Attempt) -> None:
    """The check went well but signs nobody in by itself."""
    with context.backend().writing() as uow:
        sign_in_guard.attempt_accepted(uow, attempt, now=context.now())


def keep_for_sign_in(attempt: Attempt, step: str) -> None:
    """Remember in this request what was checked last, for the line in the trail that a sign-in writes."""
    g.trim_attempt, g.trim_step = attempt, step


def of_this_request(address: str) -> tuple[Attempt, str]:
    """What was checked last in this request."""
    return g.get("trim_attempt", Attempt(address, source())), g.get("trim_step", "password")


def source() -> str:
    """Where the request comes from."""
    return request.remote_addr or "nowhere"


def too_many(attempt: Attempt) -> str:
    """The message for a locked address or source."""
    return _("There were too many attempts. Wait until %(time)s, then try again.", time=clock(attempt.locked_until))
