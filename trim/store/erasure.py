"""Takes a case or an incident away with every row that belongs to it, and keeps what says that it existed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Select, Table, delete, func, or_, select, update
from sqlmodel import Session, col

from trim.domain.disclosure import CHECKED, ENDED_STATES, MADE, OPEN_STATES, REVIEWED
from trim.store.tables import (
    AccessRequest,
    ActionRecord,
    AgreedStep,
    CaseIncident,
    Claim,
    DeadlineStage,
    Disclosure,
    Escalation,
    Exposure,
    Incident,
    LegalHold,
    Notice,
    Referral,
    RetentionWarning,
    Step,
    SupportCase,
    Tombstone,
    Undertaking,
    UndertakingParty,
    metadata,
)

#: Columns that name something erased in a row that stays: the exposure belongs to its incident, and the register of
#: disclosures must be able to show for years that something was given out lawfully (GDPR Art. 5(2)).
UNLINKED = frozenset(
    {
        ("exposure", "case_id"),
        ("support_case", "incident_id"),
        ("undertaking", "incident_id"),
        ("undertaking_party", "case_id"),
        ("disclosure", "case_id"),
        ("disclosure", "incident_id"),
    }
)
#: Content of such a row that was sealed under the erased key: it goes at once, code words stay.
EMPTIED: dict[str, tuple[str, ...]] = {"disclosure": ("sealed",)}
TABLES: dict[str, Any] = {
    "case": SupportCase,
    "incident": Incident,
    "request": AccessRequest,
    "undertaking": Undertaking,
}


def take_away(session: Session, kind: str, row_id: str) -> None:
    """Delete a case, an incident or an access request with all that hangs on it, and notices that name it."""
    refs = [session.scalar(select(TABLES[kind].ref).where(TABLES[kind].id == row_id))]
    if kind == "case":
        for table in (AgreedStep, Escalation, Referral):
            refs += session.scalars(select(table.ref).where(col(table.case_id) == row_id))  # type: ignore[call-overload]
        _empty_packages(session, row_id)
    told = session.scalars(select(Notice.id).where(col(Notice.subject_ref).in_(refs)))  # type: ignore[call-overload]
    ids = list(told)
    _delete(session, metadata.tables[Notice.__tablename__], ids)
    session.execute(delete(Claim).where(col(Claim.id).in_(ids)), execution_options={"synchronize_session": False})
    _forget_clocks(session, kind, row_id)
    if kind == "incident":
        exposed = select(Exposure.id).where(col(Exposure.incident_id) == row_id)  # type: ignore[call-overload]
        named = or_(col(Step.subject_id) == row_id, col(Step.subject_id).in_(exposed))
        session.execute(delete(Step).where(named), execution_options={"synchronize_session": False})
        done = or_(col(ActionRecord.subject_id) == row_id, col(ActionRecord.subject_id).in_(exposed))
        session.execute(delete(ActionRecord).where(done), execution_options={"synchronize_session": False})
    if kind == "undertaking":
        for gone_too in (
            delete(Step).where(col(Step.subject_id) == row_id),
            delete(ActionRecord).where(col(ActionRecord.subject_id) == row_id),
        ):
            session.execute(gone_too, execution_options={"synchronize_session": False})
    _delete(session, metadata.tables[TABLES[kind].__tablename__], [row_id])
    gone = (col(RetentionWarning.subject_kind) == kind, col(RetentionWarning.subject_id) == row_id)
    session.execute(delete(RetentionWarning).where(*gone))


def _forget_clocks(session: Session, kind: str, row_id: str) -> None:
    """Which stages of its clocks acted, and what a worker holds or has set aside of it: neither names it by a key."""
    exposed = select(Exposure.id).where(col(Exposure.incident_id) == row_id)  # type: ignore[call-overload]
    own = (
        col(Step.case_id) == row_id
        if kind == "case"
        else or_(col(Step.subject_id) == row_id, col(Step.subject_id).in_(exposed))
    )
    ids = list(session.scalars(select(col(Step.id)).where(own)))
    if kind == "case":
        ids += session.scalars(select(col(Escalation.id)).where(col(Escalation.case_id) == row_id))
    quiet = {"synchronize_session": False}
    session.execute(delete(DeadlineStage).where(col(DeadlineStage.subject_id).in_(ids)), execution_options=quiet)
    session.execute(delete(Claim).where(col(Claim.id).in_(ids)), execution_options=quiet)


def _delete(session: Session, table: Table, ids: Sequence[str]) -> None:
    """Delete rows of a table by id, after the rows of other tables that name them."""
    if not ids:
        return
    quiet = {"synchronize_session": False}
    for other, column in _naming(table):
        if (other.name, column.name) in UNLINKED:
            away = dict.fromkeys((column.name, *EMPTIED.get(other.name, ())))
            session.execute(update(other).where(column.in_(ids)).values(away), execution_options=quiet)
        elif other is not table:
            _delete(session, other, list(session.scalars(select(other.c.id).where(column.in_(ids)))))
    session.execute(delete(table).where(table.c.id.in_(ids)), execution_options=quiet)


def _empty_packages(session: Session, case_id: str) -> None:
    """A package that holds the case goes with it, and its request is reviewed anew; only an erasure that is replayed on
    an older backup meets one, because an open request holds the case (see `held`)."""
    whose = select(SupportCase.person_index).where(col(SupportCase.id) == case_id).scalar_subquery()  # type: ignore[call-overload]
    made = update(AccessRequest).where(
        col(AccessRequest.person_index) == whose, col(AccessRequest.state).in_([REVIEWED, MADE])
    )
    emptied = made.values(package=None, made_at=None, reviewed_at=None, state=CHECKED)
    session.execute(emptied, execution_options={"synchronize_session": False})


def _naming(table: Table) -> list[tuple[Table, Column[Any]]]:
    return [
        (other, key.parent)
        for other in metadata.sorted_tables
        for key in other.foreign_keys
        if key.column.table is table and "id" in other.c
    ]


def ended_cases(
    session: Session, pack_version_id: str, final: Collection[str], *, after: str, limit: int, only: str | None = None
) -> list[tuple[SupportCase, datetime]]:
    """Cases in a final state with the instant of the last thing done on them or beside them, by row id; or just one."""
    last = func.max(ActionRecord.done_at)
    query = (
        select(SupportCase, last)
        .outerjoin(ActionRecord, col(ActionRecord.case_id) == col(SupportCase.id))
        .where(
            col(SupportCase.pack_version_id) == pack_version_id,
            col(SupportCase.state).in_(list(final)),
            col(SupportCase.id) == only if only else col(SupportCase.id) > after,
        )
        .group_by(col(SupportCase.id))
        .order_by(col(SupportCase.id))
        .limit(limit)
    )
    return [(case, at or case.opened_at) for case, at in session.execute(query)]


def ended_incidents(
    session: Session, pack_version_id: str, final: Collection[str], *, after: str, limit: int, only: str | None = None
) -> list[tuple[Incident, datetime]]:
    """Incidents in a final state of which no case is left, with the instant of the last thing done on them."""
    last = func.max(ActionRecord.done_at)
    has_case = or_(
        select(CaseIncident.id).where(col(CaseIncident.incident_id) == col(Incident.id)).exists(),  # type: ignore[call-overload]
        select(SupportCase.id).where(col(SupportCase.incident_id) == col(Incident.id)).exists(),  # type: ignore[call-overload]
    )
    query = (
        select(Incident, last)
        .outerjoin(ActionRecord, col(ActionRecord.subject_id) == col(Incident.id))
        .where(
            col(Incident.pack_version_id) == pack_version_id,
            col(Incident.state).in_(list(final)),
            col(Incident.id) == only if only else col(Incident.id) > after,
            ~has_case,
        )
        .group_by(col(Incident.id))
        .order_by(col(Incident.id))
        .limit(limit)
    )
    return [(one, at or one.became_known_at) for one, at in session.execute(query)]


def ended_undertakings(
    session: Session,
    pack_version_id: str,
    _final: Collection[str],
    *,
    after: str,
    limit: int,
    only: str | None = None,
) -> list[tuple[Undertaking, datetime]]:
    """Group sessions, checks, pairs and mediations that have ended, with the instant of the last thing done on them.

    Final states are not asked: four lifecycles have words of their own, and each row notes when it ended.
    """
    last = func.max(ActionRecord.done_at)
    query = (
        select(Undertaking, last)
        .outerjoin(ActionRecord, col(ActionRecord.subject_id) == col(Undertaking.id))
        .where(
            col(Undertaking.pack_version_id) == pack_version_id,
            col(Undertaking.closed_at).is_not(None),
            col(Undertaking.id) == only if only else col(Undertaking.id) > after,
        )
        .group_by(col(Undertaking.id))
        .order_by(col(Undertaking.id))
        .limit(limit)
    )
    return [(one, at or one.opened_at) for one, at in session.execute(query)]


def held(session: Session, kind: str, ids: Collection[str]) -> set[str]:
    """Which of these cases or incidents must not be erased: a legal hold, or a matter beside the case still open."""
    return set(kept_by(session, kind, ids))


def kept_by(session: Session, kind: str, ids: Collection[str]) -> dict[str, set[str]]:
    """What keeps each of these cases or incidents from being erased; whatever nothing keeps is left out.

    Words: legal_hold, escalation, referral, access_request, disclosure.
    """
    found: dict[str, set[str]] = {}
    for word, query in _keeping(kind, ids):
        for row in session.scalars(query):
            found.setdefault(row, set()).add(word)
    return found


def _keeping(kind: str, ids: Collection[str]) -> Iterator[tuple[str, Select[Any]]]:
    in_force = col(LegalHold.lifted_at).is_(None)
    if kind == "incident":
        yield "legal_hold", select(LegalHold.incident_id).where(in_force, col(LegalHold.incident_id).in_(ids))  # type: ignore[call-overload]
        open_question = (col(Disclosure.incident_id).in_(ids), col(Disclosure.decision).is_(None))
        yield "disclosure", select(Disclosure.incident_id).where(*open_question)  # type: ignore[call-overload]
        return
    if kind == "undertaking":
        yield from _keeping_undertakings(ids, in_force)
        return
    yield "legal_hold", select(LegalHold.case_id).where(in_force, col(LegalHold.case_id).in_(ids))  # type: ignore[call-overload]
    yield (
        "legal_hold",
        select(CaseIncident.case_id)  # type: ignore[call-overload]
        .join(LegalHold, col(LegalHold.incident_id) == col(CaseIncident.incident_id))
        .where(in_force, col(CaseIncident.case_id).in_(ids)),
    )
    undecided = (col(Escalation.case_id).in_(ids), col(Escalation.decided_at).is_(None))
    yield "escalation", select(Escalation.case_id).where(*undecided)  # type: ignore[call-overload]
    running = (col(Referral.case_id).in_(ids), col(Referral.ended_at).is_(None))
    yield "referral", select(Referral.case_id).where(*running)  # type: ignore[call-overload]
    # What somebody has asked for must not vanish before the answer (for a person's own request: UK Data Protection Act
    # 2018, section 173). This is no legal hold: it ends by itself with the answer (CARE 17).
    yield (
        "access_request",
        select(SupportCase.id)  # type: ignore[call-overload]
        .join(AccessRequest, col(AccessRequest.person_index) == col(SupportCase.person_index))
        .where(col(SupportCase.id).in_(ids), col(AccessRequest.state).in_(OPEN_STATES)),
    )
    asked = (col(Disclosure.case_id).in_(ids), col(Disclosure.decision).is_(None))
    yield "disclosure", select(Disclosure.case_id).where(*asked)  # type: ignore[call-overload]


def _keeping_undertakings(ids: Collection[str], in_force: Any) -> Iterator[tuple[str, Select[Any]]]:
    """A legal hold on the event holds what was done about it; so does an open request of somebody who took part."""
    yield (
        "legal_hold",
        select(Undertaking.id)  # type: ignore[call-overload]
        .join(LegalHold, col(LegalHold.incident_id) == col(Undertaking.incident_id))
        .where(in_force, col(Undertaking.id).in_(ids)),
    )
    yield (
        "access_request",
        select(UndertakingParty.undertaking_id)  # type: ignore[call-overload]
        .join(AccessRequest, col(AccessRequest.person_index) == col(UndertakingParty.person_index))
        .where(col(UndertakingParty.undertaking_id).in_(ids), col(AccessRequest.state).in_(OPEN_STATES)),
    )


def ended_requests(session: Session, *, after: str, limit: int) -> list[AccessRequest]:
    """Access requests that have ended, by row id."""
    query = select(AccessRequest).where(
        col(AccessRequest.state).in_(ENDED_STATES),
        col(AccessRequest.id) > after,
        col(AccessRequest.ended_at).is_not(None),
    )
    return list(session.scalars(query.order_by(col(AccessRequest.id)).limit(limit)))


def warning(session: Session, kind: str, subject_id: str, due_at: datetime) -> RetentionWarning | None:
    """The warning of this erasure; an earlier one for another day does not count."""
    return session.scalar(
        select(RetentionWarning).where(
            col(RetentionWarning.subject_kind) == kind,
            col(RetentionWarning.subject_id) == subject_id,
            col(RetentionWarning.due_at) == due_at,
        )
    )


def unfinished(session: Session) -> list[Tombstone]:
    """Tombstones whose key is still to be destroyed, the oldest first."""
    query = select(Tombstone).where(col(Tombstone.key_destroyed_at).is_(None))
    return list(session.scalars(query.order_by(col(Tombstone.erased_at), col(Tombstone.id))))


def buried(session: Session, owners: Collection[str]) -> set[str]:
    """Which of these key owners have a tombstone."""
    return set(session.scalars(select(Tombstone.key_owner).where(col(Tombstone.key_owner).in_(owners))))  # type: ignore[call-overload]


def tombstones(session: Session, units: Collection[str], before: tuple[datetime, str] | None, limit: int) -> Any:
    """Tombstones of some units, the newest first."""
    query = select(Tombstone).where(col(Tombstone.unit_id).in_(list(units)))
    if before is not None:
        at, row_id = before
        same = (col(Tombstone.erased_at) == at) & (col(Tombstone.id) < row_id)
        query = query.where(or_(col(Tombstone.erased_at) < at, same))
    order = (col(Tombstone.erased_at).desc(), col(Tombstone.id).desc())
    return list(session.scalars(query.order_by(*order).limit(limit)))


def existing(session: Session, owners: Collection[str]) -> set[str]:
    """Which of these key owners have their row."""
    found: set[str] = set()
    for kind, table in TABLES.items():
        ids = [owner.removeprefix(f"{kind}:") for owner in owners if owner.startswith(f"{kind}:")]
        for place in range(0, len(ids), 500):
            query = select(table.id).where(table.id.in_(ids[place : place + 500]))
            found |= {f"{kind}:{row_id}" for row_id in session.scalars(query)}
    return found
