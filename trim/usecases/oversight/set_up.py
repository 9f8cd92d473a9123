"""Sets up an empty organisation: its name and clock, its programmes, and its first two people, never one (CARE 11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trim.domain.access import Actor, Role
from trim.domain.errors import InvalidInput, Reason
from trim.domain.organisation import CrisisLine
from trim.domain.working_days import WorkCalendar
from trim.engine.definition import Pack
from trim.store import accounts
from trim.store.database import Database
from trim.usecases.oversight.install_pack import change_settings, install_pack
from trim.usecases.people.accounts import give_role, open_account
from trim.usecases.people.invitations import Link, invite
from trim.usecases.people.units import add_unit
from trim.usecases.unit_of_work import UnitOfWork

ALREADY = Reason(
    "already_set_up", "There is an organisation here already.", "Il y a déjà une organisation à cet endroit."
)
ONE_PERSON = Reason(
    "one_person",
    "Administrator and programme lead must be two people: one looks after accounts and sees no case, the other reads.",
    "L’administration et la direction du programme doivent être deux personnes.",
)


@dataclass(frozen=True, slots=True)
class FirstPerson:
    """Somebody to begin with."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is asked for at the start; `zone_name` is the clock by which pages show their instants."""

    name: str
    zone_name: str
    administrator: FirstPerson
    lead: FirstPerson
    locale: str = "en"
    crisis_lines: tuple[CrisisLine, ...] = ()
    #: Country and region whose public holidays are no working days.
    work: WorkCalendar = field(default_factory=WorkCalendar)


@dataclass(frozen=True, slots=True)
class FirstLinks:
    """The links of the first two people; each works once, for a week."""

    administrator: Link
    lead: Link


def set_up(uow: UnitOfWork, actor: Actor, *, now: datetime, beginning: Beginning, packs: Sequence[Pack]) -> FirstLinks:
    """Make the organisation with its programmes, all of it or nothing. Raises InvalidInput.

    The first two people have their roles in each programme: roles are per programme (CARE 11).
    """
    if is_set_up(uow):
        raise InvalidInput({"organisation": ALREADY})
    if beginning.administrator.email.casefold() == beginning.lead.email.casefold():
        raise InvalidInput({"lead": ONE_PERSON})
    for pack in packs:
        install_pack(uow, actor, now=now, pack=pack)
    lines = [{"label": one.label, "phone": one.phone, "hours": one.hours} for one in beginning.crisis_lines]
    change_settings(
        uow,
        actor,
        now=now,
        values={
            "organisation_name": beginning.name,
            "zone": beginning.zone_name,
            "country": beginning.work.country,
            "region": beginning.work.region,
            "crisis_lines": lines,
        },
    )
    top = add_unit(uow, actor, now=now, name=beginning.name)
    links = [
        _begin(uow, actor, now, person, role, [pack.name for pack in packs], top.id, beginning.locale)
        for person, role in (
            (beginning.administrator, Role.ADMINISTRATOR),
            (beginning.lead, Role.PROGRAMME_LEAD),
        )
    ]
    return FirstLinks(*links)


def is_set_up(uow: UnitOfWork) -> bool:
    """Whether anybody has an account here."""
    return bool(accounts.page_of(uow.session, None, 1))


def has_accounts(database_url: str) -> bool:
    """The same, asked before there are keys: new ones must never be made over content that older ones have sealed."""
    database = Database(database_url)
    try:
        with database.reading() as session:
            return bool(accounts.page_of(session, None, 1))
    finally:
        database.close()


def _begin(
    uow: UnitOfWork,
    actor: Actor,
    now: datetime,
    person: FirstPerson,
    role: Role,
    programmes: Sequence[str],
    unit_id: str,
    locale: str,
) -> Link:
    account = open_account(uow, actor, now=now, email=person.email, name=person.name, locale=locale)
    for programme in programmes:
        give_role(uow, actor, now=now, account_id=account.id, role=role, programme=programme, unit_id=unit_id)
    return invite(uow, actor, now=now, account_id=account.id)
