"""Read a referral: to whom, where it stands, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor
from trim.engine.wording import Text
from trim.usecases.cases.beside import Beside, beside
from trim.usecases.cases.gathered import gather
from trim.usecases.cases.said import provider_of
from trim.usecases.perform import find
from trim.usecases.referral.letter import basis_of
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReferralFile(Beside):
    """The way to professional care."""

    provider: Text | None
    #: Somebody has agreed, or help goes ahead on one of the grounds: the letter can be made.
    may_print: bool
    sent_at: datetime | None
    ended_at: datetime | None


def read_referral(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> ReferralFile:
    """A referral, with a line in the trail. Raises NotFound, ConflictUnknown."""
    found = find(uow, actor, "referral", ref, lock=False, glass=True)
    one = found.subject
    gathered = gather(uow, found)
    content = gathered.proposals[one.id]
    return ReferralFile(
        **beside(uow, actor, found, gathered, now, content, None),
        provider=provider_of(found.pack, content),
        may_print=not found.glass and basis_of(uow, found.pack, one) is not None,
        sent_at=one.sent_at,
        ended_at=one.ended_at,
    )
