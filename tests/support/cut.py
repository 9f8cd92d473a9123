"""A database connection that is cut in the middle of work, as a restarted server or a pulled cable does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import event

from tests.support.organisation import Organisation


@contextmanager
def cut_at(made: Organisation, point: int, superuser: str) -> Iterator[list[int]]:
    """Cut the connection before its statement of that number; what comes has one element once it was cut.

    On PostgreSQL the server ends the session, by `superuser`; on SQLite the file is closed under the transaction.
    """
    engine = made.backend.database.engine
    cut: list[int] = []
    seen = 0

    def count_down(connection: Any, *_: object) -> None:
        nonlocal seen
        seen += 1
        if seen != point:
            return
        cut.append(point)
        raw = connection.connection.dbapi_connection
        if engine.dialect.name == "sqlite":
            raw.close()
            return
        with psycopg.connect(superuser, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (raw.info.backend_pid,))

    event.listen(engine, "before_cursor_execute", count_down)
    try:
        yield cut
    finally:
        event.remove(engine, "before_cursor_execute", count_down)
        engine.dispose()
