"""The database: one engine, read and write transactions, the same manners on SQLite and PostgreSQL.

A unit of work that writes takes the write lock at once (law 6): on SQLite `BEGIN IMMEDIATE`, so that two writers queue
instead of one failing half-way; on PostgreSQL the rows it changes are locked as they are loaded. One that writes alone,
such as a change of the calendar on which every clock rests, waits on either for those that run and keeps new ones out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from trim.domain.errors import MissingTrailEntry, TrimError

#: How long a writer waits for another one, in milliseconds, before it is told that the database is locked.
BUSY_TIMEOUT_MS = 10_000


class DatabaseUnavailable(TrimError):
    """The database is missing, locked or out of reach; the message says cause and cure in one line."""


class GaveWay(DatabaseUnavailable):
    """Two units of work each waited for what the other held, and this one was given up; the same may be tried again."""


class Database:
    """Hands out transactions. `owner_url` names the PostgreSQL role that owns the tables and runs migrations."""

    def __init__(self, url: str, owner_url: str | None = None) -> None:
        self.url = url
        self.owner_url = owner_url or url
        self.engine = make_engine(url)
        #: Called before a unit of work that writes begins, and after it was kept: the witness listens here.
        #: A demonstration whose clock was put forward: each line of the trail that is written then says so (CARE 34).
        self.simulated = False
        self.before_writing: Callable[[], None] = _nothing
        self.after_writing: Callable[[Session], None] = _nothing_of

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that reads one consistent state and keeps nothing."""
        with self._session("read") as session:
            try:
                yield session
            finally:
                # Let go of the rows first: a rollback would empty what a page is about to show.
                session.expunge_all()
                session.rollback()

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Session]:
        """A transaction that is kept whole or not at all; `alone` keeps every other one that writes out meanwhile.

        Raises MissingTrailEntry when rows were changed and no trail entry was written: a change without its line is
        a defect, so nothing is kept (law 7).
        """
        self.before_writing()
        with self._session("write alone" if alone else "write") as session:
            try:
                yield session
                session.flush()
                if session.info.get("changed") and not session.info.get("entries"):
                    raise MissingTrailEntry(", ".join(sorted(session.info["changed"])))
                session.commit()
            except BaseException:
                session.rollback()
                raise
            # Not acknowledged before it is witnessed; a witness that fails now is told, the change is kept.
            self.after_writing(session)

    @contextmanager
    def _session(self, mode: str) -> Iterator[Session]:
        try:
            connection = self.engine.connect().execution_options(trim_mode=mode)
        except OperationalError as error:
            raise DatabaseUnavailable(plain_cause(error)) from error
        with connection, Session(bind=connection, expire_on_commit=False, autoflush=False) as session:
            _watch_changes(session)
            session.info["simulated"] = self.simulated
            session.info["alone"] = mode == "write alone"
            try:
                yield session
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) == DEADLOCK:
                    raise GaveWay(
                        "Somebody else changed the same thing at the same moment. Nothing was changed; try again."
                    ) from error
                # A connection that was cut tells so in the words of its driver, not always as an operational error.
                if error.connection_invalidated or (isinstance(error, OperationalError) and is_unavailable(error)):
                    raise DatabaseUnavailable(plain_cause(error)) from error
                raise

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _nothing() -> None:
    """Without a witness nothing is asked before a change."""


def _nothing_of(_: Session) -> None:
    """Without a witness nothing is noted after a change."""


#: How PostgreSQL says that two transactions waited for each other.
DEADLOCK = "40P01"
#: Any number: whoever writes shares it, whoever writes alone has it alone, both until the transaction ends.
_WRITERS = 7_205_411_904
#: The first statement of a transaction on PostgreSQL. Taken before any row is locked, so that nobody waits in a circle.
_POSTGRESQL_BEGINS = {
    "read": "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "write": f"SELECT pg_advisory_xact_lock_shared({_WRITERS})",
    "write alone": f"SELECT pg_advisory_xact_lock({_WRITERS})",
}


#: Tables whose rows are not a change in the sense of law 7: the trail itself, and the counter that slows guessing down.
UNTRAILED = frozenset({"trail_entry", "trail_head", "trail_subject", "trail_leaf", "trail_checkpoint", "sign_in_guard"})


def _watch_changes(session: Session) -> None:
    session.info["changed"] = set()

    def note_flush(flushed: Session, *_: Any) -> None:
        for row in (*flushed.new, *flushed.dirty, *flushed.deleted):
            name = row.__tablename__
            if name not in UNTRAILED and (row not in flushed.dirty or flushed.is_modified(row)):
                flushed.info["changed"].add(name)

    def note_execute(state: Any) -> None:
        if state.is_insert or state.is_update or state.is_delete:
            table = state.statement.table.name
            if table not in UNTRAILED:
                session.info["changed"].add(table)

    event.listen(session, "before_flush", note_flush)
    event.listen(session, "do_orm_execute", note_execute)


def make_engine(url: str) -> Engine:
    """An engine whose connections behave alike: foreign keys on, WAL on SQLite, UTC on PostgreSQL."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(
        parsed, pool_pre_ping=True, connect_args={"options": "-c timezone=UTC", "connect_timeout": 5}
    )
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # None hands BEGIN to us: the driver's own begins are deferred and would let two writers collide half-way.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: a power cut after the answer loses nothing. People in distress depend on what was acknowledged.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("trim_mode", "write")
    connection.exec_driver_sql("BEGIN" if mode == "read" else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    statement = _POSTGRESQL_BEGINS.get(connection.get_execution_options().get("trim_mode", ""))
    if statement is not None:
        connection.exec_driver_sql(statement)


def is_unavailable(error: OperationalError) -> bool:
    """Whether the database could not be used at all, as against a statement that was wrong."""
    message = str(error.orig)
    return any(
        sign in message
        for sign in (
            "locked",
            "unable to open",
            "readonly",
            "disk",
            "no such table",
            "connection",
            "closed",
            "terminat",
        )
    )


def plain_cause(error: DBAPIError) -> str:
    """One clear line for people, without statement or parameters."""
    message = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no answer"
    if "locked" in message:
        return "The database is locked by another program. Nothing was changed; close that program and try again."
    if "unable to open" in message:
        return "The database file cannot be opened. Run `trim doctor` to see where it should be."
    if "no such table" in message:
        return "The database has no tables yet. Run `trim db upgrade`."
    return f"The database does not answer ({message}). Nothing was changed; run `trim doctor`."


def sqlite_path(url: str) -> Path | None:
    """The file behind a SQLite address; None for PostgreSQL and for a database in memory."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def ping(database: Database) -> None:
    """One question to see that the database answers; raises DatabaseUnavailable."""
    with database.reading() as session:
        session.execute(text("SELECT 1"))
