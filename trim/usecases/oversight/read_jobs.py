"""How the work without a person goes: who works, what waits, what failed, what is stuck. Nothing of any case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from trim.audit import trail
from trim.domain.access import Actor, Can
from trim.domain.errors import Forbidden, NotFound
from trim.store import deadlines, jobs, outbox
from trim.store.jobs import Key
from trim.store.tables import Claim, Job, JobRun, Worker
from trim.usecases.unit_of_work import UnitOfWork

#: A worker that was silent for so long is taken for dead; it gives a sign at the beginning and the end of a tick.
SILENT: Final = timedelta(minutes=10)
#: Something that has wanted to be done for so long is stuck.
LATE: Final = timedelta(minutes=15)
RECENT: Final = timedelta(days=1)
PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Waits:
    """What of one kind waits to be done now: how many, and since when the first of them does.

    A person is told what is late and since when, and no number: one case more must change nothing that an
    administrator sees (CARE 12). Whoever has the machine reads the numbers by `trim jobs`.
    """

    what: str
    number: int | None
    since: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Works:
    """One worker: when it started, its last sign of life, whether it lives."""

    id: str
    kind: str
    started_at: datetime
    beat_at: datetime
    ticks: int
    state: str


@dataclass(frozen=True, slots=True)
class JobsSeen:
    """Everything of `trim jobs` and its page; `alarms` are code words for what is wrong now."""

    alarms: tuple[str, ...]
    workers: tuple[Works, ...]
    waiting: tuple[Waits, ...]
    jobs: tuple[Job, ...]
    set_aside: tuple[Claim, ...]
    undelivered: int
    without_answer: int
    runs: tuple[JobRun, ...]
    #: Where the list of runs goes on; None at its end.
    after: Key | None


def read_jobs(uow: UnitOfWork, actor: Actor, *, now: datetime, after: Key | None = None) -> JobsSeen:
    """How the work goes at `now`. Raises Forbidden."""
    _require(actor, Can.SEE_JOBS)
    session = uow.session
    works = tuple(_works(one, now) for one in jobs.workers(session, now - RECENT))
    known = tuple(jobs.all_jobs(session))
    aside = tuple(deadlines.set_aside(session))
    without = deadlines.count_without_answer(session)
    undelivered = outbox.unseen(session)
    queues = {**deadlines.waiting(session, now), "mail": outbox.late(session, now)}
    waits = tuple(_waits(what, number, since, now) for what, (number, since) in queues.items())
    waiting = waits if actor.is_system else tuple(_uncounted(one) for one in waits)
    runs = jobs.runs(session, after=after, limit=PAGE + 1)
    last = runs[PAGE - 1] if len(runs) > PAGE else None
    wrong: Mapping[str, bool] = {
        "no_worker": not any(one.state == "working" for one in works),
        "late": any(one.late for one in waiting),
        "failing": any(one.failures for one in known),
        "set_aside": bool(aside),
        "without_answer": bool(without),
        "undelivered": bool(undelivered),
    }
    return JobsSeen(
        alarms=tuple(word for word, holds in wrong.items() if holds),
        workers=works,
        waiting=waiting,
        jobs=known,
        set_aside=aside,
        undelivered=undelivered,
        without_answer=without,
        runs=tuple(runs[:PAGE]),
        after=(last.started_at, last.id) if last is not None else None,
    )


def try_again(uow: UnitOfWork, actor: Actor, *, now: datetime, claim_id: str) -> None:
    """Let the worker try something again that was set aside. Raises Forbidden, NotFound."""
    _require(actor, Can.RETRY_JOBS)
    if not deadlines.try_again(uow.session, claim_id):
        raise NotFound
    uow.record(actor, now, "job.tried_again", chain=trail.ORGANISATION, subject="worker", codes={"row": claim_id})


def _require(actor: Actor, can: Can) -> None:
    if not (actor.is_system or actor.can(can)):
        raise Forbidden


def _waits(what: str, number: int, since: datetime | None, now: datetime) -> Waits:
    return Waits(what, number, since, late=since is not None and now - since > LATE)


def _uncounted(one: Waits) -> Waits:
    return Waits(one.what, None, one.since if one.late else None, one.late)


def _works(one: Worker, now: datetime) -> Works:
    state = "stopped" if one.stopped_at is not None else "silent" if now - one.beat_at > SILENT else "working"
    return Works(one.id, one.kind, one.started_at, one.beat_at, one.ticks, state)
