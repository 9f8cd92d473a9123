"""A new account with its first role and its link, in one piece; and tying an account to the directory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.audit import trail
from trim.domain.access import Actor, Can, Role
from trim.domain.errors import Forbidden, InvalidInput, NotFound, Reason
from trim.store import accounts, people
from trim.store.tables import Person
from trim.usecases.people.accounts import give_role, open_account
from trim.usecases.people.invitations import Link, invite
from trim.usecases.unit_of_work import UnitOfWork

NOBODY = Reason("nobody_of_this_name", "Nobody in the directory matches.", "Personne dans l’annuaire ne correspond.")
SEVERAL = Reason(
    "several_of_this_name",
    "Several people have this name. Give the staff number.",
    "Plusieurs personnes portent ce nom. Indiquez le matricule.",
)
TIED_ALREADY = Reason("tied_already", "This person has another account.", "Cette personne a déjà un autre compte.")
UNKNOWN_UNIT = Reason("unknown_unit", "Choose a unit from the list.", "Choisissez une unité dans la liste.")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What the administrator fills in."""

    name: str
    email: str
    role: Role
    unit_id: str
    locale: str = "en"
    phone: str | None = None
    staff_number: str | None = None


def open_and_invite(
    uow: UnitOfWork, actor: Actor, *, now: datetime, wanted: NewAccount, programme: str
) -> tuple[str, Link]:
    """Id of the new account and its link; a role that reads content waits. Raises Forbidden, InvalidInput."""
    person = _tied_to(uow, wanted.staff_number) if wanted.staff_number else None
    if wanted.unit_id not in people.units(uow.session):
        raise InvalidInput({"unit": UNKNOWN_UNIT})
    account = open_account(
        uow,
        actor,
        now=now,
        email=wanted.email,
        name=wanted.name,
        phone=wanted.phone,
        locale=wanted.locale,
        person_id=person.id if person else None,
    )
    give_role(
        uow,
        actor,
        now=now,
        account_id=account.id,
        role=wanted.role,
        programme=programme,
        unit_id=wanted.unit_id,
    )
    return account.id, invite(uow, actor, now=now, account_id=account.id)


def tie_to_person(uow: UnitOfWork, actor: Actor, *, now: datetime, account_id: str, typed: str) -> Person:
    """Say whose account it is: the conflict rules need it (CARE 10). Raises Forbidden, NotFound, InvalidInput."""
    if not actor.can(Can.MANAGE_ACCOUNTS):
        raise Forbidden
    account = accounts.by_id(uow.session, account_id)
    if account is None:
        raise NotFound
    person = _tied_to(uow, typed)
    account.person_id = person.id
    uow.session.add(account)
    uow.record(
        actor,
        now,
        "account.tied",
        chain=trail.account_chain(account_id),
        subject=f"account:{account_id}",
        codes={"person": person.id},
    )
    return person


def _tied_to(uow: UnitOfWork, typed: str) -> Person:
    """Who in the directory has this staff number or exactly this name, and no account yet."""
    by_number = people.by_staff_number(uow.session, typed.strip())
    found = [by_number] if by_number else people.named(uow.session, typed)
    if not found:
        raise InvalidInput({"staff_number": NOBODY})
    if len(found) > 1:
        raise InvalidInput({"staff_number": SEVERAL})
    if accounts.by_person(uow.session, found[0].id) is not None:
        raise InvalidInput({"staff_number": TIED_ALREADY})
    return found[0]
