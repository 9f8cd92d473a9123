"""What pages show of openings by break-glass: one's own that still run, and those of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor
from trim.store import accounts, break_glass
from trim.store.tables import BreakGlass, SupportCase
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Opened:
    """One's own opening that still runs; it names nobody, because it stands on a page of its own accord."""

    opening_id: str
    ref: str
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening as the page of its case shows it."""

    opening_id: str
    by: str
    ground: str
    #: Why, in words; and why the person is told later, where it is so.
    reason: str
    opened_at: datetime
    until_at: datetime
    #: When sight ended, by itself or before; None while it runs.
    over_at: datetime | None
    delay_ground: str | None = None
    delay_reason: str = ""
    #: Until when the person is not told; None once they may be.
    told_after: datetime | None = None


def own_openings(uow: UnitOfWork, actor: Actor, now: datetime) -> tuple[Opened, ...]:
    """The cases that the actor has opened and still sees, the one that ends first before the others."""
    if not actor.opened_case_ids:
        return ()
    found = break_glass.of_account(uow.session, actor.account_id, now)
    return tuple(Opened(row.id, case.ref, row.until_at) for row, case in found)


def openings_of(uow: UnitOfWork, actor: Actor, case: SupportCase, standing: str, now: datetime) -> tuple[Opening, ...]:
    """The openings of a case: all of them for those who oversee it, their own for whoever opened it."""
    if standing not in ("oversees", "break_glass"):
        return ()
    rows = break_glass.of_case(uow.session, case.id)
    if standing == "break_glass":
        rows = [row for row in rows if row.account_id == actor.account_id]
    names = accounts.names(uow.session, {row.account_id for row in rows})
    return tuple(_opening(uow, row, names.get(row.account_id, ""), now) for row in rows)


def _opening(uow: UnitOfWork, row: BreakGlass, name: str, now: datetime) -> Opening:
    said = uow.vault.unseal(f"case:{row.case_id}", "break_glass", row.id, row.sealed)
    is_delayed = row.told_after is not None and row.told_after > now and row.delay_ended_at is None
    return Opening(
        opening_id=row.id,
        by=name,
        ground=row.ground,
        reason=said["reason"],
        opened_at=row.opened_at,
        until_at=row.until_at,
        over_at=row.ended_at or (row.until_at if row.until_at <= now else None),
        delay_ground=row.delay_ground,
        delay_reason=said["delay_reason"],
        told_after=row.told_after if is_delayed else None,
    )
