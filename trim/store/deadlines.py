"""What wants something now, claimed by one worker at a time, a hundred in a transaction, and what it left behind.

Everything goes through Core and in bulk: a night's worth of reminders is tens of thousands of rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, literal, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql.elements import TextClause
from sqlmodel import Session, col

from trim.store import bulk
from trim.store.columns import UtcInstant
from trim.store.tables import (
    Account,
    AssessmentDraft,
    Claim,
    DeadlineStage,
    Escalation,
    Exposure,
    Incident,
    Notice,
    Step,
    SupportCase,
    Undertaking,
    UndertakingLeader,
    metadata,
)
from trim.store.tables.delivery import UNWEIGHED

#: How many things that are due are done in one transaction, at most.
BATCH = 100
#: The tables whose rows say by themselves when they next want something, by the word of their rows.
DUE: Mapping[str, type[Step] | type[Escalation]] = {"step": Step, "escalation": Escalation}

#: Kinds of subjects whose steps belong to an incident.
OF_INCIDENTS = frozenset({"incident", "exposure"})

_STAGES = metadata.tables[DeadlineStage.__tablename__]
_OUTBOX = metadata.tables["outbox"]


@dataclass(frozen=True, slots=True)
class DueStep:
    """One step that wants something, with what its case says of whom to ask; `case_*` are None without a case."""

    id: str
    name: str
    state: str
    subject_kind: str
    subject_id: str
    unit_id: str
    case_id: str | None
    opened_at: datetime
    due_at: datetime
    latest_at: datetime | None
    look_again_at: datetime | None
    case_ref: str | None
    programme: str | None
    pack_version_id: str | None
    practitioner_id: str | None


def _wanting(kind: str, now: datetime) -> tuple[Any, Any, ColumnElement[bool] | TextClause]:
    """Where things of a kind lie, since when each wants something, and which of them do at `now`."""
    if kind == "notice":
        # One that failed wants somebody else at once, whichever clock noted its failing.
        return Notice, col(Notice.settled_at), text(UNWEIGHED)
    table = DUE[kind]
    return table, col(table.acts_at), col(table.acts_at) <= now


def claim_due(session: Session, kind: str, *, worker: str, now: datetime, until: datetime) -> list[str]:
    """Claim up to a hundred things of a kind that want something at `now`, the longest due first; gives their ids.

    `kind` is step, escalation or notice: of notices, those that reached nobody. What another worker holds is passed
    over: on PostgreSQL by its lock and then by its claim, on SQLite the write lock lets only one worker be here.
    """
    table, since, wants = _wanting(kind, now)
    held = exists().where(
        col(Claim.id) == col(table.id), (col(Claim.set_aside_at).is_not(None)) | (col(Claim.until_at) > now)
    )
    wanted = (
        select(
            col(table.id),
            literal(kind),
            literal(worker),
            literal(until, UtcInstant()),
            literal(0),
        )
        .where(wants, ~held)
        .order_by(since, col(table.id))
        .limit(BATCH)
        .with_for_update(of=table, skip_locked=True)
    )
    make = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    claim: Any = make(Claim).from_select(["id", "subject_kind", "worker", "until_at", "failures"], wanted)
    claim = claim.on_conflict_do_update(
        index_elements=[col(Claim.id)],
        set_={"worker": claim.excluded.worker, "until_at": claim.excluded.until_at},
        # Between the look and the claim another worker may have been quicker; a lost claim is anybody's again.
        where=(col(Claim.until_at) <= now) & col(Claim.set_aside_at).is_(None),
    ).returning(col(Claim.id))
    return list(session.connection().execute(claim).scalars())


def still_held(session: Session, ids: Collection[str], *, worker: str) -> list[str]:
    """Those of the claims that are this worker's still, locked until the transaction ends."""
    query = select(col(Claim.id)).where(bulk.among(session, col(Claim.id), ids), col(Claim.worker) == worker)
    return list(session.connection().execute(query.order_by(col(Claim.id)).with_for_update()).scalars())


def lock_subjects(session: Session, step_ids: Collection[str]) -> None:
    """Lock the cases and incidents of some steps, as every action does first: both then move in one order."""
    if session.get_bind().dialect.name != "postgresql":
        return
    named = select(col(Step.case_id), col(Step.subject_kind), col(Step.subject_id), col(Exposure.incident_id))
    # What is due for one exposed person is done on the incident, and that is what is locked then.
    of_one = (col(Exposure.id) == col(Step.subject_id)) & (col(Step.subject_kind) == "exposure")
    named = named.outerjoin(Exposure, of_one)
    rows = session.connection().execute(named.where(bulk.among(session, col(Step.id), step_ids))).all()
    beside = [(kind, subject, incident_id) for case_id, kind, subject, incident_id in rows if case_id is None]
    tables: dict[type[SupportCase] | type[Incident] | type[Undertaking], set[str]] = {
        SupportCase: {case_id for case_id, *_ in rows if case_id is not None},
        Incident: {incident_id or subject for kind, subject, incident_id in beside if kind in OF_INCIDENTS},
        Undertaking: {subject for kind, subject, _ in beside if kind not in OF_INCIDENTS},
    }
    for table, ids in tables.items():
        if ids:
            query = select(col(table.id)).where(bulk.among(session, col(table.id), ids)).order_by(col(table.id))
            session.connection().execute(query.with_for_update())


def due_steps(session: Session, ids: Collection[str]) -> list[DueStep]:
    """Steps as they are now, the longest due first; call it after `lock_subjects`."""
    query: Any = (
        select(
            col(Step.id),
            col(Step.name),
            col(Step.state),
            col(Step.subject_kind),
            col(Step.subject_id),
            col(Step.unit_id),
            col(Step.case_id),
            col(Step.opened_at),
            col(Step.due_at),
            col(Step.latest_at),
            col(Step.look_again_at),
            col(SupportCase.ref),
            col(SupportCase.programme),
            col(SupportCase.pack_version_id),
            col(SupportCase.practitioner_id),
        )
        .outerjoin(SupportCase, col(SupportCase.id) == col(Step.case_id))
        .where(bulk.among(session, col(Step.id), ids))
        .order_by(col(Step.acts_at), col(Step.id))
        .with_for_update(of=Step)
    )
    return [DueStep(*row) for row in session.connection().execute(query)]


def leaders_of(session: Session, undertaking_id: str) -> list[str]:
    """Accounts that lead a group session, a check, a pair or a mediation."""
    query = select(col(UndertakingLeader.account_id)).where(col(UndertakingLeader.undertaking_id) == undertaking_id)
    return list(session.scalars(query.order_by(col(UndertakingLeader.since), col(UndertakingLeader.id))))


def notices_about(session: Session, subject_ref: str, step_id: str | None) -> list[tuple[Notice, str]]:
    """Every notice of a reference, and of a step, with the name of whoever it is for; the earliest first."""
    about = col(Notice.subject_ref) == subject_ref
    if step_id is not None:
        about = about | (col(Notice.step_id) == step_id)
    query = (
        select(Notice, col(Account.name))
        .join(Account, col(Account.id) == col(Notice.recipient_id))
        .where(about)
        .order_by(col(Notice.made_at), col(Notice.id))
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def told_of_step(session: Session, step_id: str) -> set[str]:
    """Accounts that were told anything of a step."""
    return set(session.scalars(select(col(Notice.recipient_id)).where(col(Notice.step_id) == step_id)))


def told_of(session: Session, subject_ref: str) -> set[str]:
    """Accounts that were told anything of a reference."""
    return set(session.scalars(select(col(Notice.recipient_id)).where(col(Notice.subject_ref) == subject_ref)))


def escalations(session: Session, ids: Collection[str]) -> list[Escalation]:
    """Escalations as they are now, locked, the longest due first."""
    query = select(Escalation).where(col(Escalation.id).in_(ids)).order_by(col(Escalation.acts_at), col(Escalation.id))
    return list(session.scalars(query.with_for_update()))


def open_escalation_of(session: Session, step_id: str) -> Escalation | None:
    """The escalation that a step raised and that nobody has decided."""
    query = select(Escalation).where(col(Escalation.step_id) == step_id, col(Escalation.decided_at).is_(None))
    return session.scalar(query.limit(1))


def stage_id(subject_id: str, clock_at: datetime, stage: str) -> str:
    """The one id that a stage of a clock can have: a second writing of it is refused by the database."""
    return hashlib.sha256(f"{subject_id}|{clock_at.isoformat()}|{stage}".encode()).hexdigest()[:32]


def acted(session: Session, subject_ids: Collection[str]) -> set[str]:
    """Ids of the stages that acted already, of any clock of these."""
    query = select(_STAGES.c.id).where(bulk.among(session, _STAGES.c.subject_id, subject_ids))
    return set(session.connection().execute(query).scalars())


def acted_at(session: Session, subject_ids: Collection[str]) -> dict[tuple[str, str], list[datetime]]:
    """For which instants each stage acted, by row id and stage."""
    query = select(_STAGES.c.subject_id, _STAGES.c.stage, _STAGES.c.wanted_at)
    found: dict[tuple[str, str], list[datetime]] = {}
    rows = session.connection().execute(query.where(bulk.among(session, _STAGES.c.subject_id, subject_ids)))
    for subject_id, stage, wanted_at in rows:
        found.setdefault((subject_id, stage), []).append(wanted_at)
    return found


def stages_of(session: Session, subject_ids: Collection[str]) -> list[DeadlineStage]:
    """Every stage that acted of these, in the order in which it did."""
    query = select(DeadlineStage).where(col(DeadlineStage.subject_id).in_(subject_ids))
    return list(session.scalars(query.order_by(col(DeadlineStage.acted_at), col(DeadlineStage.wanted_at))))


def write_stages(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write that stages acted. Raises IntegrityError when one of them did before."""
    bulk.insert_many(session, _STAGES, rows)


def write_notices(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write notices that are not urgent, many at once: as `store.notices.add` writes one."""
    plain = {"urgent": False, "state": "waiting", "attempts": 0}
    whole = [{**plain, "id": hashlib.sha256(str(one["once_key"]).encode()).hexdigest()[:32], **one} for one in rows]
    bulk.insert_many(session, _OUTBOX, whole)


def set_next(session: Session, kind: str, acts_at: Mapping[str, datetime | None]) -> None:
    """Say when each of these next wants something, and give their claims back."""
    if not acts_at:
        return
    # Not a change of the record: nobody is told anything by it, and it leaves no line.
    rows = [{"id": one, "acts_at": at} for one, at in acts_at.items()]
    bulk.update_many(session, metadata.tables[DUE[kind].__tablename__], "id", rows)
    session.connection().execute(delete(Claim).where(bulk.among(session, col(Claim.id), acts_at)))


def give_back(session: Session, ids: Collection[str], *, worker: str) -> None:
    """Let go of claims that this worker will not see to."""
    session.connection().execute(delete(Claim).where(col(Claim.id).in_(ids), col(Claim.worker) == worker))


def note_failure(
    session: Session, claim_id: str, *, worker: str, problem: str, until: datetime, aside_at: datetime | None
) -> None:
    """Note that one thing could not be done: nobody tries before `until`, nor ever once it is set aside."""
    session.connection().execute(
        update(Claim)
        .where(col(Claim.id) == claim_id, col(Claim.worker) == worker)
        .values(failures=Claim.failures + 1, problem=problem[:64], until_at=until, set_aside_at=aside_at)
    )


def failures_of(session: Session, claim_id: str) -> int:
    """How often something could not be done so far."""
    found = session.connection().execute(select(col(Claim.failures)).where(col(Claim.id) == claim_id)).scalar()
    return int(found or 0)


def undelivered(session: Session, ids: Collection[str]) -> list[Notice]:
    """Those of the notices that reached nobody and of which nobody else was told yet, locked; first failed first."""
    query = select(Notice).where(bulk.among(session, col(Notice.id), ids), text(UNWEIGHED))
    return list(session.scalars(query.order_by(col(Notice.settled_at), col(Notice.id)).with_for_update()))


def weigh(session: Session, ids: Collection[str], now: datetime) -> None:
    """Note that these failed notices were taken for unanswered ones, and give their claims back."""
    # Bookkeeping of the worker; what came of it has its own line.
    session.connection().execute(update(_OUTBOX).where(bulk.among(session, _OUTBOX.c.id, ids)).values(weighed_at=now))
    session.connection().execute(delete(Claim).where(bulk.among(session, col(Claim.id), ids)))


def may_answer(session: Session, subject_ref: str) -> bool:
    """Whether anybody was told of a reference by a notice that has not failed."""
    query = select(col(Notice.id)).where(col(Notice.subject_ref) == subject_ref, col(Notice.state) != "failed")
    return session.scalar(query.limit(1)) is not None


def stale_drafts(
    session: Session, *, saved_before: datetime, after: str = "", only: str | None = None
) -> list[tuple[AssessmentDraft, SupportCase]]:
    """Drafts of open cases that nobody saved since, a page by row id; or just one, if it is such a draft."""
    query = (
        select(AssessmentDraft, SupportCase)
        .join(SupportCase, col(SupportCase.id) == col(AssessmentDraft.case_id))
        .where(
            col(AssessmentDraft.saved_at) <= saved_before,
            col(SupportCase.closed_at).is_(None),
            col(AssessmentDraft.id) == only if only is not None else col(AssessmentDraft.id) > after,
        )
        .order_by(col(AssessmentDraft.id))
        .limit(BATCH)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def count_without_answer(session: Session) -> int:
    """How many escalations have nobody left to ask; only those that still want something are looked at."""
    query = select(func.count()).select_from(Escalation)
    query = query.where(col(Escalation.acts_at).is_not(None), col(Escalation.nobody_left_at).is_not(None))
    return int(session.scalar(query) or 0)


def next_instant(session: Session, after: datetime) -> datetime | None:
    """The first instant after another at which a step or an escalation wants something."""
    found = [
        session.scalar(select(func.min(col(table.acts_at))).where(col(table.acts_at) > after)) for table in DUE.values()
    ]
    return min((one for one in found if one is not None), default=None)


def set_aside(session: Session, *, after: tuple[datetime, str] | None = None, limit: int = 50) -> list[Claim]:
    """What was set aside, the oldest first, a page of it."""
    query = select(Claim).where(col(Claim.set_aside_at).is_not(None))
    if after is not None:
        query = query.where(tuple_(col(Claim.set_aside_at), col(Claim.id)) > after)
    return list(session.scalars(query.order_by(col(Claim.set_aside_at), col(Claim.id)).limit(limit)))


def try_again(session: Session, claim_id: str) -> bool:
    """Let something that was set aside be tried again; False when there is no such thing."""
    gone = session.connection().execute(
        delete(Claim).where(col(Claim.id) == claim_id, col(Claim.set_aside_at).is_not(None))
    )
    return bool(gone.rowcount)


def waiting(session: Session, now: datetime) -> dict[str, tuple[int, datetime | None]]:
    """How many things of each kind want something at `now`, and since when the first of them does."""
    found = {}
    for kind in (*DUE, "notice"):
        table, since, wants = _wanting(kind, now)
        query = select(func.count(), func.min(since)).select_from(table).where(wants)
        row = session.execute(query).one()
        found[kind] = (int(row[0]), row[1])
    return found
