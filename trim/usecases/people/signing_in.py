"""What signing in reads of an account: a frozen copy, so that no open transaction waits while a password is hashed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from trim.store import accounts
from trim.store.tables import Account
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SignInRecord:
    """An account as signing in needs it; `password` is the hash, None before the invitation is taken up."""

    id: str
    email: str
    name: str
    locale: str
    password: str | None
    active: bool
    fs_uniquifier: str
    confirmed_at: datetime | None
    tf_primary_method: str | None
    tf_totp_secret: str | None
    mf_recovery_codes: tuple[str, ...]


def by_address(uow: UnitOfWork, address: str) -> SignInRecord | None:
    """The account of an e-mail address, whatever its case."""
    return _record(accounts.by_email(uow.session, address))


def by_session(uow: UnitOfWork, uniquifier: str) -> SignInRecord | None:
    """The account that a session belongs to; None once its sessions were ended."""
    return _record(accounts.by_uniquifier(uow.session, uniquifier))


def _record(account: Account | None) -> SignInRecord | None:
    if account is None:
        return None
    return SignInRecord(
        id=account.id,
        email=account.email,
        name=account.name,
        locale=account.locale,
        password=account.password,
        active=account.active,
        fs_uniquifier=account.fs_uniquifier,
        confirmed_at=account.confirmed_at,
        tf_primary_method=account.tf_primary_method,
        tf_totp_secret=account.tf_totp_secret,
        mf_recovery_codes=tuple(json.loads(account.mf_recovery_codes or "[]")),
    )
