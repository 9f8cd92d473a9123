"""One tick: everything that is to be done now, each task by itself, and how it went, where people can see it.

Both ways of running call this: the one process of a small installation, and any number of workers on several machines.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import uuid4

from trim.domain.errors import TrimError
from trim.jobs.renewing import renewed
from trim.jobs.tasks import DAILY, EVERY_TICK, Daily, Kit, Task
from trim.store import jobs
from trim.usecases.deadlines.hours import day_due

_LOG = logging.getLogger(__name__)

#: How long the claim of daily work holds, and how often it is renewed while the work goes on, in seconds.
LEASE: Final = timedelta(minutes=5)
RENEW_SECONDS = 60.0
#: Daily work that failed is tried again after this.
AGAIN: Final = timedelta(minutes=15)

Clock = Callable[[], datetime]


class LostClaim(TrimError):
    """Another worker took this work over: this one was silent for longer than its claim held."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one tick did, by task; `failed` names the tasks that did not come to their end."""

    did: dict[str, int]
    failed: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Everything that was done."""
        return sum(self.did.values())


def tick(kit: Kit, clock: Clock, *, stopping: Callable[[], bool] = lambda: False) -> Ticked:
    """Do what is to be done now. A task that fails is noted and tried again later; the others go on all the same."""
    often = do_often(kit, clock, stopping=stopping)
    daily = do_daily(kit, clock, stopping=stopping)
    return Ticked({**often.did, **daily.did}, often.failed + daily.failed)


def do_often(
    kit: Kit, clock: Clock, *, only: str | None = None, stopping: Callable[[], bool] = lambda: False
) -> Ticked:
    """Do what comes at every tick, or one task of it."""
    wanted = {name: task for name, task in EVERY_TICK.items() if only in (None, name)}
    return _each({name: partial(_often, kit, name, task, clock) for name, task in wanted.items()}, stopping)


def do_daily(kit: Kit, clock: Clock, *, stopping: Callable[[], bool] = lambda: False) -> Ticked:
    """Do what is done once a day, where its hour has come."""
    return _each({name: partial(_daily, kit, name, daily, clock) for name, daily in DAILY.items()}, stopping)


def _each(works: Mapping[str, Callable[[], int | None]], stopping: Callable[[], bool]) -> Ticked:
    did: dict[str, int] = {}
    failed: list[str] = []
    for name, work in works.items():
        if stopping():
            break
        found = work()
        if found is None:
            failed.append(name)
        elif found:
            did[name] = found
    return Ticked(did, tuple(failed))


def prepare(kit: Kit) -> None:
    """Make the rows in which the jobs keep how they went. Raises DatabaseUnavailable."""
    with kit.backend.database.writing() as session:
        jobs.ensure(session, [*EVERY_TICK, *DAILY])


def _often(kit: Kit, name: str, task: Task, clock: Clock) -> int | None:
    """A task of every tick; how much it did, None where it failed."""
    now, began = clock(), time.monotonic()
    try:
        found = task(kit, now)
    except Exception as problem:
        _failed(kit, name, problem, now, began)
        return None
    with kit.backend.database.writing() as session:
        took = _milliseconds(began)
        jobs.done(session, name, started_at=now, now=clock(), milliseconds=took, did=found)
        if found:
            jobs.note_run(
                session,
                row_id=uuid4().hex,
                job=name,
                worker=kit.worker,
                started_at=now,
                milliseconds=took,
                did=found,
            )
    return found


def _daily(kit: Kit, name: str, daily: Daily, clock: Clock) -> int | None:
    """A task of once a day, where its hour has come and nobody else is at it; 0 where there was nothing to do."""
    now, began = clock(), time.monotonic()
    with kit.backend.reading() as uow:
        day = day_due(now, daily.at, uow.organisation.zone)
    with kit.backend.database.writing() as session:
        if not jobs.claim_day(session, name, day, worker=kit.worker, now=now, until=now + LEASE):
            return 0
    try:
        with _renewed(kit, name, clock):
            found = daily.task(kit, now)
        with kit.backend.database.writing() as session:
            took = _milliseconds(began)
            kept = jobs.done(
                session,
                name,
                started_at=now,
                now=clock(),
                milliseconds=took,
                did=found,
                day=day,
                worker=kit.worker,
            )
            jobs.note_run(
                session,
                row_id=uuid4().hex,
                job=name,
                worker=kit.worker,
                started_at=now,
                milliseconds=took,
                did=found,
                problem=None if kept else LostClaim.__name__,
            )
    except Exception as problem:
        _failed(kit, name, problem, now, began, until=now + AGAIN)
        return None
    return found


def _failed(
    kit: Kit, name: str, problem: Exception, now: datetime, began: float, *, until: datetime | None = None
) -> None:
    """Note a run that failed; `until` is for daily work, whose claim then ends unless it was lost."""
    # Its message may hold what was filled in: the kind is enough to find it, the whole stands in the log of debug.
    word = type(problem).__name__
    _LOG.error("%s failed (%s)", name, word)
    _LOG.debug("%s failed", name, exc_info=problem)
    with suppress(Exception), kit.backend.database.writing() as session:
        claimed_by = kit.worker if until is not None else None
        jobs.failed(session, name, now=now, problem=word, worker=claimed_by, until=until)
        jobs.note_run(
            session,
            row_id=uuid4().hex,
            job=name,
            worker=kit.worker,
            started_at=now,
            milliseconds=_milliseconds(began),
            did=0,
            problem=word,
        )


def _renewed(kit: Kit, name: str, clock: Clock) -> AbstractContextManager[None]:
    """Hold the claim of a job for as long as the work goes on."""

    def renew() -> None:
        with kit.backend.database.writing() as session:
            now = clock()
            jobs.renew(session, name, worker=kit.worker, until=now + LEASE)
            # A night's work may be long: whoever looks meanwhile must not read that no worker is running.
            jobs.lives(session, kit.worker, now=now)

    return renewed(renew, every=RENEW_SECONDS, name=name)


def _milliseconds(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
