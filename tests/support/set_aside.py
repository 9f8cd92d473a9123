"""Something that the worker could not do and set aside, for pages that show it."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from sqlalchemy import insert

from tests.support.organisation import Organisation
from trim.store import jobs
from trim.store.tables import Claim

_numbers = count(1)


def set_aside(organisation: Organisation, row_id: str) -> str:
    """A step of that id, set aside after five failures; gives the id."""
    with organisation.backend.database.writing() as session:
        session.connection().execute(
            insert(Claim).values(
                id=row_id,
                subject_kind="step",
                worker="gone",
                until_at=organisation.now,
                failures=5,
                problem="KeyError",
                set_aside_at=organisation.now,
            )
        )
    return row_id


def runs(organisation: Organisation, number: int) -> None:
    """So many runs, workers and things set aside, all at different instants."""
    for _ in range(number):
        one = next(_numbers)
        organisation.later(seconds=1)
        set_aside(organisation, f"{one:032d}")
        with organisation.backend.database.writing() as session:
            jobs.ensure(session, ["sweep", "deliver"])
            jobs.beat(session, f"worker-{one}", kind="embedded", now=organisation.now, ticks=one)
            jobs.note_run(
                session,
                row_id=f"{one:032d}",
                job="sweep",
                worker=f"worker-{one}",
                started_at=organisation.now - timedelta(seconds=one),
                milliseconds=one,
                did=one,
            )
