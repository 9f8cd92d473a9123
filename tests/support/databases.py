"""Migrated databases for tests: made once a session, then copied for each test."""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.postgresql import APPLICATION, OWNER, PostgreSQL
from trim.store import migrate

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """How to reach one database: `url` as the application, `owner_url` as the role that owns the tables."""

    url: str
    owner_url: str

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.url.startswith("sqlite")


def name_of(purpose: str) -> str:
    """A database name that no other worker and no other run on the same server uses."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "one")
    return f"trim_test_{os.getpid()}_{worker}_{purpose}_{next(_numbers)}"


def make_sqlite_template(folder: Path) -> Path:
    """A migrated SQLite file without its write-ahead log, so that copying the one file copies the database."""
    path = folder / "template.sqlite3"
    migrate.upgrade(f"sqlite:///{path}")
    fold_log(path)
    return path


def fold_log(path: Path) -> None:
    """Bring the write-ahead log into the file, so that the one file can be copied."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")


def copy_of_sqlite(template: Path, folder: Path) -> DatabaseUrls:
    """A database of one test, in its own folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "trim.sqlite3"
    shutil.copyfile(template, path)
    path.chmod(0o600)
    return DatabaseUrls(url=f"sqlite:///{path}", owner_url=f"sqlite:///{path}")


@contextmanager
def postgresql_template(server: PostgreSQL) -> Iterator[str]:
    """The name of a migrated database on which the application role has its rights and nobody works."""
    with new_postgresql(server, "template") as urls:
        migrate.upgrade(urls.owner_url, urls.url)
        yield name_in(urls)


@contextmanager
def new_postgresql(server: PostgreSQL, purpose: str = "test", template: str | None = None) -> Iterator[DatabaseUrls]:
    """A database of one test, empty or a copy of `template`; dropped afterwards."""
    name = name_of(purpose)
    server.make_database(name, template)
    try:
        yield DatabaseUrls(url=server.url(name, APPLICATION), owner_url=server.url(name, OWNER))
    finally:
        server.drop_database(name)


def name_in(urls: DatabaseUrls) -> str:
    """The name of a PostgreSQL database."""
    return urls.url.rpartition("@/")[2].partition("?")[0]
