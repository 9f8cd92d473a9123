"""The sweep: whatever wants something is claimed, done once and let go, a hundred at a time, by as many as will.

A crash between claim and transaction leaves a claim that runs out; one within it leaves nothing. What cannot be done is
tried alone, later and later, and set aside where people see it: one bad row never stops the others.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from trim.store import deadlines
from trim.store.database import DatabaseUnavailable, GaveWay
from trim.usecases.deadlines.batch import act_on_steps
from trim.usecases.deadlines.unanswered import act_on_escalations
from trim.usecases.deadlines.undelivered import act_on_undelivered
from trim.usecases.unit_of_work import Backend

_LOG = logging.getLogger(__name__)

#: How long a claim holds. A batch takes well under a second; after this the worker that holds it is taken for dead.
LEASE: Final = timedelta(minutes=2)
#: How often something is tried before it is set aside, and the waits between: our own choice.
WAITS: Final = tuple(timedelta(minutes=one) for one in (1, 5, 30, 120))

#: What is done about each kind of thing, in this order: who cannot be reached is known before anybody is asked.
_ACTS: Final[dict[str, Callable[..., int]]] = {
    "notice": act_on_undelivered,
    "step": act_on_steps,
    "escalation": act_on_escalations,
}


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: stages that acted, things that failed for now, things set aside for good."""

    acted: int = 0
    failed: int = 0
    aside: int = 0

    def __add__(self, other: Swept) -> Swept:
        return Swept(self.acted + other.acted, self.failed + other.failed, self.aside + other.aside)


def act_on_due_steps(backend: Backend, *, worker: str, now: datetime) -> Swept:
    """Do whatever undelivered notices, steps and escalations want at `now`.

    Raises DatabaseUnavailable when the database goes away: nothing is lost, the claims run out.
    """
    return sum((_sweep(backend, kind, worker=worker, now=now) for kind in _ACTS), Swept())


def weigh_undelivered(backend: Backend, *, worker: str, now: datetime) -> int:
    """Only see to notices that reached nobody; gives how many others were asked instead."""
    return _sweep(backend, "notice", worker=worker, now=now).acted


def _sweep(backend: Backend, kind: str, *, worker: str, now: datetime) -> Swept:
    total, began = Swept(), time.monotonic()
    while True:
        # After days off a sweep may be long: its last claim has to hold as long as its first.
        until = now + timedelta(seconds=time.monotonic() - began) + LEASE
        with backend.database.writing() as session:
            ids = deadlines.claim_due(session, kind, worker=worker, now=now, until=until)
        if not ids:
            return total
        total += _do(backend, kind, ids, worker=worker, now=now)


def _do(backend: Backend, kind: str, ids: Sequence[str], *, worker: str, now: datetime) -> Swept:
    try:
        with backend.writing() as uow:
            return Swept(acted=_ACTS[kind](uow, ids, worker=worker, now=now))
    except Exception as problem:
        if isinstance(problem, DatabaseUnavailable) and not isinstance(problem, GaveWay):
            raise
        if len(ids) == 1:
            return _note(backend, kind, ids[0], problem, worker=worker, now=now)
    # One of them cannot be done: each by itself, so that the others are.
    total = Swept()
    for one in ids:
        total += _do(backend, kind, [one], worker=worker, now=now)
    return total


def _note(backend: Backend, kind: str, one: str, problem: Exception, *, worker: str, now: datetime) -> Swept:
    # The message may hold what was filled in; the kind of the problem is enough to find it.
    word = type(problem).__name__
    with backend.database.writing() as session:
        failures = deadlines.failures_of(session, one)
        aside = failures >= len(WAITS)
        wait = WAITS[min(failures, len(WAITS) - 1)]
        deadlines.note_failure(
            session, one, worker=worker, problem=word, until=now + wait, aside_at=now if aside else None
        )
    _LOG.error("%s %s could not be done (%s)%s", kind, one, word, ": set aside" if aside else "")
    return Swept(failed=0 if aside else 1, aside=1 if aside else 0)
