"""Somebody asks for support for themselves, signed in with their own account."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor
from trim.domain.errors import Forbidden
from trim.engine.wording import Text
from trim.store.tables import Person
from trim.usecases.requests.come_in import INTAKE, beginning_of, come_in, programmes_for
from trim.usecases.unit_of_work import UnitOfWork

WAY = "request"


def programmes_to_ask(uow: UnitOfWork) -> dict[str, Text]:
    """The programmes that one can ask for support, with what they are called."""
    return {name: pack.title for name, pack in programmes_for(uow, WAY).items()}


def ask_for_support(uow: UnitOfWork, actor: Actor, *, now: datetime, programme: str, note: str = "") -> None:
    """Ask for oneself. The trail never names the account: it would say whose case it is.

    Raises Forbidden for an account that the directory knows nobody for, NotFound for a programme that takes none.
    """
    person = uow.session.get(Person, actor.person_id) if actor.person_id is not None else None
    if person is None:
        raise Forbidden
    come_in(
        uow,
        INTAKE,
        now=now,
        beginning=beginning_of(uow, person, programme, WAY),
        of="person",
        note=note,
    )
