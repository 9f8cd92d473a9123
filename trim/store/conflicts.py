"""Conflict rules in the language of the database: for many members of staff at one case, for one at many cases.

`hidden_from` says for a list what `trim.usecases.acting.standing` says for one case; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from trim.store.tables import (
    CaseIncident,
    ConflictAnswer,
    Exclusion,
    Exposure,
    Incident,
    IncidentReader,
    SupportCase,
)


def answers(session: Session, case_id: str, account_ids: Collection[str]) -> dict[str, bool]:
    """The newest answer of each account to the question about line management: True is clear."""
    query = (
        select(ConflictAnswer)
        .where(col(ConflictAnswer.case_id) == case_id, col(ConflictAnswer.account_id).in_(list(account_ids)))
        .order_by(col(ConflictAnswer.answered_at), col(ConflictAnswer.id))
    )
    return {one.account_id: one.clear for one in session.scalars(query)}


def answers_of(session: Session, account_id: str, case_ids: Collection[str]) -> dict[str, bool]:
    """The newest answer of one account on each of many cases: True is clear."""
    query = (
        select(ConflictAnswer)
        .where(col(ConflictAnswer.account_id) == account_id, col(ConflictAnswer.case_id).in_(list(case_ids)))
        .order_by(col(ConflictAnswer.answered_at), col(ConflictAnswer.id))
    )
    return {one.case_id: one.clear for one in session.scalars(query)}


def exclusions(session: Session, case_id: str) -> list[Exclusion]:
    """Who is kept away from a case, the earliest first."""
    query = select(Exclusion).where(col(Exclusion.case_id) == case_id)
    return list(session.scalars(query.order_by(col(Exclusion.made_at), col(Exclusion.id))))


def exposed_beside(session: Session, case_id: str, person_indexes: Collection[str]) -> set[str]:
    """Which of these people were exposed to an incident of the case."""
    query = (
        select(Exposure.person_index)  # type: ignore[call-overload]
        .join(CaseIncident, col(CaseIncident.incident_id) == col(Exposure.incident_id))
        .where(col(CaseIncident.case_id) == case_id, col(Exposure.person_index).in_(list(person_indexes)))
    )
    return set(session.scalars(query))


def not_named(session: Session, case_id: str, account_ids: Collection[str]) -> set[str]:
    """Which of these accounts a restricted incident of the case does not name as its readers."""
    restricted = (
        select(Incident.id)  # type: ignore[call-overload]
        .join(CaseIncident, col(CaseIncident.incident_id) == col(Incident.id))
        .where(col(CaseIncident.case_id) == case_id, col(Incident.restricted).is_(True))
    )
    query = (
        select(Incident.id, IncidentReader.account_id)  # type: ignore[call-overload]
        .outerjoin(IncidentReader, col(IncidentReader.incident_id) == col(Incident.id))
        .where(col(Incident.id).in_(restricted))
    )
    readers: dict[str, set[str]] = {}
    for incident_id, account_id in session.execute(query):
        readers.setdefault(incident_id, set()).add(account_id)
    return {one for one in account_ids if any(one not in named for named in readers.values())}


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader may see in lists of cases: units by programme, and whom the conflict rules hide."""

    account_id: str
    units: Mapping[str, frozenset[str]]
    #: Blind index of the reader's own person; empty when the account has none.
    own_index: str = ""
    #: Blind indexes of the reader, of their line manager and of those they lead.
    hidden_people: frozenset[str] = frozenset()


def seen_by(sight: Sight) -> list[ColumnElement[bool]]:
    """Conditions on support_case under which a supervisor sees a case in a list (CARE 10, 13)."""
    reach = [
        and_(col(SupportCase.programme) == programme, col(SupportCase.unit_id).in_(sorted(units)))
        for programme, units in sorted(sight.units.items())
    ]
    return [or_(*reach) if reach else false(), *(~one for one in hidden_from(sight))]


def hidden_from(sight: Sight) -> Iterable[ColumnElement[bool]]:
    """Each ground on which a case is kept from the reader.

    The case ids of a ground are few and do not depend on the row: a database looks them up once, not row by row.
    """
    case_id = col(SupportCase.id)
    if sight.hidden_people:
        yield col(SupportCase.person_index).in_(sorted(sight.hidden_people))
    if sight.own_index:
        yield case_id.in_(
            select(CaseIncident.case_id)  # type: ignore[call-overload]
            .join(Exposure, col(Exposure.incident_id) == col(CaseIncident.incident_id))
            .where(col(Exposure.person_index) == sight.own_index)
        )
    yield case_id.in_(select(Exclusion.case_id).where(col(Exclusion.account_id) == sight.account_id))  # type: ignore[call-overload]
    later = aliased(ConflictAnswer)
    yield case_id.in_(
        select(ConflictAnswer.case_id).where(  # type: ignore[call-overload]
            col(ConflictAnswer.account_id) == sight.account_id,
            col(ConflictAnswer.clear).is_(False),
            ~exists(
                select(later.id).where(  # type: ignore[call-overload]
                    col(later.case_id) == col(ConflictAnswer.case_id),
                    col(later.account_id) == sight.account_id,
                    col(later.answered_at) > col(ConflictAnswer.answered_at),
                )
            ),
        )
    )
    named = select(IncidentReader.incident_id).where(col(IncidentReader.account_id) == sight.account_id)  # type: ignore[call-overload]
    yield case_id.in_(
        select(CaseIncident.case_id)  # type: ignore[call-overload]
        .join(Incident, col(Incident.id) == col(CaseIncident.incident_id))
        .where(col(Incident.restricted).is_(True), col(Incident.id).not_in(named))
    )
