"""Old notices are erased: who was told what, and when, is nobody's business for longer than it can matter."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from trim.audit import trail
from trim.domain.access import system_actor
from trim.store import outbox
from trim.usecases.unit_of_work import Backend

#: How long a notice that was sent, given up or dropped is kept: our own choice. A year lets a coordinator look back on
#: a whole support, whose record goes by periods of its own and takes its notices along when it goes earlier.
KEPT: Final = timedelta(days=365)
#: How many are erased in one transaction.
BATCH: Final = 500
WORKER: Final = system_actor("worker")


def forget_notices(backend: Backend, *, now: datetime) -> int:
    """Erase what was settled longer ago than `KEPT`, in batches, each with its line; gives how many."""
    total = 0
    while True:
        with backend.writing() as uow:
            gone = outbox.forget(uow.session, now - KEPT, BATCH)
            if gone:
                uow.record(
                    WORKER,
                    now,
                    "job.forgot_notices",
                    chain=trail.ORGANISATION,
                    subject="worker",
                    codes={"number": gone},
                )
        total += gone
        if gone < BATCH:
            return total
