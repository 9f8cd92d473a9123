"""What only a demonstration has: sign-ins for visitors, and a clock that can be put forward (CARE 34)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.errors import Forbidden
from trim.domain.organisation import CLOCK_AHEAD
from trim.store import settings
from trim.usecases.unit_of_work import Backend, UnitOfWork

#: Setting: a list of {"role", "name", "email", "password", "unit"}, written by `trim demo`.
SETTING = "demonstration_sign_ins"


@dataclass(frozen=True, slots=True)
class DemonstrationSignIn:
    """One made-up account and its password, which is no secret."""

    role: str
    name: str
    email: str
    password: str
    #: The unit that the role is given for, where it is not the whole organisation.
    unit: str = ""


def demonstration_sign_ins(uow: UnitOfWork) -> list[DemonstrationSignIn]:
    """One sign-in per role; empty unless this is a demonstration."""
    if not uow.organisation.demonstration:
        return []
    return [DemonstrationSignIn(**one) for one in settings.read(uow.session, SETTING, [])]


def put_clock_forward(uow: UnitOfWork, actor: Actor, *, now: datetime, ahead: timedelta) -> None:
    """Let the clock of a demonstration run ahead of the one on the wall by so much, and never by less than before.

    Raises Forbidden anywhere else, and for a clock that would go back: what is written already would lie in the future.
    """
    organisation = uow.organisation
    seconds = int(ahead.total_seconds())
    if not actor.is_system or not organisation.demonstration or seconds < organisation.clock_ahead_seconds:
        raise Forbidden
    settings.write(uow.session, CLOCK_AHEAD, seconds)
    uow.__dict__.pop("organisation", None)
    uow.record(
        actor,
        now,
        "settings.changed",
        chain=trail.ORGANISATION,
        subject="organisation",
        codes={"settings": [CLOCK_AHEAD], CLOCK_AHEAD: seconds},
    )


def clock_of(backend: Backend, wall: Callable[[], datetime]) -> Callable[[], datetime]:
    """The clock that this instance goes by: that on the wall, or ahead of it in a demonstration that was put forward.

    From then on every line of the trail that this process writes is marked. Raises DatabaseUnavailable.
    """
    with backend.reading() as uow:
        ahead = timedelta(seconds=uow.organisation.clock_ahead_seconds)
    if not ahead:
        return wall
    backend.database.simulated = True
    return lambda: wall() + ahead
