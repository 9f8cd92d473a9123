"""Read one step of the agreed plan: what it says, its day, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor
from trim.usecases.cases.beside import Beside, beside
from trim.usecases.cases.gathered import gather
from trim.usecases.perform import find
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class AgreedStepFile(Beside):
    """A step of the plan."""

    what: str
    planned_for: datetime
    agreed_at: datetime
    ended_at: datetime | None


def read_agreed_step(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> AgreedStepFile:
    """A step of the plan, with a line in the trail. Raises NotFound, ConflictUnknown."""
    found = find(uow, actor, "agreed_step", ref, lock=False, glass=True)
    one = found.subject
    gathered = gather(uow, found)
    what = gathered.agreed[one.id]
    return AgreedStepFile(
        **beside(uow, actor, found, gathered, now, {}, "agree_step"),
        what=what,
        planned_for=one.planned_for,
        agreed_at=one.agreed_at,
        ended_at=one.ended_at,
    )
