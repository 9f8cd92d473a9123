"""The store of wrapped keys: what every kind of it does, and the one in a file.

Rows hold keys wrapped by a master key, never keys. The store also says which master key wraps now, in one place for all
processes: a key wrapped by another one is not taken, so that no key is left behind when the master key changes.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class KeyExists(ValueError):
    """There is a key of that owner already, living or destroyed: it is never made a second time."""


class MasterChanged(Exception):
    """Another master key wraps now: wrap again with that one."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A key of `owner` as it is stored: `master` names the master key that wraps it."""

    owner: str
    version: int
    master: str
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class KeyState:
    """How the store stands: living keys by the master key that wraps them, and how many were destroyed."""

    current: str | None
    living: dict[str, int]
    destroyed: int


class KeyStore(ABC):
    """Wrapped keys in an SQL table; `?` stands for a parameter."""

    BYTES: str
    #: Adds a key if the named master key wraps now.
    ADD: str
    #: Overwrites the living key of an owner.
    DESTROY: str

    @abstractmethod
    def run(self, statement: str, values: Sequence[object] = ()) -> tuple[list[tuple[Any, ...]], int]:
        """Run one statement that is kept at once; gives its rows and how many rows it changed."""

    @abstractmethod
    def close(self) -> None:
        """Give the connection of this thread back."""

    def make_tables(self) -> None:
        """Make the tables unless they are there."""
        self.run(
            # Ages are seconds since 1970 by the clock of the store: the sweep of orphans compares them.
            "CREATE TABLE IF NOT EXISTS wrapped_key (owner VARCHAR(80) PRIMARY KEY, version INTEGER NOT NULL, "
            f"master VARCHAR(32) NOT NULL, wrapped {self.BYTES}, made_at BIGINT NOT NULL, destroyed_at BIGINT)"
        )
        self.run("CREATE TABLE IF NOT EXISTS key_state (one INTEGER PRIMARY KEY, master VARCHAR(32) NOT NULL)")

    def current_master(self) -> str | None:
        """Name of the master key that wraps now; None while there is no key at all."""
        rows, _ = self.run("SELECT master FROM key_state WHERE one = 1")
        return rows[0][0] if rows else None

    def make_current(self, master: str) -> None:
        """From now on only keys wrapped by `master` are taken."""
        # One statement: between two, another process could begin with the old key and go on wrapping with it.
        self.run(
            "INSERT INTO key_state (one, master) VALUES (1, ?) "
            "ON CONFLICT (one) DO UPDATE SET master = excluded.master",
            (master,),
        )

    def begin_with(self, master: str) -> None:
        """Let `master` wrap, unless one does already."""
        self.run("INSERT INTO key_state (one, master) VALUES (1, ?) ON CONFLICT DO NOTHING", (master,))

    def add(self, key: WrappedKey) -> None:
        """Keep a new key; on the disk on return. Raises KeyExists, MasterChanged."""
        # The named master is compared in the statement that inserts: nothing can come between.
        _, added = self.run(self.ADD, (key.owner, key.version, key.master, key.wrapped, key.master))
        if not added:
            if self.current_master() == key.master:
                raise KeyExists(f"there is a key for {key.owner} already")
            raise MasterChanged

    def find(self, owner: str) -> WrappedKey | None:
        """The living key of an owner."""
        rows, _ = self.run(
            "SELECT owner, version, master, wrapped FROM wrapped_key WHERE owner = ? AND wrapped IS NOT NULL", (owner,)
        )
        return _key(rows[0]) if rows else None

    def destroy(self, owner: str) -> None:
        """Overwrite the key of an owner; a second time does no harm."""
        self.run(self.DESTROY, (owner,))

    def owners(self, made_before: datetime | None = None) -> set[str]:
        """Whose keys are alive, or those of them that were made before an instant."""
        query = "SELECT owner FROM wrapped_key WHERE wrapped IS NOT NULL"
        if made_before is None:
            return {row[0] for row in self.run(query)[0]}
        seconds = int(made_before.astimezone(UTC).timestamp())
        return {row[0] for row in self.run(f"{query} AND made_at < ?", (seconds,))[0]}

    def wrapped_by_others(self, master: str, limit: int) -> list[WrappedKey]:
        """Living keys that another master key than this one wraps."""
        rows, _ = self.run(
            "SELECT owner, version, master, wrapped FROM wrapped_key WHERE wrapped IS NOT NULL AND master <> ? "
            "ORDER BY owner LIMIT ?",
            (master, limit),
        )
        return [_key(row) for row in rows]

    def swap(self, old: WrappedKey, new: WrappedKey) -> bool:
        """Put `new` in the place of `old` if it is still there: a key destroyed meanwhile stays destroyed."""
        _, changed = self.run(
            "UPDATE wrapped_key SET wrapped = ?, master = ? WHERE owner = ? AND wrapped = ?",
            (new.wrapped, new.master, old.owner, old.wrapped),
        )
        return bool(changed)

    def rows(self) -> list[tuple[Any, ...]]:
        """Every row, destroyed keys included, for a backup: owner, version, master, wrapped, made, destroyed."""
        found, _ = self.run("SELECT owner, version, master, wrapped, made_at, destroyed_at FROM wrapped_key")
        return [(*row[:3], None if row[3] is None else bytes(row[3]), *row[4:]) for row in found]

    def put_back(self, rows: Sequence[tuple[Any, ...]], master: str | None) -> None:
        """Put rows of a backup in the place of everything that is here."""
        self.run("DELETE FROM wrapped_key")
        for row in rows:
            self.run(
                "INSERT INTO wrapped_key (owner, version, master, wrapped, made_at, destroyed_at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
        if master is not None:
            self.make_current(master)

    def state(self) -> KeyState:
        """Counts for people who look after the keys."""
        rows, _ = self.run("SELECT master, COUNT(*) FROM wrapped_key WHERE wrapped IS NOT NULL GROUP BY master")
        gone, _ = self.run("SELECT COUNT(*) FROM wrapped_key WHERE wrapped IS NULL")
        return KeyState(self.current_master(), {row[0]: row[1] for row in rows}, gone[0][0])


class FileKeyStore(KeyStore):
    """Wrapped keys in an SQLite file of their own, for one machine."""

    BYTES = "BLOB"
    ADD = (
        "INSERT INTO wrapped_key (owner, version, master, wrapped, made_at) "
        "SELECT ?, ?, ?, ?, CAST(strftime('%s', 'now') AS INTEGER) FROM key_state WHERE one = 1 AND master = ?"
    )
    DESTROY = (
        "UPDATE wrapped_key SET wrapped = NULL, destroyed_at = CAST(strftime('%s', 'now') AS INTEGER) "
        "WHERE owner = ? AND wrapped IS NOT NULL"
    )

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            # Made for the owner alone before anything is in it.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(self._open()):
            self.make_tables()
        path.chmod(0o600)

    def run(self, statement: str, values: Sequence[object] = ()) -> tuple[list[tuple[Any, ...]], int]:
        """Run one statement, written through to the disk."""
        try:
            cursor = self._connection().execute(statement, tuple(values))
        except sqlite3.IntegrityError as error:
            raise KeyExists(f"there is a key for {values[0]} already") from error
        return cursor.fetchall(), cursor.rowcount

    def close(self) -> None:
        """Close the connection of this thread."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        # A forked server must not share its parent's handle: SQLite locks would be lost.
        if connection is None or self._local.process != os.getpid():
            connection = self._local.connection = self._open()
            self._local.process = os.getpid()
        return connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # Destroyed means overwritten, not left in a free page.
        connection.execute("PRAGMA secure_delete = ON")
        return connection


def _key(row: Sequence[Any]) -> WrappedKey:
    return WrappedKey(row[0], row[1], row[2], bytes(row[3]))
