"""Sweep orphan keys: made for a case or an incident whose row never came, because a transaction failed after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.errors import Forbidden, TrimError
from trim.store import erasure
from trim.store.tables import TrailHead
from trim.usecases.unit_of_work import Backend

#: A younger key may belong to a transaction that is still under way: it is never touched.
LEAST_AGE = timedelta(days=1)
#: More orphans than this share of all keys are no accident of ours but the wrong database.
MOST_SHARE = 0.1
#: So few are swept whatever their share.
ALWAYS = 20


class TooManyOrphans(TrimError):
    """So many keys have no row that the database is rather the wrong or an older one: none was destroyed."""


@dataclass(frozen=True, slots=True)
class Swept:
    """Keys that were destroyed, of how many."""

    swept: int
    keys: int


def sweep_keys(backend: Backend, actor: Actor, *, now: datetime) -> Swept:
    """Destroy keys older than a day of which neither row nor trail knows. Raises Forbidden, TooManyOrphans."""
    if not actor.is_system:
        raise Forbidden
    keys = backend.vault.owners()
    old = backend.vault.owners(now - LEAST_AGE)
    with backend.reading() as uow:
        # A row that was there and is not any more left its trail: that is for erasure, not for the broom.
        orphans = sorted(old - erasure.existing(uow.session, old) - _with_trail(uow.session, old))
    if len(orphans) > max(ALWAYS, MOST_SHARE * len(keys)) or (orphans and len(orphans) == len(keys) > 1):
        raise TooManyOrphans(
            f"{len(orphans)} of {len(keys)} keys have no row: this looks like another or an older database. "
            "Nothing was destroyed. See whether TRIM_DATABASE_URL and the keys belong together."
        )
    if orphans:
        with backend.writing() as uow:
            uow.record(
                actor,
                now,
                "keys.swept",
                chain=trail.ORGANISATION,
                subject="keys",
                codes={"swept": len(orphans), "owners": orphans},
            )
        for owner in orphans:
            backend.vault.destroy_key(owner)
    return Swept(len(orphans), len(keys))


def _with_trail(session: Session, owners: set[str]) -> set[str]:
    ordered, found = sorted(owners), set()
    for place in range(0, len(ordered), 500):
        query = select(TrailHead.chain).where(col(TrailHead.chain).in_(ordered[place : place + 500]))  # type: ignore[call-overload]
        found |= set(session.scalars(query))
    return found
