"""What the person does not see yet: an emergency look that is told later for a recorded reason (CARE 15), and a request
of a court or the like of which the register says that the person was not told, perhaps because the law forbids it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trim.store import break_glass, disclosure
from trim.store.tables import BreakGlass, SupportCase, TrailEntry
from trim.usecases.unit_of_work import UnitOfWork

#: Words of the trail about an opening itself, whoever wrote them.
OPENING = "break_glass."
#: Words about one request, named by the entry's subject.
REQUEST = "disclosure."
#: Words that let a request be guessed while the person may not know of it.
HINTS = frozenset({"disclosures.listed", "case.legal_hold_set", "case.legal_hold_lifted"})


@dataclass(frozen=True, slots=True)
class Withheld:
    """Openings by break-glass and requests (`disclosure:<id>`) that the person is not told of at this moment."""

    openings: tuple[BreakGlass, ...] = ()
    requests: frozenset[str] = frozenset()

    def covers(self, entry: TrailEntry, line: Mapping[str, Any]) -> bool:
        """Whether an entry falls under it; `line` is the entry's text, taken apart."""
        if entry.what.startswith(REQUEST):
            return line.get("subject") in self.requests
        if entry.what in HINTS and self.requests:
            return True
        return any(_follows(one, entry) for one in self.openings)

    def done_by(self, account_id: str, at: datetime) -> bool:
        """Whether somebody did something while their look lasted of which the person is not told yet."""
        return any(_lasted(one, account_id, at) for one in self.openings)


def withheld(uow: UnitOfWork, case: SupportCase, now: datetime) -> Withheld:
    """What is kept back now; once a delay is over or the person was told, the ledger shows it all.

    The one place where this is asked. Nothing else is ever kept back from the person.
    """
    requests = disclosure.disclosures_of(uow.session, [case.id])
    return Withheld(
        openings=tuple(break_glass.untold(uow.session, case.id, now)),
        requests=frozenset(f"disclosure:{one.id}" for one in requests if one.told != "told"),
    )


def _follows(opening: BreakGlass, entry: TrailEntry) -> bool:
    """The opening, its end, and every look of that account while its sight lasted."""
    if entry.at < opening.opened_at:
        return False
    return entry.what.startswith(OPENING) or _lasted(opening, entry.actor_id, entry.at)


def _lasted(opening: BreakGlass, account_id: str, at: datetime) -> bool:
    return opening.account_id == account_id and opening.opened_at <= at <= opening.until_at
