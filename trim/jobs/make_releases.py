"""Makes releases that people asked for, one after the other: what runs in the process beside a worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from trim.jobs.renewing import renewed
from trim.usecases.statistics.make_asked import Taken, hold, make_taken, take_up
from trim.usecases.unit_of_work import Backend

#: How often the claim is renewed while a release is made, in seconds; well within `make_asked.LEASE`.
RENEW_SECONDS: Final = 60.0

Clock = Callable[[], datetime]


def make_waiting(
    backend: Backend,
    *,
    worker: str,
    clock: Clock,
    instance: Path | None,
    stopping: Callable[[], bool] = lambda: False,
) -> list[str]:
    """Make what waits until nothing does; gives the state in which each request was left.

    Raises ClaimLost, and whatever fault of the program `make_taken` met.
    """
    done: list[str] = []
    while not stopping():
        taken = take_up(backend, worker=worker, now=clock())
        if taken is None:
            break
        with renewed(partial(_renew, backend, taken, worker, clock), every=RENEW_SECONDS, name="release"):
            done.append(make_taken(backend, taken, worker=worker, at=clock, instance=instance, stopping=stopping))
    return done


def _renew(backend: Backend, taken: Taken, worker: str, clock: Clock) -> None:
    hold(backend, taken, worker=worker, now=clock())
