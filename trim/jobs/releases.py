"""Releases that people asked for: the worker has them made in a process of its own (`trim statistics make`).

Nothing of the reckoning is loaded here: a worker that sends reminders stays small.
"""

from __future__ import annotations

from datetime import datetime

from trim.jobs.apart import Apart, ApartFailed
from trim.store import release_requests
from trim.usecases.unit_of_work import Backend


def have_made(backend: Backend, apart: Apart, *, worker: str, now: datetime) -> int:
    """Start a process where a release waits and none of this worker is at one; gives how many were started.

    Raises ApartFailed where the last one died; what it had begun may be begun again.
    """
    status = apart.reap()
    if status:
        give_up(backend, worker)
        raise ApartFailed(f"exit status {status}")
    if apart.is_running:
        return 0
    with backend.reading() as uow:
        if not release_requests.is_wanted(uow.session, now):
            return 0
    apart.start(worker)
    return 1


def finish(backend: Backend, apart: Apart, worker: str) -> bool:
    """Wait for the process to end, where one runs; False where it died."""
    if apart.wait():
        give_up(backend, worker)
        return False
    return True


def end(backend: Backend, apart: Apart, worker: str) -> None:
    """End the process with its worker; whoever comes next begins anew what it had begun.

    In the middle of a solver it may hear nothing and be killed: that is no fault, and no try that counts.
    """
    if not apart.stop():
        give_up(backend, worker, counts=False)


def give_up(backend: Backend, worker: str, *, counts: bool = True) -> None:
    """What died in this worker's name may be begun again at once; `counts`: as a try."""
    with backend.database.writing() as session:
        release_requests.give_back_all(session, worker=worker, counts=counts)
