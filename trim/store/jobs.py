"""How the work without a person goes: workers' signs of life, each job's last run, and who may run it now.

All of it is bookkeeping of the program, in statements that name no person; none of it is a change of the record.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col

from trim.store.tables import Job, JobRun, Worker

#: Place in a list of runs: when it began, and its row id.
Key = tuple[datetime, str]


def ensure(session: Session, names: Collection[str]) -> None:
    """Make the row of each job that has none yet."""
    make = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    rows = [{"name": one, "milliseconds": 0, "did": 0, "runs": 0, "failures": 0} for one in names]
    statement: Any = make(Job).on_conflict_do_nothing()
    session.connection().execute(statement, rows)


def claim_day(session: Session, name: str, day: date, *, worker: str, now: datetime, until: datetime) -> bool:
    """Claim a job of that local day; False where it was done for it, or another worker is at it."""
    claimed = session.connection().execute(
        update(Job)
        .where(
            col(Job.name) == name,
            or_(col(Job.last_day).is_(None), col(Job.last_day) < day),
            or_(col(Job.claimed_until).is_(None), col(Job.claimed_until) <= now),
        )
        .values(claimed_by=worker, claimed_until=until, started_at=now)
    )
    return bool(claimed.rowcount)


def renew(session: Session, name: str, *, worker: str, until: datetime) -> bool:
    """Hold a claim for longer; False where another worker has taken it."""
    renewed = session.connection().execute(
        update(Job).where(col(Job.name) == name, col(Job.claimed_by) == worker).values(claimed_until=until)
    )
    return bool(renewed.rowcount)


def done(
    session: Session,
    name: str,
    *,
    started_at: datetime,
    now: datetime,
    milliseconds: int,
    did: int,
    day: date | None = None,
    worker: str | None = None,
) -> bool:
    """Note a run that went well; of daily work also for which day, and its claim goes. False if `worker` lost it."""
    values: dict[str, Any] = {
        "started_at": started_at,
        "ended_at": now,
        "milliseconds": milliseconds,
        "did": did,
        "runs": Job.runs + 1,
        "failures": 0,
        "problem": None,
    }
    where = [col(Job.name) == name]
    if day is not None:
        values |= {"last_day": day, "claimed_by": None, "claimed_until": None}
        where.append(col(Job.claimed_by) == worker)
    return bool(session.connection().execute(update(Job).where(*where).values(**values)).rowcount)


def failed(
    session: Session,
    name: str,
    *,
    now: datetime,
    problem: str,
    worker: str | None = None,
    until: datetime | None = None,
) -> bool:
    """Note a run that failed; daily work, claimed by `worker`, is not tried again before `until`.

    False where the claim was lost: how the work goes is then another worker's to say.
    """
    values: dict[str, Any] = {"failures": Job.failures + 1, "problem": problem[:64], "failed_at": now}
    where = [col(Job.name) == name]
    if worker is not None:
        values |= {"claimed_by": None, "claimed_until": until}
        where.append(col(Job.claimed_by) == worker)
    return bool(session.connection().execute(update(Job).where(*where).values(**values)).rowcount)


def note_run(
    session: Session,
    *,
    row_id: str,
    job: str,
    worker: str,
    started_at: datetime,
    milliseconds: int,
    did: int,
    problem: str | None = None,
) -> None:
    """Keep one run that did something or failed."""
    session.connection().execute(
        insert(JobRun).values(
            id=row_id,
            job=job,
            worker=worker,
            started_at=started_at,
            milliseconds=milliseconds,
            did=did,
            problem=problem[:64] if problem else None,
        )
    )


def beat(session: Session, worker: str, *, kind: str, now: datetime, ticks: int, stopped: bool = False) -> None:
    """Note that a worker lives, or that it stopped in order; the first sign makes its row."""
    values = {"beat_at": now, "ticks": ticks, "stopped_at": now if stopped else None}
    found = session.connection().execute(update(Worker).where(col(Worker.id) == worker).values(**values))
    if not found.rowcount:
        session.connection().execute(insert(Worker).values(id=worker, kind=kind, started_at=now, **values))


def lives(session: Session, worker: str, *, now: datetime) -> None:
    """Note that a worker that has its row already lives, in the middle of a round."""
    session.connection().execute(update(Worker).where(col(Worker.id) == worker).values(beat_at=now))


def forget(session: Session, before: datetime) -> int:
    """Forget runs that are older, and workers that have been silent since. Gives how many rows went."""
    runs = session.connection().execute(delete(JobRun).where(col(JobRun.started_at) < before))
    workers = session.connection().execute(delete(Worker).where(col(Worker.beat_at) < before))
    return int(runs.rowcount + workers.rowcount)


def all_jobs(session: Session) -> list[Job]:
    """Every job by name."""
    return list(session.scalars(select(Job).order_by(col(Job.name))))


def workers(session: Session, since: datetime) -> list[Worker]:
    """Workers that gave a sign of life since then, the latest first."""
    query = select(Worker).where(col(Worker.beat_at) >= since)
    return list(session.scalars(query.order_by(col(Worker.beat_at).desc(), col(Worker.id))))


def runs(session: Session, *, after: Key | None = None, limit: int) -> list[JobRun]:
    """Runs that did something or failed, the newest first, a page of them."""
    query = select(JobRun)
    if after is not None:
        query = query.where(tuple_(col(JobRun.started_at), col(JobRun.id)) < after)
    return list(session.scalars(query.order_by(col(JobRun.started_at).desc(), col(JobRun.id).desc()).limit(limit)))
