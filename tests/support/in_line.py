"""Whether a unit of work in another thread waits for one that is open: for tests of two at the same moment."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from sqlalchemy import text

from tests.support.organisation import Organisation

#: How many connections wait for a lock of another.
QUEUE = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def stands_in_line(made: Organisation, other: Future[Any]) -> bool:
    """Whether the other unit of work waits or has come to its end; on SQLite it waits for the only write lock."""
    if made.backend.database.is_sqlite:
        return True
    with made.backend.reading() as uow:
        return other.done() or uow.session.scalar(text(QUEUE)) == 1
