"""Lines that the person does not see yet: an emergency look that may not be told for a recorded reason (CARE 15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trim.store import break_glass
from trim.store.tables import SupportCase, TrailEntry
from trim.usecases.unit_of_work import UnitOfWork

#: Words of the trail about the opening itself, whoever wrote them.
OPENING = "break_glass."


@dataclass(frozen=True, slots=True)
class Withheld:
    """One opening by break-glass that the person is told of later: the account and the span of its sight."""

    actor_id: str
    from_at: datetime
    until_at: datetime

    def covers(self, entry: TrailEntry) -> bool:
        """Whether an entry falls under it: the opening, its end, and every look that followed from it."""
        if entry.at < self.from_at:
            return False
        return entry.what.startswith(OPENING) or (entry.actor_id == self.actor_id and entry.at <= self.until_at)


def withheld(uow: UnitOfWork, case: SupportCase, now: datetime) -> Sequence[Withheld]:
    """What a safeguarding delay keeps back at this moment; once it is over, the ledger shows it all.

    The one place where the delay is asked. Nothing else is ever kept back from the person.
    """
    return tuple(
        Withheld(one.account_id, one.opened_at, one.until_at) for one in break_glass.untold(uow.session, case.id, now)
    )
