"""Group sessions, periodic checks, pairs and mediations, and the people in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from trim.domain.errors import NotFound
from trim.store.tables import (
    ActionRecord,
    Incident,
    IncidentReader,
    Step,
    Undertaking,
    UndertakingGoal,
    UndertakingLeader,
    UndertakingLineAnswer,
    UndertakingMeeting,
    UndertakingParty,
)

#: A place in a list: the instant it is ordered by, and the row's id.
Key = tuple[datetime, str]


def load(session: Session, ref: str, *, lock: bool = False) -> Undertaking:
    """The one of that reference, of whatever kind. Raises NotFound."""
    query = select(Undertaking).where(col(Undertaking.ref) == ref)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound
    return row


def leaders(session: Session, undertaking_id: str) -> list[UndertakingLeader]:
    """Who leads it, the first named first."""
    query = select(UndertakingLeader).where(col(UndertakingLeader.undertaking_id) == undertaking_id)
    return list(session.scalars(query.order_by(col(UndertakingLeader.since), col(UndertakingLeader.id))))


def parties(session: Session, undertaking_id: str) -> list[UndertakingParty]:
    """Who takes part, the first named first."""
    query = select(UndertakingParty).where(col(UndertakingParty.undertaking_id) == undertaking_id)
    return list(session.scalars(query.order_by(col(UndertakingParty.named_at), col(UndertakingParty.id))))


def line_answers(session: Session, undertaking_id: str) -> dict[str, UndertakingLineAnswer]:
    """The newest answer of each account to the question about line management, by account id."""
    query = (
        select(UndertakingLineAnswer)
        .where(col(UndertakingLineAnswer.undertaking_id) == undertaking_id)
        .order_by(col(UndertakingLineAnswer.answered_at), col(UndertakingLineAnswer.id))
    )
    return {one.account_id: one for one in session.scalars(query)}


def meetings(session: Session, undertaking_id: str) -> list[UndertakingMeeting]:
    """Meetings that were held, the earliest first."""
    query = select(UndertakingMeeting).where(col(UndertakingMeeting.undertaking_id) == undertaking_id)
    return list(session.scalars(query.order_by(col(UndertakingMeeting.held_at), col(UndertakingMeeting.id))))


def goals(session: Session, undertaking_id: str) -> list[UndertakingGoal]:
    """Goals in the order in which they were set."""
    query = select(UndertakingGoal).where(col(UndertakingGoal.undertaking_id) == undertaking_id)
    return list(session.scalars(query.order_by(col(UndertakingGoal.number))))


def records(session: Session, undertaking_id: str) -> list[ActionRecord]:
    """Everything that was done on it, in order."""
    query = select(ActionRecord).where(col(ActionRecord.subject_id) == undertaking_id)
    return list(session.scalars(query.order_by(col(ActionRecord.done_at), col(ActionRecord.version))))


def of_person(session: Session, person_index: str) -> list[tuple[UndertakingParty, Undertaking]]:
    """Everything in which a person takes part, the newest first."""
    rows = session.execute(
        select(UndertakingParty, Undertaking)
        .join(Undertaking, col(Undertaking.id) == col(UndertakingParty.undertaking_id))
        .where(col(UndertakingParty.person_index) == person_index)
        .order_by(col(Undertaking.opened_at).desc())
    )
    return [(row[0], row[1]) for row in rows]


def of_incident(session: Session, incident_id: str) -> list[Undertaking]:
    """Sessions about an incident, the earliest first."""
    query = select(Undertaking).where(col(Undertaking.incident_id) == incident_id)
    return list(session.scalars(query.order_by(col(Undertaking.opened_at), col(Undertaking.id))))


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader may see in lists: what they lead or oversee, and whom the conflict rules hide."""

    account_id: str
    #: Units that the account oversees, by programme, and the programmes in which it holds a role at all.
    units: Mapping[str, Collection[str]]
    programmes: Collection[str]
    #: Kinds in which a line of management keeps somebody out (CARE 10).
    line_matters_in: Collection[str]
    #: Blind index of the reader's own person, if the account has one.
    own_index: str | None = None
    #: Blind indexes of the reader's line manager and of those they lead.
    in_line: Collection[str] = ()


def seen(sight: Sight) -> ColumnElement[bool]:
    """The rule of `stand_to` as a condition; what the reader must be asked about first is listed and not opened."""
    leads = _of_it(UndertakingLeader, col(UndertakingLeader.account_id) == sight.account_id)
    named = (
        select(IncidentReader.id)  # type: ignore[call-overload]
        .where(
            col(IncidentReader.incident_id) == col(Undertaking.incident_id),
            col(IncidentReader.account_id) == sight.account_id,
        )
        .exists()
    )
    restricted = (
        select(Incident.id)  # type: ignore[call-overload]
        .where(col(Incident.id) == col(Undertaking.incident_id), col(Incident.restricted).is_(True))
        .exists()
    )
    oversees = [
        and_(col(Undertaking.programme) == programme, col(Undertaking.unit_id).in_(sorted(covered)))
        for programme, covered in sorted(sight.units.items())
    ]
    mine = or_(
        and_(leads, col(Undertaking.programme).in_(sorted(sight.programmes))),
        and_(or_(*oversees) if oversees else false(), or_(~restricted, named)),
    )
    return and_(mine, *(~one for one in _hidden_from(sight)))


def _hidden_from(sight: Sight) -> Iterable[ColumnElement[bool]]:
    """Each ground on which one of them is kept from the reader."""
    if sight.own_index is not None:
        yield _of_it(UndertakingParty, col(UndertakingParty.person_index) == sight.own_index)
    line_matters = col(Undertaking.kind).in_(sorted(sight.line_matters_in))
    if sight.in_line:
        in_line = _of_it(UndertakingParty, col(UndertakingParty.person_index).in_(sorted(sight.in_line)))
        yield and_(line_matters, in_line)
    answer, later = UndertakingLineAnswer, aliased(UndertakingLineAnswer)
    newer = (
        select(col(later.id))
        .where(
            col(later.undertaking_id) == col(answer.undertaking_id),
            col(later.account_id) == sight.account_id,
            col(later.answered_at) > col(answer.answered_at),
        )
        .exists()
    )
    said_so = _of_it(answer, col(answer.account_id) == sight.account_id, col(answer.clear).is_(False), ~newer)
    yield and_(line_matters, said_so)


def _of_it(
    table: type[UndertakingLeader | UndertakingParty | UndertakingLineAnswer], *where: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Whether there is such a row of the undertaking in question."""
    found: ColumnElement[bool] = (
        select(col(table.id)).where(col(table.undertaking_id) == col(Undertaking.id), *where).exists()
    )
    return found


def page_of(
    session: Session, sight: ColumnElement[bool], *, closed: bool, after: Key | None, limit: int
) -> list[Undertaking]:
    """Those in sight that go on, or those that ended, the newest first."""
    ended = col(Undertaking.closed_at).is_not(None)
    query = select(Undertaking).where(sight, ended if closed else ~ended)
    if after is not None:
        query = query.where(tuple_(col(Undertaking.opened_at), col(Undertaking.id)) < after)
    return list(
        session.scalars(query.order_by(col(Undertaking.opened_at).desc(), col(Undertaking.id).desc()).limit(limit))
    )


def running(session: Session, ids: Collection[str]) -> dict[str, list[Step]]:
    """What nobody has ended of each of these, the next due first."""
    found: dict[str, list[Step]] = {}
    query = (
        select(Step)
        .where(col(Step.subject_id).in_(sorted(ids)), col(Step.state).in_(["open", "paused"]))
        .order_by(col(Step.due_at), col(Step.id))
    )
    for step in session.scalars(query) if ids else ():
        found.setdefault(step.subject_id, []).append(step)
    return found


def count_due(session: Session, sight: ColumnElement[bool], kinds: Collection[str], now: datetime) -> int:
    """How many open steps of those in sight are due by now."""
    query = (
        select(func.count())
        .select_from(Step)
        .join(Undertaking, col(Undertaking.id) == col(Step.subject_id))
        .where(col(Step.subject_kind).in_(sorted(kinds)), col(Step.state) == "open", col(Step.due_at) <= now, sight)
    )
    return session.scalar(query) or 0
