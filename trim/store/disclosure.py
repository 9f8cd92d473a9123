"""Access requests and the register of disclosures, in lists paged by key and without what the conflict rules hide."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, false, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from trim.domain.errors import NotFound
from trim.store import incident_lists
from trim.store.conflicts import Sight, hidden_from
from trim.store.tables import (
    AccessRequest,
    BreakGlass,
    CaseIncident,
    ConflictAnswer,
    Disclosure,
    Exclusion,
    Exposure,
    Incident,
    IncidentReader,
    LegalHold,
    SupportCase,
)

#: A place in the list of requests: the day it is due, and the row's id.
DueKey = tuple[date, str]
Key = tuple[datetime, str]


def request_of(session: Session, ref: str, *, lock: bool = False) -> AccessRequest:
    """The access request of a reference. Raises NotFound."""
    query = select(AccessRequest).where(col(AccessRequest.ref) == ref)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound
    return row


def requests_seen(
    session: Session, sight: Sight, states: Collection[str], *, after: DueKey | None = None, limit: int
) -> list[AccessRequest]:
    """Access requests of the units a reader oversees, the next due first; none about the reader or their line."""
    reach: list[object] = [
        and_(col(AccessRequest.programme) == programme, col(AccessRequest.unit_id).in_(sorted(units)))
        for programme, units in sorted(sight.units.items())
    ]
    query = select(AccessRequest).where(
        or_(false(), *reach),  # type: ignore[arg-type]
        col(AccessRequest.state).in_(list(states)),
        col(AccessRequest.person_index).not_in(sorted({*sight.hidden_people, sight.own_index})),
    )
    if after is not None:
        query = query.where(tuple_(col(AccessRequest.due_on), col(AccessRequest.id)) > after)
    return list(session.scalars(query.order_by(col(AccessRequest.due_on), col(AccessRequest.id)).limit(limit)))


def requests_about(session: Session, person_index: str) -> list[AccessRequest]:
    """Every access request of one person, the earliest first."""
    query = select(AccessRequest).where(col(AccessRequest.person_index) == person_index)
    return list(session.scalars(query.order_by(col(AccessRequest.recorded_at), col(AccessRequest.id))))


@dataclass(frozen=True, slots=True)
class Known:
    """What the tables know between some accounts and one person: the grounds of the conflict rules (CARE 10)."""

    #: Blind indexes of people who were exposed to an incident of this person's.
    beside: frozenset[str]
    #: Accounts that the person asked to be kept away.
    kept_away: frozenset[str]
    #: The newest answer of an account to the question about line management: True is clear.
    answers: dict[str, bool]
    #: Accounts that a restricted incident of the person's cases does not name.
    not_named: frozenset[str]


def known_between(session: Session, person_index: str, accounts: Collection[str], indexes: Collection[str]) -> Known:
    """The grounds for conflicts between a person and some accounts, whose own people have these blind indexes."""
    mine, theirs = aliased(Exposure), aliased(Exposure)
    beside = (
        select(theirs.person_index)  # type: ignore[call-overload]
        .join(mine, col(mine.incident_id) == col(theirs.incident_id))
        .where(col(mine.person_index) == person_index, col(theirs.person_index).in_(list(indexes)))
    )
    cases = select(SupportCase.id).where(col(SupportCase.person_index) == person_index)  # type: ignore[call-overload]
    away = select(Exclusion.account_id).where(  # type: ignore[call-overload]
        col(Exclusion.case_id).in_(cases), col(Exclusion.account_id).in_(list(accounts))
    )
    answered = (
        select(ConflictAnswer)
        .where(col(ConflictAnswer.case_id).in_(cases), col(ConflictAnswer.account_id).in_(list(accounts)))
        .order_by(col(ConflictAnswer.answered_at), col(ConflictAnswer.id))
    )
    restricted = set(
        session.scalars(
            select(Incident.id)  # type: ignore[call-overload]
            .join(CaseIncident, col(CaseIncident.incident_id) == col(Incident.id))
            .where(col(CaseIncident.case_id).in_(cases), col(Incident.restricted).is_(True))
        )
    )
    named: dict[str, set[str]] = {}
    for one in session.scalars(select(IncidentReader).where(col(IncidentReader.incident_id).in_(restricted))):
        named.setdefault(one.account_id, set()).add(one.incident_id)
    return Known(
        beside=frozenset(session.scalars(beside)),
        kept_away=frozenset(session.scalars(away)),
        answers={one.account_id: one.clear for one in session.scalars(answered)},
        not_named=frozenset(one for one in accounts if restricted - named.get(one, set())),
    )


def cases_of(session: Session, person_index: str) -> list[SupportCase]:
    """Every case of a person, the earliest first."""
    query = select(SupportCase).where(col(SupportCase.person_index) == person_index)
    return list(session.scalars(query.order_by(col(SupportCase.opened_at), col(SupportCase.id))))


def exposures_of(session: Session, person_index: str) -> list[tuple[Exposure, Incident]]:
    """Every exposure of a person, the earliest incident first."""
    rows = session.execute(
        select(Exposure, Incident)
        .join(Incident, col(Incident.id) == col(Exposure.incident_id))
        .where(col(Exposure.person_index) == person_index)
        .order_by(col(Incident.occurred_at), col(Exposure.id))
    )
    return [(row[0], row[1]) for row in rows]


def holds_of(session: Session, case_ids: Sequence[str]) -> list[LegalHold]:
    """Legal holds on some cases."""
    query = select(LegalHold).where(col(LegalHold.case_id).in_(case_ids))
    return list(session.scalars(query.order_by(col(LegalHold.set_at), col(LegalHold.id))))


def openings_of(session: Session, case_id: str) -> list[BreakGlass]:
    """Who opened a case by break-glass, the earliest first."""
    query = select(BreakGlass).where(col(BreakGlass.case_id) == case_id)
    return list(session.scalars(query.order_by(col(BreakGlass.opened_at), col(BreakGlass.id))))


def disclosures_of(session: Session, case_ids: Sequence[str]) -> list[Disclosure]:
    """Entries of the register about some cases."""
    query = select(Disclosure).where(col(Disclosure.case_id).in_(case_ids))
    return list(session.scalars(query.order_by(col(Disclosure.recorded_at), col(Disclosure.id))))


def disclosure_of(session: Session, ref: str, *, lock: bool = False) -> Disclosure:
    """The entry of a reference. Raises NotFound."""
    query = select(Disclosure).where(col(Disclosure.ref) == ref)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound
    return row


def disclosures_seen(
    session: Session, cases: Sight, incidents: incident_lists.Sight, *, after: Key | None = None, limit: int
) -> list[Disclosure]:
    """Entries of the register that a supervisor may see, the newest first.

    Once its case or incident is erased nothing in an entry says whom it was about: the unit alone decides.
    """
    reach: list[object] = [
        and_(col(Disclosure.programme) == programme, col(Disclosure.unit_id).in_(sorted(units)))
        for programme, units in sorted(cases.units.items())
    ]
    seen_cases = select(SupportCase.id).where(*(~one for one in hidden_from(cases)))  # type: ignore[call-overload]
    seen_incidents = select(Incident.id).where(incident_lists.visible(incidents))  # type: ignore[call-overload]
    query = select(Disclosure).where(
        or_(*reach),  # type: ignore[arg-type]
        or_(
            col(Disclosure.case_id).in_(seen_cases),
            col(Disclosure.incident_id).in_(seen_incidents),
            and_(col(Disclosure.case_id).is_(None), col(Disclosure.incident_id).is_(None)),
        ),
    )
    return _page(session, query, after, limit)


def register(session: Session, *, after: Key | None = None, limit: int) -> list[Disclosure]:
    """The whole register, the newest first: for the auditor, who sees its code words."""
    return _page(session, select(Disclosure), after, limit)


def _page(session: Session, query: object, after: Key | None, limit: int) -> list[Disclosure]:
    if after is not None:
        query = query.where(tuple_(col(Disclosure.recorded_at), col(Disclosure.id)) < after)  # type: ignore[attr-defined]
    order = (col(Disclosure.recorded_at).desc(), col(Disclosure.id).desc())
    return list(session.scalars(query.order_by(*order).limit(limit)))  # type: ignore[attr-defined]


def refs_of(session: Session, entries: Iterable[Disclosure]) -> dict[str, str]:
    """References of the cases and incidents that some entries are about, by row id."""
    some = list(entries)
    found: dict[str, str] = {}
    tables = ((SupportCase, "case_id"), (Incident, "incident_id"))
    for table, name in tables:
        ids = {getattr(one, name) for one in some} - {None}
        if ids:
            rows = session.execute(select(table.id, table.ref).where(table.id.in_(ids)))  # type: ignore[attr-defined, call-overload]
            found |= {row[0]: row[1] for row in rows}
    return found
