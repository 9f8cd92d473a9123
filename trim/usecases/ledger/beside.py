"""Where else the person of a case takes part: group sessions, checks, pairs and mediations, and who leads them.

Who opened these is not in the ledger of a case: a line there would tie a person to a group in the trail, which holds no
such tie (CARE 27). Who leads them, and so sees the name, is told instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trim.engine.wording import Text
from trim.store import accounts, undertakings
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Beside:
    """One of them: what it is, since which day the person is named in it, and who leads it now."""

    label: Text
    named_on: date
    led_by: tuple[str, ...]
    is_open: bool


def takes_part_in(uow: UnitOfWork, person_index: str) -> tuple[Beside, ...]:
    """Everything in which somebody takes part, the newest first."""
    rows = undertakings.of_person(uow.session, person_index)
    leading = {row.id: [one.account_id for one in undertakings.leaders(uow.session, row.id)] for _, row in rows}
    names = accounts.names(uow.session, {one for ones in leading.values() for one in ones})
    return tuple(
        Beside(
            label=uow.pack(row.pack_version_id).lifecycles[row.kind].label,
            named_on=party.named_at.astimezone(uow.organisation.zone).date(),
            led_by=tuple(names[one] for one in leading[row.id] if one in names),
            is_open=row.closed_at is None,
        )
        for party, row in rows
    )
