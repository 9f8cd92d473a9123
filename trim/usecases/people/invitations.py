"""Invitations: a one-time link by which somebody sets their password; for one who reads cases, by two people (CARE 12).

The link itself is never stored, only a keyed digest of it. Looking at it uses nothing up; sending the password does.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from trim.audit import trail
from trim.domain.access import CONTENT_ROLES, Actor, Can, Role
from trim.domain.errors import Forbidden, InvalidInput, NotFound, Reason
from trim.store import accounts, sign_in
from trim.store.tables import Account, Invitation, RoleGrant
from trim.usecases.people import sign_in_guard
from trim.usecases.telling import tell
from trim.usecases.unit_of_work import UnitOfWork

LINK_LASTS = timedelta(days=7)

DEACTIVATED = Reason("deactivated", "This account is deactivated.", "Ce compte est désactivé.")
NOT_YOURSELF = Reason(
    "second_person_needed",
    "Somebody else of the programme must confirm this.",
    "Une autre personne du programme doit confirmer cela.",
)


class LinkGone(NotFound):
    """The link was used, replaced, or is older than a week; or there never was one: all look alike."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Who a link is for, shown to whoever opens it."""

    name: str
    email: str
    renews: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """What came of asking for a link: its token, to be handed over once, or None while a second person must confirm."""

    token: str | None
    expires_at: datetime


def invite(uow: UnitOfWork, actor: Actor, *, now: datetime, account_id: str) -> Link:
    """A link for an account; earlier ones stop working.

    An account that was in use and reads content waits for a programme lead: whoever asks could otherwise take it over.
    Raises Forbidden, NotFound, InvalidInput.
    """
    if not (actor.is_system or actor.can(Can.MANAGE_ACCOUNTS)):
        raise Forbidden
    account = _account(uow, account_id)
    renews = account.confirmed_at is not None
    waits = renews and not actor.is_system and bool(_content_grants(uow, account_id, now))
    _drop_open(uow, account_id, now)
    row = Invitation(
        id=uow.new_id(),
        account_id=account_id,
        made_at=now,
        asked_by=actor.account_id,
        renews=renews,
        expires_at=now + LINK_LASTS,
    )
    token = None if waits else _put_token(uow, row)
    uow.session.add(row)
    uow.session.flush()
    _record(uow, actor, now, "invitation.asked" if waits else "invitation.made", row)
    if waits:
        _tell(uow, actor, now, row, "renewal_to_confirm")
    return Link(token, row.expires_at)


def confirm_renewal(uow: UnitOfWork, actor: Actor, *, now: datetime, invitation_id: str) -> Link:
    """A programme lead lets somebody in again, and gets the link to hand over; all coordinators are told (CARE 12).

    Raises NotFound, Forbidden, InvalidInput for one's own request or account.
    """
    row = _to_confirm(uow, actor, now, invitation_id)
    if actor.account_id in (row.asked_by, row.account_id):
        raise InvalidInput({"invitation": NOT_YOURSELF})
    row.confirmed_by, row.expires_at = actor.account_id, now + LINK_LASTS
    token = _put_token(uow, row)
    uow.session.add(row)
    _record(uow, actor, now, "invitation.confirmed", row)
    _tell(uow, actor, now, row, "renewal_confirmed")
    return Link(token, row.expires_at)


def refuse_renewal(uow: UnitOfWork, actor: Actor, *, now: datetime, invitation_id: str) -> None:
    """A programme lead says no. Raises NotFound, Forbidden."""
    row = _to_confirm(uow, actor, now, invitation_id)
    row.refused_at = now
    uow.session.add(row)
    _record(uow, actor, now, "invitation.refused", row)


def look_at(uow: UnitOfWork, *, now: datetime, token: str) -> Invited:
    """Whom a link is for; uses nothing up, because mail scanners open links (CARE 15). Raises LinkGone."""
    row = sign_in.invitation_of_token(uow.session, _digest(uow, token), lock=False)
    account = _usable(uow, row, now)
    assert row is not None
    return Invited(account.name, account.email, row.renews, row.expires_at)


def take_up(uow: UnitOfWork, *, now: datetime, token: str, password_hash: str) -> str:
    """Use the link up: set the password, end all sessions, and after a renewal take the second step off.

    Gives the account's id. Raises LinkGone.
    """
    row = sign_in.invitation_of_token(uow.session, _digest(uow, token), lock=True)
    account = _usable(uow, row, now)
    assert row is not None
    row.used_at = now
    account.password = password_hash
    account.fs_uniquifier = secrets.token_hex(32)
    account.confirmed_at = account.confirmed_at or now
    if row.renews:
        account.tf_primary_method = account.tf_totp_secret = account.mf_recovery_codes = None
    uow.session.add_all([row, account])
    sign_in_guard.unlock(uow, now=now, address=account.email)
    _record(uow, Actor(account_id=account.id, name=account.name), now, "invitation.taken_up", row)
    return account.id


def units_of_content(uow: UnitOfWork, account_id: str, now: datetime) -> frozenset[str]:
    """The units over which an account holds, or waits for, a role that reads content."""
    return frozenset(grant.unit_id for grant in _content_grants(uow, account_id, now))


def _content_grants(uow: UnitOfWork, account_id: str, now: datetime) -> list[RoleGrant]:
    held = accounts.grants_not_ended(uow.session, account_id, now)
    return [grant for grant in held if Role(grant.role) in CONTENT_ROLES]


def _to_confirm(uow: UnitOfWork, actor: Actor, now: datetime, invitation_id: str) -> Invitation:
    row = uow.session.get(Invitation, invitation_id, with_for_update=True)
    if row is None or row.token_digest or row.used_at or row.refused_at or row.expires_at <= now:
        raise NotFound
    over = units_of_content(uow, row.account_id, now)
    may = any(actor.can(Can.CONFIRM_ROLES, unit) for unit in over) if over else actor.can(Can.CONFIRM_ROLES)
    if not may:
        raise Forbidden
    return row


def _account(uow: UnitOfWork, account_id: str) -> Account:
    account = accounts.by_id(uow.session, account_id)
    if account is None:
        raise NotFound
    if not account.active:
        raise InvalidInput({"account": DEACTIVATED})
    return account


def _usable(uow: UnitOfWork, row: Invitation | None, now: datetime) -> Account:
    account = accounts.by_id(uow.session, row.account_id) if row is not None else None
    if row is None or account is None or not account.active or row.used_at or row.expires_at <= now:
        raise LinkGone
    return account


def _drop_open(uow: UnitOfWork, account_id: str, now: datetime) -> None:
    for row in sign_in.open_invitations(uow.session, account_id, now):
        row.expires_at = now
        uow.session.add(row)


def _put_token(uow: UnitOfWork, row: Invitation) -> str:
    token = secrets.token_urlsafe(32)
    row.token_digest = _digest(uow, token)
    return token


def _digest(uow: UnitOfWork, token: str) -> str:
    return uow.vault.blind_index("invitation", token)


def _record(uow: UnitOfWork, actor: Actor, now: datetime, what: str, row: Invitation) -> None:
    uow.record(
        actor,
        now,
        what,
        chain=trail.account_chain(row.account_id),
        subject=f"account:{row.account_id}",
        codes={"invitation": row.id, "renews": row.renews},
    )


def _tell(uow: UnitOfWork, actor: Actor, now: datetime, row: Invitation, kind: str) -> None:
    """Leads who can confirm it; of what was confirmed all leads and coordinators of the programme (CARE 12)."""
    told: list[Account] = []
    for grant in _content_grants(uow, row.account_id, now):
        if kind == "renewal_to_confirm":
            told += accounts.holders(uow.session, [Role.PROGRAMME_LEAD], grant.programme, grant.unit_id, now)
        else:
            roles = [Role.PROGRAMME_LEAD, Role.COORDINATOR]
            told += accounts.holders_anywhere(uow.session, roles, grant.programme, now)
    ref = row.id[:16]
    tell(uow, told, kind=kind, subject_kind="account", subject_ref=ref, cause=row.id, now=now, actor=actor)
