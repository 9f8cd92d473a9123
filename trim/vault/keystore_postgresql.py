"""Wrapped keys in a PostgreSQL database of their own, for several machines; not the database of the cases.

Destroyed keys may linger in dead row versions until VACUUM, and in that server's write-ahead log and backups: they are
wrapped there, and so as safe as the master key. docs/threat-model.md says so.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import Any

import psycopg

from trim.domain.errors import KeysUnavailable
from trim.vault.keystore import KeyStore


class PostgreSQLKeyStore(KeyStore):
    """Wrapped keys behind an address such as postgresql://user@host/trim_keys."""

    BYTES = "BYTEA"
    # A shared lock on the row that names the master: a rotation waits for the insertion, and the next one for it.
    ADD = (
        "INSERT INTO wrapped_key (owner, version, master, wrapped, made_at) "
        "SELECT ?, ?, ?, ?, EXTRACT(EPOCH FROM now())::bigint FROM key_state WHERE one = 1 AND master = ? FOR SHARE "
        "ON CONFLICT DO NOTHING"
    )
    DESTROY = (
        "UPDATE wrapped_key SET wrapped = NULL, destroyed_at = EXTRACT(EPOCH FROM now())::bigint "
        "WHERE owner = ? AND wrapped IS NOT NULL"
    )

    def __init__(self, url: str) -> None:
        self._address = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._local = threading.local()
        rows, _ = self.run("SELECT to_regclass('wrapped_key') IS NOT NULL AND to_regclass('key_state') IS NOT NULL")
        # Asked first: the role that uses the tables need not be one that may make them.
        if not rows[0][0]:
            self.make_tables()

    def run(self, statement: str, values: Sequence[object] = ()) -> tuple[list[tuple[Any, ...]], int]:
        """Run one statement in a transaction of its own; a connection that was lost is opened once more."""
        try:
            try:
                return self._run(statement, values)
            except psycopg.OperationalError:
                if not self._is_lost():
                    raise
                # Every statement may be said twice; an insertion that was kept the first time fails and is swept.
                self._local.connection = None
                return self._run(statement, values)
        except psycopg.OperationalError as error:
            # The address is not repeated: it may hold a password, and messages end up in logs.
            raise KeysUnavailable("The database of the keys (TRIM_KEYS_DATABASE_URL) does not answer.") from error

    def close(self) -> None:
        """Close the connection of this thread."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _run(self, statement: str, values: Sequence[object]) -> tuple[list[tuple[Any, ...]], int]:
        text = statement.replace("?", "%s").encode()
        with self._connection().cursor() as cursor:
            cursor.execute(text, tuple(values) or None)
            return (cursor.fetchall() if cursor.description else []), cursor.rowcount

    def _is_lost(self) -> bool:
        connection = getattr(self._local, "connection", None)
        return connection is None or connection.broken or connection.closed

    def _connection(self) -> psycopg.Connection[tuple[Any, ...]]:
        connection: psycopg.Connection[tuple[Any, ...]] | None = getattr(self._local, "connection", None)
        if connection is None or self._local.process != os.getpid():
            connection = self._local.connection = psycopg.connect(
                self._address, autocommit=True, connect_timeout=5, application_name="trim keys"
            )
            self._local.process = os.getpid()
        return connection
