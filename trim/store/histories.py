"""Histories out of the trail: of one case or incident, and of all that one supervisor may see; paged by key."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_
from sqlmodel import Session, col

from trim.domain.access import CONTENT_ROLES
from trim.store import conflicts, incident_lists
from trim.store.cases import TABLES
from trim.store.incident_lists import visible
from trim.store.tables import Incident, RoleGrant, SupportCase, TrailEntry, TrailSubject
from trim.store.trail_entries import Key


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; None leaves a part open. `words` are the ones to take, or with `others` the ones to leave out."""

    words: Collection[str] | None = None
    others: bool = False
    actor_id: str | None = None
    from_at: datetime | None = None
    until_at: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as conditions of a query."""
        asked: list[ColumnElement[bool]] = []
        if self.words is not None:
            within = col(TrailEntry.what).in_(sorted(self.words))
            asked.append(~within if self.others else within)
        if self.actor_id is not None:
            asked.append(col(TrailEntry.actor_id) == self.actor_id)
        if self.from_at is not None:
            asked.append(col(TrailEntry.at) >= self.from_at)
        if self.until_at is not None:
            asked.append(col(TrailEntry.at) < self.until_at)
        return asked


@dataclass(frozen=True, slots=True)
class Seen:
    """What a supervisor may see, of cases and of incidents (CARE 10)."""

    cases: conflicts.Sight
    incidents: incident_lists.Sight


def of_owner(
    session: Session, owner: str, wanted: Wanted, *, before: Key | None = None, limit: int
) -> list[TrailEntry]:
    """Entries of `case:<id>` or `incident:<id>`, and those of other chains that name it; the newest first."""
    own = select(TrailEntry).where(col(TrailEntry.chain) == owner)
    # Two queries, each along its own index: with OR between them the database would read everything.
    elsewhere = (
        select(TrailEntry)
        .join(
            TrailSubject,
            and_(col(TrailSubject.chain) == col(TrailEntry.chain), col(TrailSubject.number) == col(TrailEntry.number)),
        )
        .where(col(TrailSubject.subject) == owner, col(TrailSubject.chain) != owner)
    )
    found = [*_page(session, own, wanted, before, limit), *_page(session, elsewhere, wanted, before, limit)]
    return sorted(found, key=key_of, reverse=True)[:limit]


def of_all_seen(
    session: Session, seen: Seen, wanted: Wanted, *, before: Key | None = None, limit: int
) -> list[TrailEntry]:
    """Entries in the chains of all cases and incidents that a supervisor may see, the newest first."""
    return _page(session, select(TrailEntry).where(_seen(seen)), wanted, before, limit)


def actors_of_owner(session: Session, owner: str) -> set[str]:
    """Who has left an entry in a chain."""
    query = select(TrailEntry.actor_id).where(col(TrailEntry.chain) == owner).distinct()  # type: ignore[call-overload]
    return set(session.scalars(query))


def actors_seen(session: Session, seen: Seen, wanted: Wanted) -> set[str]:
    """Who has left an entry in what a supervisor may see; name a time, or this reads the whole trail."""
    query = select(TrailEntry.actor_id).where(_seen(seen), *wanted.conditions()).distinct()  # type: ignore[call-overload]
    return set(session.scalars(query))


def refs(session: Session, kind: str, ids: Collection[str]) -> dict[str, str]:
    """References of rows by id; what was erased has none."""
    table: Any = TABLES[kind]
    rows = session.execute(select(table.id, table.ref).where(table.id.in_(sorted(ids))))
    return {row[0]: row[1] for row in rows}


def cases_by_id(session: Session, ids: Collection[str]) -> list[SupportCase]:
    """Cases by id, in one query."""
    return list(session.scalars(select(SupportCase).where(col(SupportCase.id).in_(sorted(ids)))))


def content_grants(session: Session) -> list[RoleGrant]:
    """Every confirmed grant, ended ones too, of a role that reads content: whose work supervisors may look back on."""
    roles = sorted(role.value for role in CONTENT_ROLES)
    query = select(RoleGrant).where(col(RoleGrant.role).in_(roles), col(RoleGrant.confirmed_at).is_not(None))
    return list(session.scalars(query))


def key_of(entry: TrailEntry) -> Key:
    """The place of an entry in a history."""
    return entry.at, entry.chain, entry.number


def _seen(seen: Seen) -> ColumnElement[bool]:
    """Looked up entry by entry along the primary key of the case, so that the number of cases does not matter."""
    chain: Any = col(TrailEntry.chain)
    case = select(SupportCase.id).where(  # type: ignore[call-overload]
        col(SupportCase.id) == func.substr(chain, len("case:") + 1), *conflicts.seen_by(seen.cases)
    )
    incident = select(Incident.id).where(  # type: ignore[call-overload]
        col(Incident.id) == func.substr(chain, len("incident:") + 1), visible(seen.incidents)
    )
    return or_(and_(chain.like("case:%"), exists(case)), and_(chain.like("incident:%"), exists(incident)))


def _page(session: Session, query: Any, wanted: Wanted, before: Key | None, limit: int) -> list[TrailEntry]:
    key = (col(TrailEntry.at), col(TrailEntry.chain), col(TrailEntry.number))
    query = query.where(*wanted.conditions())
    if before is not None:
        query = query.where(tuple_(*key) < before)
    return list(session.scalars(query.order_by(*(one.desc() for one in key)).limit(limit)))
