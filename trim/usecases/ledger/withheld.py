"""Lines that the person does not see yet: an emergency look that may not be told for a recorded reason (CARE 15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trim.store.tables import SupportCase, TrailEntry
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Withheld:
    """Everything that one account did on a case within a span; None as its end: until now."""

    actor_id: str
    from_at: datetime
    until_at: datetime | None

    def covers(self, entry: TrailEntry) -> bool:
        """Whether an entry falls under it: what was opened, and every look that followed from it."""
        return (
            entry.actor_id == self.actor_id
            and entry.at >= self.from_at
            and (self.until_at is None or entry.at <= self.until_at)
        )


def withheld(uow: UnitOfWork, case: SupportCase, now: datetime) -> Sequence[Withheld]:  # noqa: ARG001 - see below
    """What a safeguarding delay keeps back at this moment; once it is over, the ledger shows it all.

    The one place where the delay is asked. Nothing else is ever kept back from the person.
    """
    return ()
