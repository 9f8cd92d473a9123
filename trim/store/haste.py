"""Not waiting for the disk, for what can be built again from nothing: several thousand waits are most of a minute."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

from trim.store.database import Database


@contextmanager
def not_waiting_for_the_disk(database: Database) -> Iterator[None]:
    """Inside, a power cut may lose what was committed, or the whole embedded database. Never for anybody's real data.

    At the end everything is on the disk.
    """
    statement = "PRAGMA synchronous = OFF" if database.is_sqlite else "SET synchronous_commit = off"

    def hurry(connection: Any, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()
        if not database.is_sqlite:
            connection.commit()

    event.listen(database.engine, "connect", hurry)
    database.engine.dispose()
    try:
        yield
    finally:
        event.remove(database.engine, "connect", hurry)
        database.engine.dispose()
        if database.is_sqlite:
            _settle(database)


def _settle(database: Database) -> None:
    """Carry the write-ahead log over into the file, and wait until the disk has it."""
    connection = database.engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()
