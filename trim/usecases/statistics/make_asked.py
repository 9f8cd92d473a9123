"""Make the releases that were asked for, one after the other: what a worker does, and `trim statistics make`.

Each is claimed for a while before it is begun, and its claim is renewed by whoever calls this for as long as the work
goes on. A worker that dies leaves a claim that runs out; the next one begins anew. The request is settled in the
transaction that freezes its release, so that a release is published once however often its making was begun.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from trim.audit import trail
from trim.domain.errors import NotFound, TrimError
from trim.domain.releasing import MOST_TRIES, Refusal, Stage
from trim.statistics.attack import Contradiction, Malformed, Verdict
from trim.statistics.build import PeriodTooSmall, TablesInConflict
from trim.statistics.model import Words
from trim.statistics.model_json import NotARelease
from trim.statistics.periods import Period
from trim.statistics.rounding import CannotBeRounded
from trim.store import release_requests, releases
from trim.store.tables import ReleaseRequest
from trim.usecases.statistics.move_facts import SYSTEM
from trim.usecases.statistics.release_period import (
    MovedMeanwhile,
    NothingToCorrect,
    NotPublishable,
    OnBehalf,
    PeriodOpen,
    PublishedAlready,
    Wishes,
    correct_release,
    release_period,
)
from trim.usecases.statistics.tell_of_release import tell_who_asked
from trim.usecases.statistics.wishes import UnusableRules, wishes
from trim.usecases.unit_of_work import Backend, UnitOfWork

#: How long a claim holds unless it is renewed: longer than the longest silence of a solver.
LEASE: Final = timedelta(minutes=10)
#: It is begun anew so long after records of the period had moved meanwhile, and after a fault of the program.
AFTER_MOVE: Final = timedelta(minutes=1)
AFTER_FAULT: Final = timedelta(minutes=5)
#: Progress is written no oftener than so many seconds apart: each writing takes the lock of a small installation.
WRITE_SECONDS: Final = 2.0

#: What is refused for good, and the word for it. What is not here is a fault of the program, and tried again.
_REFUSED: Final[tuple[tuple[type[Exception], Refusal], ...]] = (
    (PeriodOpen, Refusal.PERIOD_OPEN),
    (PublishedAlready, Refusal.PUBLISHED_ALREADY),
    (NothingToCorrect, Refusal.NOTHING_TO_CORRECT),
    (NotFound, Refusal.CORRECTED_ALREADY),
    (PeriodTooSmall, Refusal.TOO_SMALL),
    (TablesInConflict, Refusal.CONFLICT),
    (CannotBeRounded, Refusal.NOT_ROUNDED),
    (NotPublishable, Refusal.EXPOSED),
    (UnusableRules, Refusal.RULES),
    (Malformed, Refusal.EARLIER),
    (Contradiction, Refusal.EARLIER),
    (NotARelease, Refusal.EARLIER),
)


class PutOff(TrimError):
    """Raised out of the work when the worker is told to stop: the request waits for the next worker."""


class ClaimLost(TrimError):
    """Another worker has taken the request over: this one was silent for longer than its claim held."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A request that this worker has claimed."""

    request_id: str
    period: Period
    corrects: int | None
    cause: str | None
    asked_by: str
    attempts: int


def take_up(backend: Backend, *, worker: str, now: datetime) -> Taken | None:
    """Claim the request that is next; None where nothing waits or another worker is at one.

    One whose workers died too often is refused here, so that it does not stand in the way of those behind it.
    """
    while True:
        with backend.writing() as uow:
            row = release_requests.claim_next(uow.session, worker=worker, now=now, until=now + LEASE)
            if row is None:
                return None
            if row.attempts <= MOST_TRIES:
                period = Period(row.period_from, row.period_to)
                return Taken(row.id, period, row.corrects, row.cause, row.asked_by, row.attempts)
            _refuse(uow, row, now=now, because=Refusal.FAILED, about={})


def hold(backend: Backend, taken: Taken, *, worker: str, now: datetime) -> bool:
    """Hold the claim for longer; False where another worker has taken the request."""
    with backend.database.writing() as session:
        return release_requests.note(session, taken.request_id, worker=worker, claimed_until=now + LEASE)


def make_taken(
    backend: Backend,
    taken: Taken,
    *,
    worker: str,
    at: Callable[[], datetime],
    instance: Path | None,
    stopping: Callable[[], bool] = lambda: False,
) -> str:
    """Make what was claimed; gives the state of the request afterwards: published, refused, or asked once more.

    `at` is the clock, `instance` the folder with the organisation's own tables. Raises ClaimLost, and again whatever
    fault of the program it met, after noting it: then the request waits for another try.
    """
    titles: dict[str, Words] = {}
    try:
        with backend.reading() as uow:
            wished = wishes(uow, instance)
        titles = {one.name: one.title for one in wished.declaration.tables}
        _publish(backend, taken, wished, worker=worker, at=at, stopping=stopping)
    except PutOff:
        _give_back(backend, taken, worker=worker, until=None, counts=False)
        return "asked"
    except MovedMeanwhile:
        return _try_again(backend, taken, Refusal.MOVED, worker=worker, now=at(), after=AFTER_MOVE)
    except ClaimLost:
        raise
    except Exception as problem:
        # Whatever it was, the request must not stay claimed; what is no refusal is noted and raised again below.
        because = next((word for kind, word in _REFUSED if isinstance(problem, kind)), None)
        if because is None:
            _try_again(backend, taken, Refusal.FAILED, worker=worker, now=at(), after=AFTER_FAULT)
            raise
        if isinstance(problem, NotPublishable) and _ran_out(problem):
            because = Refusal.TIME_LIMIT
        if isinstance(problem, PublishedAlready) and not _is_published(backend, taken.period):
            because = Refusal.WITHIN_PUBLISHED
        _end(backend, taken, worker=worker, now=at(), because=because, about=_about(problem, titles))
        return "refused"
    return "published"


def _publish(
    backend: Backend,
    taken: Taken,
    wished: Wishes,
    *,
    worker: str,
    at: Callable[[], datetime],
    stopping: Callable[[], bool],
) -> None:
    progress = _Progress(backend, taken, worker, stopping)

    def settle(uow: UnitOfWork, number: int) -> None:
        row = _mine(uow, taken, worker)
        row.state, row.release_number, row.ended_at = "published", number, at()
        row.stage = row.claimed_by = row.claimed_until = None
        uow.session.add(row)
        tell_who_asked(uow, SYSTEM, row, now=at(), kind="release_made")

    asked = OnBehalf({"request": taken.request_id, "asked_by": taken.asked_by}, settle)
    if taken.corrects is None:
        release_period(backend, SYSTEM, now=at(), period=taken.period, wishes=wished, progress=progress, asked=asked)
    else:
        correct_release(
            backend,
            SYSTEM,
            now=at(),
            number=taken.corrects,
            cause=taken.cause or "",
            wishes=wished,
            progress=progress,
            asked=asked,
        )


@dataclass
class _Progress:
    """Hears how far the work is and writes it into the row; ends the work where it is to stop or no longer ours."""

    backend: Backend
    taken: Taken
    worker: str
    stopping: Callable[[], bool]
    stage: Stage = Stage.COUNTING
    turn: int = 0
    written: float = field(default_factory=time.monotonic)

    def __call__(self, what: str, done: int, of: int) -> None:
        """Raises PutOff, ClaimLost."""
        if self.stopping():
            raise PutOff
        stage = Stage.ATTACKING if what == "attack" else Stage.HIDING
        moved_on = stage is not self.stage
        if moved_on and stage is Stage.HIDING:
            # The tables are laid out anew, coarser, whenever the adversary found something.
            self.turn += 1
        self.stage = stage
        if not moved_on and time.monotonic() - self.written < WRITE_SECONDS:
            return
        self.written = time.monotonic()
        values = {"stage": str(stage), "stage_done": done, "stage_of": of, "turn": self.turn}
        with self.backend.database.writing() as session:
            if not release_requests.note(session, self.taken.request_id, worker=self.worker, **values):
                raise ClaimLost


def _mine(uow: UnitOfWork, taken: Taken, worker: str) -> ReleaseRequest:
    row = release_requests.load(uow.session, taken.request_id, to_change=True)
    if row.state != "making" or row.claimed_by != worker:
        raise ClaimLost
    return row


def _give_back(backend: Backend, taken: Taken, *, worker: str, until: datetime | None, counts: bool) -> None:
    with backend.database.writing() as session:
        release_requests.give_back(session, taken.request_id, worker=worker, until=until, counts=counts)


def _try_again(
    backend: Backend, taken: Taken, because: Refusal, *, worker: str, now: datetime, after: timedelta
) -> str:
    if taken.attempts >= MOST_TRIES:
        _end(backend, taken, worker=worker, now=now, because=because, about={})
        return "refused"
    _give_back(backend, taken, worker=worker, until=now + after, counts=True)
    return "asked"


def _end(
    backend: Backend, taken: Taken, *, worker: str, now: datetime, because: Refusal, about: dict[str, list[str]]
) -> None:
    with backend.writing() as uow:
        _refuse(uow, _mine(uow, taken, worker), now=now, because=because, about=about)


def _refuse(
    uow: UnitOfWork, row: ReleaseRequest, *, now: datetime, because: Refusal, about: dict[str, list[str]]
) -> None:
    row.state, row.refused_because, row.refused_about, row.ended_at = "refused", str(because), about, now
    row.stage = row.claimed_by = row.claimed_until = None
    uow.session.add(row)
    uow.record(
        SYSTEM,
        now,
        "statistics.request_refused",
        chain=trail.ORGANISATION,
        subject="statistics",
        codes={
            "request": row.id,
            "asked_by": row.asked_by,
            "from": row.period_from,
            "to": row.period_to,
            "because": str(because),
        },
    )
    tell_who_asked(uow, SYSTEM, row, now=now, kind="release_refused")


def _ran_out(problem: NotPublishable) -> bool:
    """Whether nothing was worked out, and only time was missing to prove that nothing can be."""
    return all(line.verdict is Verdict.UNDECIDED for line in problem.report.exposed)


def _is_published(backend: Backend, period: Period) -> bool:
    """Whether this very period is published, not only a longer one around it."""
    with backend.reading() as uow:
        there = releases.heads(uow.session)
    return any((one.period_from, one.period_to) == (period.first, period.last) for one in there)


def _about(problem: Exception, titles: Mapping[str, Words]) -> dict[str, list[str]]:
    """Which tables a refusal is about, with their titles, or which longer period would do; no figure."""
    if isinstance(problem, PeriodTooSmall):
        return {"wait_for": [problem.wait_for.first, problem.wait_for.last]}
    if isinstance(problem, TablesInConflict):
        return _named(problem.tables, titles)
    if isinstance(problem, NotPublishable):
        return _named(sorted({line.table for line in problem.report.exposed}), titles)
    return {}


def _named(tables: Sequence[str], titles: Mapping[str, Words]) -> dict[str, list[str]]:
    called = [titles.get(one, Words(one, one)) for one in tables]
    return {"tables": list(tables), "en": [one.en for one in called], "fr": [one.fr for one in called]}
