"""Who an account is now: its person, language and the grants in force."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor
from trim.store import accounts
from trim.usecases.unit_of_work import UnitOfWork


def who_is(uow: UnitOfWork, account_id: str, now: datetime) -> Actor | None:
    """The account as somebody who acts; None when it is gone or deactivated."""
    account = accounts.by_id(uow.session, account_id)
    return accounts.actor(uow.session, account, now) if account is not None and account.active else None
