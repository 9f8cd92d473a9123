"""What signing in reads and writes of an account; each verb is one short transaction, none waits for a hash."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.errors import NotFound
from trim.store import accounts, sign_in
from trim.store.tables import Account, EndedSession
from trim.usecases.people import sign_in_guard
from trim.usecases.people.sign_in_guard import Attempt
from trim.usecases.unit_of_work import UnitOfWork

#: No session lasts longer, however busy it is.
LONGEST_SESSION = timedelta(hours=12)

#: What each credential is called in the trail when it changes; the values themselves never get there.
CREDENTIALS = {
    "password": "password.changed",
    "tf_totp_secret": "second_step.changed",
    "mf_recovery_codes": "recovery_codes.changed",
    "fs_uniquifier": "sessions.ended",
}


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


def by_session(uow: UnitOfWork, uniquifier: str, number: str | None) -> SignInRecord | None:
    """The account that a session belongs to; None once it was signed out or all sessions of the account were ended.

    `number` is the session's own; None while somebody is still at the second step.
    """
    account = accounts.by_uniquifier(uow.session, uniquifier)
    if account is None or (number and sign_in.has_ended(uow.session, _session_digest(uow, number))):
        return None
    return _record(account)


def record_sign_in(uow: UnitOfWork, account_id: str, *, now: datetime, attempt: Attempt, step: str) -> None:
    """Somebody signed in: forget their failures, and write how many there were. `step` is what was checked last."""
    sign_in_guard.clear(uow, attempt, now=now)
    sign_in.forget_sessions(uow.session, now - LONGEST_SESSION)
    codes: dict[str, trail.Code] = {"step": step, "failures_before": max(0, attempt.number - 1)}
    _write(uow, account_id, now, "sign_in.succeeded", codes)


def record_sign_out(
    uow: UnitOfWork, account_id: str, *, now: datetime, number: str | None, because: str = "signed_out"
) -> None:
    """End one session for good; `because` is signed_out, idle or too_long."""
    if number and not sign_in.has_ended(uow.session, _session_digest(uow, number)):
        uow.session.add(EndedSession(session_digest=_session_digest(uow, number), account_id=account_id, ended_at=now))
    _write(uow, account_id, now, "sign_in.ended", {"reason": because})


def change_credentials(
    uow: UnitOfWork, account_id: str, *, now: datetime, changes: Mapping[str, object], rehashed: bool = False
) -> None:
    """Keep what an account's owner changed of their password, second step, recovery codes or sessions.

    `rehashed`: the same password under today's cost, which is no change of theirs. Raises NotFound.
    """
    account = accounts.by_id(uow.session, account_id)
    if account is None:
        raise NotFound
    for name, value in changes.items():
        setattr(account, name, json.dumps(value) if isinstance(value, list | tuple) else value)
    uow.session.add(account)
    for name, what in CREDENTIALS.items():
        if name in changes:
            word = "password.rehashed" if rehashed and name == "password" else what
            _write(uow, account_id, now, word, {"set": bool(changes[name])})


def change_own_settings(uow: UnitOfWork, actor: Actor, *, now: datetime, locale: str, phone: str | None) -> None:
    """The language of pages and mails for oneself, and the number under which one is called on duty."""
    account = _own(uow, actor)
    changed = [name for name, value in (("locale", locale), ("phone", phone)) if getattr(account, name) != value]
    if changed:
        account.locale, account.phone = locale, phone
        uow.session.add(account)
        _write(uow, account.id, now, "account.changed", {"fields": changed})


def own_telephone(uow: UnitOfWork, actor: Actor) -> str | None:
    """The number under which one is called on duty."""
    return _own(uow, actor).phone


def new_session_number() -> str:
    """A number for a new session, known to its cookie alone."""
    return secrets.token_urlsafe(24)


def _own(uow: UnitOfWork, actor: Actor) -> Account:
    account = accounts.by_id(uow.session, actor.account_id)
    if account is None:
        raise NotFound
    return account


def _session_digest(uow: UnitOfWork, number: str) -> str:
    return uow.vault.blind_index("session", number)


def _write(uow: UnitOfWork, account_id: str, now: datetime, what: str, codes: Mapping[str, trail.Code]) -> None:
    actor = Actor(account_id=account_id, name="")
    uow.record(
        actor, now, what, chain=trail.account_chain(account_id), subject=f"account:{account_id}", codes=dict(codes)
    )


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
