"""Practitioners and their training: only who is in date is asked to support anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from trim.domain.access import Actor, Can, Role
from trim.domain.errors import Forbidden, InvalidInput, NotFound, Reason
from trim.store import accounts
from trim.store.people import below, units
from trim.store.tables import Training
from trim.usecases.people.accounts import record_training
from trim.usecases.unit_of_work import UnitOfWork

IN_FUTURE = Reason("in_future", "The date cannot be in the future.", "La date ne peut pas être dans le futur.")
ENDS_FIRST = Reason(
    "ends_first", "It must be valid until after the course.", "La validité doit aller au-delà de la formation."
)
MOST_CASES = 50
TOO_MANY = Reason("too_many", f"At most {MOST_CASES} open cases.", f"Au plus {MOST_CASES} dossiers ouverts.")


@dataclass(frozen=True, slots=True)
class Practitioner:
    """A practitioner as coordinators see them here; without training they are never asked."""

    account_id: str
    name: str
    trained_on: date | None
    valid_until: date | None
    max_open_cases: int
    in_date: bool


def practitioners(uow: UnitOfWork, actor: Actor, *, now: datetime, programme: str) -> tuple[Practitioner, ...]:
    """Practitioners of a programme over the units of this coordinator, by name. Raises Forbidden."""
    if not actor.can(Can.KEEP_ROTA, None, programme):
        raise Forbidden
    mine = actor.units_where(Can.KEEP_ROTA, programme)
    grants = [
        one
        for one in accounts.grants_in_force(uow.session, now)
        if one.role == Role.PRACTITIONER and one.programme == programme
    ]
    tree = units(uow.session)
    # A practitioner over a unit above works for this one too.
    covering = {one.account_id for one in grants if below(tree, one.unit_id) & mine}
    known = accounts.by_ids(uow.session, covering)
    trained = accounts.trainings(uow.session, programme)
    today = now.astimezone(uow.organisation.zone).date()
    shown = sorted((one for one in known.values() if one.active), key=lambda one: one.name)
    return tuple(_practitioner(one.id, one.name, trained.get(one.id), today) for one in shown)


def train(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    programme: str,
    account_id: str,
    trained_on: date,
    valid_until: date,
    max_open_cases: int,
) -> Training:
    """Record a course or a refresher. Raises Forbidden, NotFound for nobody of this coordinator's, InvalidInput."""
    if account_id not in {one.account_id for one in practitioners(uow, actor, now=now, programme=programme)}:
        raise NotFound
    problems: dict[str, Reason] = {}
    if trained_on > now.astimezone(uow.organisation.zone).date():
        problems["trained_on"] = IN_FUTURE
    if valid_until <= trained_on:
        problems["valid_until"] = ENDS_FIRST
    if max_open_cases > MOST_CASES:
        problems["max_open_cases"] = TOO_MANY
    if problems:
        raise InvalidInput(problems)
    return record_training(
        uow,
        actor,
        now=now,
        account_id=account_id,
        programme=programme,
        trained_on=trained_on,
        valid_until=valid_until,
        max_open_cases=max_open_cases,
    )


def _practitioner(account_id: str, name: str, training: Training | None, today: date) -> Practitioner:
    if training is None:
        return Practitioner(account_id, name, None, None, 0, False)
    in_date = training.trained_on <= today <= training.valid_until
    return Practitioner(account_id, name, training.trained_on, training.valid_until, training.max_open_cases, in_date)
