"""Guessing is slowed down: attempts are counted before any password is hashed, per address and per source.

The count goes up first and down again after a success, so that many guesses at one moment cannot all slip through.
Unknown addresses are counted alike: what a stranger sees never says whether an account exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from trim.audit import trail
from trim.domain.access import system_actor
from trim.store import sign_in
from trim.store.tables import SignInGuard
from trim.usecases.unit_of_work import UnitOfWork

#: Every so many failures in a row lock an address.
LOCK_EVERY = 5
FIRST_LOCK = timedelta(minutes=15)
#: Longer would let a stranger keep a coordinator out for a night.
LONGEST_LOCK = timedelta(hours=2)
#: Failures older than this are forgotten.
FORGET_AFTER = timedelta(hours=24)
#: So many failures from one source, with never a quarter of an hour between two, lock the source; a whole station may
#: share one, so it is generous.
SOURCE_LIMIT = 40
SOURCE_PAUSE = timedelta(minutes=15)

STRANGER = system_actor("sign-in")
#: The chain of addresses that belong to nobody; only locks are written there.
UNKNOWN = trail.account_chain("unknown")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: `number` failures in a row if it fails; `locked_until` is set when it was not let through."""

    address: str
    source: str
    number: int = 0
    locked_until: datetime | None = None
    #: Set when the failure of this attempt locks the address, or the source.
    locks_until: datetime | None = None
    locks_source: bool = False


def begin_attempt(uow: UnitOfWork, *, now: datetime, address: str, source: str) -> Attempt:
    """Count an attempt, or say until when none is let through. `source` is an IP address, or what stands for one."""
    guards = _guards(uow, now, address, source)
    of_source, of_address = guards
    waits = [guard.locked_until for guard in guards if guard.locked_until is not None and guard.locked_until > now]
    if waits:
        return Attempt(address, source, of_address.failures, locked_until=max(waits))
    if of_address.last_failed_at <= now - FORGET_AFTER:
        of_address.failures = 0
    if of_source.last_failed_at <= now - SOURCE_PAUSE:
        of_source.failures = 0
    for guard in guards:
        guard.failures += 1
        guard.last_failed_at = now
    of_address.locked_until = _lock_for(of_address.failures, now)
    locks_source = of_source.failures >= SOURCE_LIMIT
    of_source.locked_until = now + SOURCE_PAUSE if locks_source else None
    if of_address.failures == 1:
        uow.session.flush()
        sign_in.forget_guards(uow.session, now - 2 * FORGET_AFTER)
    return Attempt(address, source, of_address.failures, locks_until=of_address.locked_until, locks_source=locks_source)


def attempt_failed(uow: UnitOfWork, attempt: Attempt, *, now: datetime, account_id: str | None, step: str) -> None:
    """Write the failure to the trail: the first in a row and each lock with its count, so that they cannot drown it.

    `step` is what was wrong: password, code or recovery_code.
    """
    # One write in any case, so that the time taken does not say whether there is such an account.
    sign_in.touch_guard(uow.session, _address_digest(uow, attempt.address), now)
    chain = trail.account_chain(account_id) if account_id else UNKNOWN
    subject = f"account:{account_id or 'unknown'}"
    codes: dict[str, trail.Code] = {"step": step, "failures": attempt.number}
    if attempt.number == 1 and account_id:
        uow.record(STRANGER, now, "sign_in.failed", chain=chain, subject=subject, codes=codes)
    if attempt.locks_until:
        codes["until"] = attempt.locks_until.isoformat()
        uow.record(STRANGER, now, "sign_in.locked", chain=chain, subject=subject, codes=codes)
    if attempt.locks_source:
        uow.record(STRANGER, now, "sign_in.source_locked", chain=UNKNOWN, subject="account:unknown")


def attempt_accepted(uow: UnitOfWork, attempt: Attempt, *, now: datetime) -> None:
    """Take an attempt back that was right but does not sign in yet, because the second step follows."""
    for guard in _guards(uow, now, attempt.address, attempt.source):
        guard.failures = max(0, guard.failures - 1)
        guard.locked_until = None


def clear(uow: UnitOfWork, attempt: Attempt, *, now: datetime) -> None:
    """Forget the failures of an address after a sign-in; those of the source stay but for this attempt."""
    of_source, of_address = _guards(uow, now, attempt.address, attempt.source)
    of_address.failures, of_address.locked_until = 0, None
    of_source.failures, of_source.locked_until = max(0, of_source.failures - 1), None


def unlock(uow: UnitOfWork, *, now: datetime, address: str) -> None:
    """Forget the failures of an address whose owner was let in by a link."""
    guard = sign_in.locked_guard(uow.session, _address_digest(uow, address), now)
    guard.failures, guard.locked_until = 0, None


def last_code(uow: UnitOfWork, *, now: datetime, address: str) -> int | None:
    """The time-step of the last code taken from that address's second step."""
    return sign_in.locked_guard(uow.session, _address_digest(uow, address), now).last_code


def keep_code(uow: UnitOfWork, *, now: datetime, address: str, number: int) -> None:
    """Remember a code's time-step: whoever looked over a shoulder cannot use the code again."""
    sign_in.locked_guard(uow.session, _address_digest(uow, address), now).last_code = number


def _lock_for(failures: int, now: datetime) -> datetime | None:
    if failures % LOCK_EVERY:
        return None
    doublings: int = min(failures // LOCK_EVERY - 1, 10)
    return now + min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


def _guards(uow: UnitOfWork, now: datetime, address: str, source: str) -> tuple[SignInGuard, SignInGuard]:
    """The counters of source and address, locked always in this order: two attempts never wait for each other."""
    of_source = sign_in.locked_guard(uow.session, uow.vault.blind_index("sign-in source", source), now)
    return of_source, sign_in.locked_guard(uow.session, _address_digest(uow, address), now)


def _address_digest(uow: UnitOfWork, address: str) -> str:
    return uow.vault.blind_index("sign-in address", address.strip().lower())
