"""Accounts and roles: who may sign in, who holds which role where, and the second person where content is read."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime

from trim.audit import trail
from trim.domain.access import CONTENT_ROLES, Actor, Can, Role, forbidden_pair
from trim.domain.errors import Forbidden, InvalidInput, NotFound, Reason
from trim.store import accounts
from trim.store.tables import Account, DutyTurn, RoleGrant, Training
from trim.usecases.telling import tell
from trim.usecases.unit_of_work import UnitOfWork

ADDRESS_TAKEN = Reason(
    "address_taken", "There is an account with this address already.", "Un compte existe déjà avec cette adresse."
)
ROLES_APART = Reason(
    "roles_apart",
    "Nobody who reads cases may also be HR, administrator or auditor.",
    "Une personne qui lit des dossiers ne peut pas être aussi RH, administration ou audit.",
)
NOT_ONESELF = Reason(
    "not_oneself",
    "Somebody else must deactivate your own account: you could not undo it.",
    "Quelqu’un d’autre doit désactiver votre propre compte : vous ne pourriez pas revenir en arrière.",
)
NOT_YOURSELF = Reason(
    "second_person_needed",
    "Somebody else of the programme must confirm this role.",
    "Une autre personne du programme doit confirmer ce rôle.",
)


def open_account(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    email: str,
    name: str,
    person_id: str | None = None,
    phone: str | None = None,
    locale: str = "en",
    password_hash: str | None = None,
) -> Account:
    """Make an account; without a password it waits for its invitation. Raises Forbidden, InvalidInput."""
    _may_manage(actor)
    address = email.strip().lower()
    if accounts.by_email(uow.session, address) is not None:
        raise InvalidInput({"email": ADDRESS_TAKEN})
    account = Account(
        id=uow.new_id(),
        email=address,
        name=name.strip(),
        person_id=person_id,
        phone=phone,
        locale=locale,
        password=password_hash,
        fs_uniquifier=secrets.token_hex(32),
        confirmed_at=now if password_hash else None,
        created_at=now,
    )
    uow.session.add(account)
    uow.session.flush()
    uow.record(actor, now, "account.opened", chain=trail.account_chain(account.id), subject=f"account:{account.id}")
    return account


def give_role(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    account_id: str,
    role: Role,
    programme: str,
    unit_id: str,
    until: datetime | None = None,
) -> RoleGrant:
    """Give a role over a unit. One that reads content waits for a second person of the programme (CARE 12).

    Raises Forbidden, NotFound, InvalidInput for roles that one person must not hold together (CARE 11).
    """
    _may_manage(actor)
    if accounts.by_id(uow.session, account_id) is None:
        raise NotFound
    held = {Role(grant.role) for grant in _not_ended(uow, account_id, now)}
    if forbidden_pair({*held, role}) is not None:
        raise InvalidInput({"role": ROLES_APART})
    needs_second = role in CONTENT_ROLES and not actor.is_system
    grant = RoleGrant(
        id=uow.new_id(),
        account_id=account_id,
        role=role.value,
        programme=programme,
        unit_id=unit_id,
        from_at=now,
        until_at=until,
        given_by=actor.account_id,
        confirmed_by=None if needs_second else actor.account_id,
        confirmed_at=None if needs_second else now,
    )
    uow.session.add(grant)
    uow.session.flush()
    _record(uow, actor, now, "role.proposed" if needs_second else "role.given", grant)
    if needs_second:
        _tell_leads(uow, actor, now, grant, "role_to_confirm")
    return grant


def confirm_role(uow: UnitOfWork, actor: Actor, *, now: datetime, grant_id: str) -> RoleGrant:
    """A programme lead confirms a role that reads content; all coordinators are told (CARE 12).

    Raises NotFound, Forbidden without the right over the unit, InvalidInput when it is one's own proposal or account.
    """
    grant = uow.session.get(RoleGrant, grant_id, with_for_update=True)
    if grant is None or grant.confirmed_at is not None or (grant.until_at is not None and grant.until_at <= now):
        raise NotFound
    if not may_confirm(uow, actor, grant, now):
        raise Forbidden
    if actor.account_id in (grant.given_by, grant.account_id):
        raise InvalidInput({"grant": NOT_YOURSELF})
    grant.confirmed_by, grant.confirmed_at = actor.account_id, now
    uow.session.add(grant)
    _record(uow, actor, now, "role.confirmed", grant)
    _tell_leads(uow, actor, now, grant, "role_confirmed")
    return grant


def is_led(uow: UnitOfWork, programme: str, now: datetime) -> bool:
    """Whether anybody leads that programme: a new one beside others has nobody yet."""
    return bool(accounts.holders_anywhere(uow.session, [Role.PROGRAMME_LEAD], programme, now))


def may_confirm(uow: UnitOfWork, actor: Actor, grant: RoleGrant, now: datetime) -> bool:
    """Whether the actor may confirm a role over its unit: in its own programme (CARE 11), or, while nobody leads that
    one, as the lead of another."""
    if actor.can(Can.CONFIRM_ROLES, grant.unit_id, grant.programme):
        return True
    return actor.can(Can.CONFIRM_ROLES, grant.unit_id) and not is_led(uow, grant.programme, now)


def end_role(uow: UnitOfWork, actor: Actor, *, now: datetime, grant_id: str) -> None:
    """End a role at once: who held it loses sight with the next page; one that waits is refused so.

    Raises Forbidden, NotFound.
    """
    grant = uow.session.get(RoleGrant, grant_id, with_for_update=True)
    if grant is None or (grant.until_at is not None and grant.until_at <= now):
        raise NotFound
    if not (actor.can(Can.MANAGE_ACCOUNTS) or may_confirm(uow, actor, grant, now)):
        raise Forbidden
    grant.until_at = now
    uow.session.add(grant)
    _record(uow, actor, now, "role.ended" if grant.confirmed_at else "role.refused", grant)
    if grant.confirmed_at is not None:
        _tell_of_leaver(uow, actor, now, [grant])


def deactivate_account(uow: UnitOfWork, actor: Actor, *, now: datetime, account_id: str) -> Account:
    """Close an account: it cannot sign in and its sessions end. Raises Forbidden, NotFound, InvalidInput."""
    _may_manage(actor)
    account = accounts.by_id(uow.session, account_id)
    if account is None or not account.active:
        raise NotFound
    if account_id == actor.account_id:
        raise InvalidInput({"account": NOT_ONESELF})
    held = accounts.grants_in_force(uow.session, now, [account_id])
    account.active = False
    account.deactivated_at = now
    account.fs_uniquifier = secrets.token_hex(32)
    uow.session.add(account)
    uow.record(
        actor, now, "account.deactivated", chain=trail.account_chain(account.id), subject=f"account:{account.id}"
    )
    _tell_of_leaver(uow, actor, now, held)
    return account


def record_training(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    account_id: str,
    programme: str,
    trained_on: date,
    valid_until: date,
    max_open_cases: int = 6,
) -> Training:
    """Record a practitioner's training: only who is in date is asked to support anybody. Raises Forbidden."""
    if not (actor.is_system or actor.can(Can.KEEP_ROTA, None, programme)):
        raise Forbidden
    training = Training(
        id=uow.new_id(),
        account_id=account_id,
        programme=programme,
        trained_on=trained_on,
        valid_until=valid_until,
        max_open_cases=max_open_cases,
    )
    uow.session.add(training)
    uow.session.flush()
    uow.record(
        actor,
        now,
        "training.recorded",
        chain=trail.account_chain(account_id),
        subject=f"account:{account_id}",
        codes={"programme": programme, "valid_until": valid_until.isoformat()},
    )
    return training


def put_on_duty(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    programme: str,
    account_id: str,
    phone: str,
    from_at: datetime,
    until_at: datetime,
) -> DutyTurn:
    """Put a coordinator or lead on the duty rota, with the number that will be answered (CARE 2). Raises Forbidden."""
    if not (actor.is_system or actor.can(Can.KEEP_ROTA, None, programme)):
        raise Forbidden
    turn = DutyTurn(
        id=uow.new_id(), programme=programme, account_id=account_id, phone=phone, from_at=from_at, until_at=until_at
    )
    uow.session.add(turn)
    uow.session.flush()
    uow.record(
        actor,
        now,
        "duty.turn_added",
        chain=trail.ORGANISATION,
        subject=f"account:{account_id}",
        codes={"programme": programme, "from": from_at.isoformat(), "until": until_at.isoformat()},
    )
    return turn


def _may_manage(actor: Actor) -> None:
    if not (actor.is_system or actor.can(Can.MANAGE_ACCOUNTS)):
        raise Forbidden


def _not_ended(uow: UnitOfWork, account_id: str, now: datetime) -> list[RoleGrant]:
    """Grants in force or waiting for confirmation: both count, else two proposals would slip past each other."""
    return accounts.grants_not_ended(uow.session, account_id, now)


def _record(uow: UnitOfWork, actor: Actor, now: datetime, what: str, grant: RoleGrant) -> None:
    uow.record(
        actor,
        now,
        what,
        chain=trail.account_chain(grant.account_id),
        subject=f"account:{grant.account_id}",
        codes={"role": grant.role, "programme": grant.programme, "unit": grant.unit_id, "grant": grant.id},
    )


def _tell_of_leaver(uow: UnitOfWork, actor: Actor, now: datetime, ended: Iterable[RoleGrant]) -> None:
    """Tell coordinators and leads of the programme that a practitioner left, whether or not there are cases.

    All of them alike: that a notice was written, or how many, must not tell the administrator who has cases.
    """
    for grant in ended:
        if grant.role == Role.PRACTITIONER:
            told = accounts.holders_anywhere(uow.session, [Role.PROGRAMME_LEAD, Role.COORDINATOR], grant.programme, now)
            kind, ref = "practitioner_left", grant.account_id[:16]
            tell(uow, told, kind=kind, subject_kind="account", subject_ref=ref, cause=grant.id, now=now, actor=actor)


def _tell_leads(uow: UnitOfWork, actor: Actor, now: datetime, grant: RoleGrant, kind: str) -> None:
    if kind == "role_to_confirm":
        programmes = [grant.programme] if is_led(uow, grant.programme, now) else uow.shelf.programmes(uow.session)
        leads = [Role.PROGRAMME_LEAD]
        told = [one for name in programmes for one in accounts.holders(uow.session, leads, name, grant.unit_id, now)]
    else:
        # All of them, over whatever unit: a role given in secret elsewhere is what this rule is about (CARE 12).
        told = accounts.holders_anywhere(uow.session, [Role.PROGRAMME_LEAD, Role.COORDINATOR], grant.programme, now)
    tell(uow, told, kind=kind, subject_kind="grant", subject_ref=grant.id[:16], cause=kind, now=now, actor=actor)
