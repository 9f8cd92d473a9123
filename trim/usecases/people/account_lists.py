"""What the administrator sees of accounts: names, addresses, roles. Never a case, never anybody's work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.audit import trail
from trim.domain.access import Actor, Can, Role
from trim.domain.errors import Forbidden, NotFound
from trim.store import accounts, people, sign_in
from trim.store.tables import Account, RoleGrant, Unit
from trim.usecases.unit_of_work import UnitOfWork

PAGE = 25


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role of an account; `waits` while a second person has not confirmed it."""

    grant_id: str
    role: Role
    unit: str
    waits: bool
    until_at: datetime | None
    programme: str


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account in the list; `state` is active, invited or deactivated."""

    id: str
    name: str
    email: str
    state: str
    roles: tuple[HeldRole, ...]


@dataclass(frozen=True, slots=True)
class AccountList:
    """A page of accounts; `after` is where the next one begins, None at the end."""

    rows: tuple[AccountRow, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One account; `link_until` while a link is out, `renewal_waits` while a second person must confirm one."""

    row: AccountRow
    phone: str | None
    #: Whose account it is in the directory; None until it is tied: the conflict rules cannot be checked then.
    person: str | None
    has_second_step: bool
    confirmed_at: datetime | None
    link_until: datetime | None
    renewal_waits: bool


def list_accounts(uow: UnitOfWork, actor: Actor, *, now: datetime, after: str | None = None) -> AccountList:
    """A page of accounts by name, with a line in the trail. Raises Forbidden."""
    _may_see(actor)
    found = accounts.page_of(uow.session, after, PAGE + 1)
    page = found[:PAGE]
    grants = accounts.grants_by_account(uow.session, [one.id for one in page], now)
    tree = people.units(uow.session)
    _record(uow, actor, now, "accounts.listed", "accounts")
    return AccountList(
        tuple(_row(one, grants.get(one.id, []), tree) for one in page), page[-1].id if len(found) > PAGE else None
    )


def account_page(uow: UnitOfWork, actor: Actor, *, now: datetime, account_id: str) -> AccountPage:
    """One account with its roles, with a line in the trail. Raises Forbidden, NotFound."""
    _may_see(actor)
    account = accounts.by_id(uow.session, account_id)
    if account is None:
        raise NotFound
    held = accounts.grants_not_ended(uow.session, account_id, now)
    links = sign_in.open_invitations(uow.session, account_id, now)
    _record(uow, actor, now, "account.shown", f"account:{account_id}")
    return AccountPage(
        row=_row(account, held, people.units(uow.session)),
        phone=account.phone,
        person=_person(uow, account),
        has_second_step=bool(account.tf_totp_secret),
        confirmed_at=account.confirmed_at,
        link_until=next((one.expires_at for one in links if one.token_digest), None),
        renewal_waits=any(one.token_digest is None for one in links),
    )


def own_roles(uow: UnitOfWork, actor: Actor, *, now: datetime) -> tuple[HeldRole, ...]:
    """The roles one holds oneself, or waits for."""
    held = accounts.grants_not_ended(uow.session, actor.account_id, now)
    tree = people.units(uow.session)
    return tuple(_held(grant, tree) for grant in held)


def administrators(uow: UnitOfWork, *, now: datetime) -> list[str]:
    """Names of those whom somebody without a role can ask."""
    grants = [one for one in accounts.grants_in_force(uow.session, now) if one.role == Role.ADMINISTRATOR]
    found = accounts.by_ids(uow.session, (one.account_id for one in grants))
    return sorted(one.name for one in found.values() if one.active)


def _person(uow: UnitOfWork, account: Account) -> str | None:
    person = accounts.person_of(uow.session, account.id)
    return person.name if person else None


def _row(account: Account, grants: list[RoleGrant], tree: dict[str, Unit]) -> AccountRow:
    state = "deactivated" if not account.active else "active" if account.confirmed_at else "invited"
    return AccountRow(account.id, account.name, account.email, state, tuple(_held(one, tree) for one in grants))


def _held(grant: RoleGrant, tree: dict[str, Unit]) -> HeldRole:
    unit = tree[grant.unit_id].name if grant.unit_id in tree else ""
    return HeldRole(grant.id, Role(grant.role), unit, grant.confirmed_at is None, grant.until_at, grant.programme)


def _may_see(actor: Actor) -> None:
    if not actor.can(Can.MANAGE_ACCOUNTS):
        raise Forbidden


def _record(uow: UnitOfWork, actor: Actor, now: datetime, what: str, subject: str) -> None:
    uow.record(actor, now, what, chain=trail.account_chain(actor.account_id), subject=subject)
