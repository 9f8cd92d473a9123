"""What was erased, for those who oversee: that it existed, when it went, under which rule; nothing else is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.audit import trail
from trim.domain.access import Actor, Can
from trim.domain.errors import Forbidden
from trim.store import erasure
from trim.usecases.unit_of_work import UnitOfWork

PAGE = 50


@dataclass(frozen=True, slots=True)
class Stone:
    """One erased case or incident."""

    kind: str
    ref: str
    unit_id: str
    rule: str
    erased_at: datetime
    key_destroyed_at: datetime | None


@dataclass(frozen=True, slots=True)
class StonePage:
    """A page, the newest first; `before` says where the next one goes on, None at the end."""

    stones: tuple[Stone, ...]
    before: tuple[datetime, str] | None


def list_tombstones(
    uow: UnitOfWork, actor: Actor, *, now: datetime, before: tuple[datetime, str] | None = None
) -> StonePage:
    """Tombstones of the units the actor oversees. Raises Forbidden."""
    units = actor.units_where(Can.OVERSEE_CASES)
    if not units:
        raise Forbidden
    found = erasure.tombstones(uow.session, units, before, PAGE + 1)
    page = found[:PAGE]
    uow.record(
        actor,
        now,
        "tombstones.listed",
        chain=trail.account_chain(actor.account_id),
        subject="tombstones",
        codes={"shown": len(page)},
    )
    stones = tuple(Stone(s.kind, s.ref, s.unit_id, s.rule, s.erased_at, s.key_destroyed_at) for s in page)
    last = page[-1] if len(found) > PAGE else None
    return StonePage(stones, (last.erased_at, last.id) if last is not None else None)
