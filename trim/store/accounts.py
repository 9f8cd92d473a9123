"""Accounts, the roles they hold now, training and the duty rota."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import or_, select, tuple_
from sqlmodel import Session, col

from trim.domain.access import Actor, Grant, Role
from trim.domain.confidentiality import OVERSEERS
from trim.store import break_glass
from trim.store.people import below, units
from trim.store.tables import Account, DutyTurn, Exclusion, Person, RoleGrant, Training, Unit


def by_email(session: Session, email: str) -> Account | None:
    """The account of an e-mail address, whatever its case."""
    return session.scalar(select(Account).where(col(Account.email) == email.strip().lower()))


def by_id(session: Session, account_id: str) -> Account | None:
    """The account of an id."""
    return session.get(Account, account_id)


def by_uniquifier(session: Session, value: str) -> Account | None:
    """The account of a session identifier."""
    return session.scalar(select(Account).where(col(Account.fs_uniquifier) == value))


def names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Names of accounts by id, in one query; ids of the system are left out."""
    wanted = {one for one in ids if not one.startswith("system:")}
    if not wanted:
        return {}
    rows = session.execute(select(Account.id, Account.name).where(col(Account.id).in_(wanted)))  # type: ignore[call-overload]
    return {row[0]: row[1] for row in rows}


def grants_in_force(session: Session, now: datetime, account_ids: Collection[str] | None = None) -> list[RoleGrant]:
    """Confirmed grants that hold at `now`."""
    query = select(RoleGrant).where(
        col(RoleGrant.confirmed_at) <= now,
        col(RoleGrant.from_at) <= now,
        or_(col(RoleGrant.until_at).is_(None), col(RoleGrant.until_at) > now),
    )
    if account_ids is not None:
        query = query.where(col(RoleGrant.account_id).in_(list(account_ids)))
    return list(session.scalars(query))


def actor(session: Session, account: Account, now: datetime) -> Actor:
    """The account as somebody who acts, with the grants in force at `now`; none when it is deactivated."""
    grants = grants_in_force(session, now, [account.id]) if account.active else []
    tree = units(session) if grants else {}
    return Actor(
        account_id=account.id,
        name=account.name,
        person_id=account.person_id,
        locale=account.locale,
        opened_case_ids=_opened(session, account, grants, now),
        grants=tuple(
            Grant(Role(grant.role), grant.programme, grant.unit_id, below(tree, grant.unit_id)) for grant in grants
        ),
    )


def _opened(session: Session, account: Account, grants: list[RoleGrant], now: datetime) -> frozenset[str]:
    """Only whoever oversees cases somewhere can have opened one elsewhere, so nobody else costs the query."""
    if not any(grant.role in OVERSEERS for grant in grants):
        return frozenset()
    return break_glass.cases_open_to(session, account.id, now)


def holders(session: Session, roles: Collection[Role], programme: str, unit_id: str, now: datetime) -> list[Account]:
    """Active accounts holding one of `roles` over a unit now, by name."""
    tree = units(session)
    above = set(_path(tree, unit_id))
    ids = {
        grant.account_id
        for grant in grants_in_force(session, now)
        if grant.role in roles and grant.programme == programme and grant.unit_id in above
    }
    if not ids:
        return []
    query = select(Account).where(col(Account.id).in_(ids), col(Account.active).is_(True)).order_by(col(Account.name))
    return list(session.scalars(query))


def holders_anywhere(session: Session, roles: Collection[Role], programme: str, now: datetime) -> list[Account]:
    """Active accounts holding one of `roles` in a programme now, over whatever unit, by name."""
    ids = {
        grant.account_id
        for grant in grants_in_force(session, now)
        if grant.role in roles and grant.programme == programme
    }
    query = select(Account).where(col(Account.id).in_(ids), col(Account.active).is_(True)).order_by(col(Account.name))
    return list(session.scalars(query)) if ids else []


def _path(tree: dict[str, Unit], unit_id: str) -> list[str]:
    path: list[str] = []
    one: str | None = unit_id
    while one is not None and one not in path:
        path.append(one)
        one = tree[one].parent_id if one in tree else None
    return path


def trainings(session: Session, programme: str) -> dict[str, Training]:
    """The newest training of each practitioner of a programme, by account id."""
    query = (
        select(Training)
        .where(col(Training.programme) == programme)
        .order_by(col(Training.trained_on), col(Training.valid_until))
    )
    return {training.account_id: training for training in session.scalars(query)}


def on_duty(session: Session, programme: str, now: datetime) -> list[tuple[DutyTurn, Account]]:
    """Who is on duty at `now`, with the telephone that will be answered."""
    query = (
        select(DutyTurn, Account)
        .join(Account, col(Account.id) == col(DutyTurn.account_id))
        .where(
            col(DutyTurn.programme) == programme,
            col(DutyTurn.from_at) <= now,
            col(DutyTurn.until_at) > now,
            col(Account.active).is_(True),
        )
        .order_by(col(DutyTurn.from_at), col(DutyTurn.id))
    )
    return [(turn, account) for turn, account in session.execute(query)]


def turns_from(session: Session, programme: str, now: datetime, limit: int = 50) -> list[tuple[DutyTurn, Account]]:
    """Turns that have not ended yet, the next first."""
    query = (
        select(DutyTurn, Account)
        .join(Account, col(Account.id) == col(DutyTurn.account_id))
        .where(col(DutyTurn.programme) == programme, col(DutyTurn.until_at) > now)
        .order_by(col(DutyTurn.from_at), col(DutyTurn.id))
        .limit(limit)
    )
    return [(turn, account) for turn, account in session.execute(query)]


def excluded_from(session: Session, account_id: str) -> set[str]:
    """Ids of cases whose person asked that this account be kept away."""
    return set(session.scalars(select(Exclusion.case_id).where(col(Exclusion.account_id) == account_id)))  # type: ignore[call-overload]


def person_of(session: Session, account_id: str) -> Person | None:
    """The directory entry of an account's owner."""
    return session.scalar(
        select(Person).join(Account, col(Account.person_id) == col(Person.id)).where(col(Account.id) == account_id)
    )


def grants_not_ended(session: Session, account_id: str, now: datetime) -> list[RoleGrant]:
    """Grants of an account that are in force or still wait for a second person."""
    query = select(RoleGrant).where(
        col(RoleGrant.account_id) == account_id,
        or_(col(RoleGrant.until_at).is_(None), col(RoleGrant.until_at) > now),
    )
    return list(session.scalars(query.order_by(col(RoleGrant.from_at), col(RoleGrant.id))))


def page_of(session: Session, after: str | None, limit: int) -> list[Account]:
    """Accounts by name, the ones after that id."""
    query = select(Account).order_by(col(Account.name), col(Account.id)).limit(limit)
    last = by_id(session, after) if after else None
    if last is not None:
        query = query.where(tuple_(col(Account.name), col(Account.id)) > tuple_(last.name, last.id))
    return list(session.scalars(query))


def grants_by_account(session: Session, account_ids: Collection[str], now: datetime) -> dict[str, list[RoleGrant]]:
    """Grants in force or waiting of several accounts, in one query."""
    found: dict[str, list[RoleGrant]] = {}
    if not account_ids:
        return found
    query = select(RoleGrant).where(
        col(RoleGrant.account_id).in_(list(account_ids)),
        or_(col(RoleGrant.until_at).is_(None), col(RoleGrant.until_at) > now),
    )
    for grant in session.scalars(query.order_by(col(RoleGrant.from_at), col(RoleGrant.id))):
        found.setdefault(grant.account_id, []).append(grant)
    return found


def grants_to_confirm(session: Session, now: datetime) -> list[RoleGrant]:
    """Proposed grants that wait for a second person, the oldest first."""
    query = select(RoleGrant).where(
        col(RoleGrant.confirmed_at).is_(None),
        or_(col(RoleGrant.until_at).is_(None), col(RoleGrant.until_at) > now),
    )
    return list(session.scalars(query.order_by(col(RoleGrant.from_at), col(RoleGrant.id))))


def by_ids(session: Session, ids: Iterable[str]) -> dict[str, Account]:
    """Accounts by id, in one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {account.id: account for account in session.scalars(select(Account).where(col(Account.id).in_(wanted)))}


def by_person(session: Session, person_id: str) -> Account | None:
    """The account of somebody in the directory."""
    return session.scalar(select(Account).where(col(Account.person_id) == person_id))


def has_domain(session: Session, domain: str) -> bool:
    """Whether somebody signs in with an address of this domain: then it looks like one of the organisation's."""
    query = select(Account.id).where(col(Account.email).endswith(f"@{domain.lower()}", autoescape=True))  # type: ignore[call-overload]
    return session.scalar(query.limit(1)) is not None


def all_grants(session: Session, account_id: str) -> list[RoleGrant]:
    """Every role an account was ever given, the earliest first."""
    query = select(RoleGrant).where(col(RoleGrant.account_id) == account_id)
    return list(session.scalars(query.order_by(col(RoleGrant.from_at), col(RoleGrant.id))))
