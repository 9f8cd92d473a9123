"""Codes of the second step: each is taken once."""

from __future__ import annotations

from typing import Any

from flask_security import Totp

from trim.usecases.people import sign_in_guard
from trim.web import context


class OnceOnlyTotp(Totp):
    """Remembers the last code taken from each account, so that one read over a shoulder is worthless."""

    def get_last_counter(self, user: Any) -> int | None:
        """The time-step of the last code taken."""
        with context.backend().writing() as uow:
            return sign_in_guard.last_code(uow, now=context.now(), address=user.email)

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Keep the time-step of a code that was right."""
        with context.backend().writing() as uow:
            sign_in_guard.keep_code(uow, now=context.now(), address=user.email, number=tmatch.counter)
