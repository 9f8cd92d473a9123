"""End an opening before its time, or the delay with which the person is told of it (CARE 15)."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor
from trim.domain.errors import NotFound
from trim.store import break_glass, cases
from trim.store.tables import BreakGlass, SupportCase
from trim.usecases.acting.standing import standing
from trim.usecases.unit_of_work import UnitOfWork


def end_opening(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, opening_id: str) -> None:
    """End sight at once: whoever opened the case may, and whoever oversees it. Raises NotFound, ConflictUnknown.

    An opening that is over stays as it is.
    """
    case, row = _found(uow, ref, opening_id)
    if row.account_id != actor.account_id:
        _must_oversee(uow, actor, case)
    if row.ended_at is not None or row.until_at <= now:
        return
    end_row(uow, actor, row, now)


def end_own(uow: UnitOfWork, actor: Actor, *, now: datetime, case: SupportCase) -> None:
    """End what the actor has opened of a case, after they said that there is a line between them and the person."""
    for row, opened in break_glass.of_account(uow.session, actor.account_id, now):
        if opened.id == case.id:
            end_row(uow, actor, row, now)


def end_delay(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, opening_id: str) -> None:
    """From now on the person's ledger shows the opening; for those who oversee the case. Raises NotFound,
    ConflictUnknown. A delay that is over stays as it is."""
    case, row = _found(uow, ref, opening_id)
    role = _must_oversee(uow, actor, case)
    if row.told_after is None or row.told_after <= now or row.delay_ended_at is not None:
        return
    row.delay_ended_at, row.delay_ended_by = now, actor.account_id
    uow.session.add(row)
    uow.record(
        actor,
        now,
        "break_glass.delay_ended",
        chain=f"case:{case.id}",
        subject=f"case:{case.id}",
        role=role,
        codes={"opening": row.id},
    )


def end_row(uow: UnitOfWork, actor: Actor, row: BreakGlass, now: datetime) -> None:
    """End one opening, with its line in the trail."""
    row.ended_at, row.ended_by = now, actor.account_id
    uow.session.add(row)
    uow.record(
        actor,
        now,
        "break_glass.ended",
        chain=f"case:{row.case_id}",
        subject=f"case:{row.case_id}",
        codes={"opening": row.id},
    )


def _found(uow: UnitOfWork, ref: str, opening_id: str) -> tuple[SupportCase, BreakGlass]:
    case: SupportCase = cases.load(uow.session, "case", ref, lock=True)
    row = break_glass.locked(uow.session, case.id, opening_id)
    if row is None:
        raise NotFound
    return case, row


def _must_oversee(uow: UnitOfWork, actor: Actor, case: SupportCase) -> str:
    stands = standing(uow, actor, case)
    if stands.kind != "oversees":
        raise NotFound
    return min(stands.roles)
