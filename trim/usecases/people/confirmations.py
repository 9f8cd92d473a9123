"""What waits for a second person of the programme: roles that read content, ways back into such accounts (CARE 12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.audit import trail
from trim.domain.access import CONTENT_ROLES, Actor, Can, Role
from trim.domain.errors import Forbidden
from trim.store import accounts, people, sign_in
from trim.store.tables import RoleGrant
from trim.usecases.people.accounts import may_confirm
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class WaitingRole:
    """A role that somebody proposed; `taken_up_at` is when the account was first used, None when it never was."""

    grant_id: str
    name: str
    email: str
    role: Role
    unit: str
    programme: str
    proposed_by: str
    proposed_at: datetime
    taken_up_at: datetime | None
    #: Whether the account is tied to somebody of the directory, without which no conflict rule can be checked.
    is_tied: bool
    may_confirm: bool
    #: When it ends by itself, for somebody who stands in for a time.
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WaitingRenewal:
    """A request to let somebody in again who lost their password or telephone."""

    invitation_id: str
    name: str
    email: str
    asked_by: str
    asked_at: datetime
    may_confirm: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everything that waits for this programme lead."""

    roles: tuple[WaitingRole, ...]
    renewals: tuple[WaitingRenewal, ...]


def what_waits(uow: UnitOfWork, actor: Actor, *, now: datetime) -> Waiting:
    """What this lead is asked to confirm, over their own units, with a line in the trail. Raises Forbidden."""
    if not actor.can(Can.CONFIRM_ROLES):
        raise Forbidden
    grants = [one for one in accounts.grants_to_confirm(uow.session, now) if may_confirm(uow, actor, one, now)]
    renewals = sign_in.renewals_to_confirm(uow.session, now)
    ids = {one.account_id for one in grants} | {one.given_by for one in grants}
    ids |= {one.account_id for one in renewals} | {one.asked_by for one in renewals}
    known = accounts.by_ids(uow.session, ids)
    over = accounts.grants_by_account(uow.session, [one.account_id for one in renewals], now)
    tree = people.units(uow.session)
    uow.record(actor, now, "confirmations.listed", chain=trail.account_chain(actor.account_id), subject="confirmations")

    def name(account_id: str) -> str:
        return known[account_id].name if account_id in known else account_id

    return Waiting(
        roles=tuple(
            WaitingRole(
                grant_id=one.id,
                name=name(one.account_id),
                email=known[one.account_id].email,
                role=Role(one.role),
                unit=tree[one.unit_id].name,
                proposed_by=name(one.given_by),
                proposed_at=one.from_at,
                taken_up_at=known[one.account_id].confirmed_at,
                is_tied=known[one.account_id].person_id is not None,
                may_confirm=actor.account_id not in (one.given_by, one.account_id),
                programme=one.programme,
                until_at=one.until_at,
            )
            for one in grants
        ),
        renewals=tuple(
            WaitingRenewal(
                invitation_id=one.id,
                name=name(one.account_id),
                email=known[one.account_id].email,
                asked_by=name(one.asked_by),
                asked_at=one.made_at,
                may_confirm=actor.account_id not in (one.asked_by, one.account_id),
            )
            for one in renewals
            if _is_over(actor, over.get(one.account_id, []))
        ),
    )


def count_waiting(uow: UnitOfWork, actor: Actor, *, now: datetime) -> int:
    """How many roles and renewals wait, for the navigation."""
    roles = sum(may_confirm(uow, actor, one, now) for one in accounts.grants_to_confirm(uow.session, now))
    renewals = sign_in.renewals_to_confirm(uow.session, now)
    over = accounts.grants_by_account(uow.session, [one.account_id for one in renewals], now)
    return roles + sum(_is_over(actor, over.get(one.account_id, [])) for one in renewals)


def _is_over(actor: Actor, grants: list[RoleGrant]) -> bool:
    return any(Role(one.role) in CONTENT_ROLES and actor.can(Can.CONFIRM_ROLES, one.unit_id) for one in grants)
