"""Transactions: whole or not at all, one clear line when the database cannot be used, no change without its entry."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from tests.support.organisation import MONDAY, SETUP
from trim.audit import trail
from trim.domain.errors import MissingTrailEntry
from trim.store import database as databases
from trim.store.database import Database, DatabaseUnavailable, ping, sqlite_path
from trim.store.tables import Unit


@pytest.fixture
def database(database_urls):
    opened = Database(database_urls.url, database_urls.owner_url)
    yield opened
    opened.close()


def entry(session, what="unit.added"):
    trail.record(session, chain=trail.ORGANISATION, at=MONDAY, actor=SETUP, what=what, subject="unit:1")


def test_a_change_without_its_entry_is_not_kept(database):
    with pytest.raises(MissingTrailEntry, match="unit"), database.writing() as session:
        session.add(Unit(id="1" * 32, name="North"))
    with database.reading() as session:
        assert session.scalar(select(Unit)) is None


def test_a_bulk_change_without_its_entry_is_not_kept_either(database):
    with database.writing() as session:
        session.add(Unit(id="1" * 32, name="North"))
        entry(session)
    with pytest.raises(MissingTrailEntry), database.writing() as session:
        session.execute(update(Unit).values(name="South"))
    with database.reading() as session:
        assert session.scalar(select(col(Unit.name))) == "North"


def test_a_row_only_looked_at_is_no_change(database):
    with database.writing() as session:
        session.add(Unit(id="1" * 32, name="North"))
        entry(session)
    with database.writing() as session:
        unit = session.scalar(select(Unit))
        session.add(unit)


def test_an_error_undoes_everything(database):
    with pytest.raises(RuntimeError), database.writing() as session:
        session.add(Unit(id="1" * 32, name="North"))
        entry(session)
        session.flush()
        raise RuntimeError("half-way")
    with database.reading() as session:
        assert session.scalar(select(Unit)) is None


def test_a_broken_constraint_is_no_lack_of_a_database(database):
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Unit(id="1" * 32, name="North", parent_id="9" * 32))
        entry(session)


def test_reading_keeps_nothing(database):
    with database.reading() as session:
        if database.is_sqlite:
            session.execute(text("INSERT INTO unit (id, name, active) VALUES ('1', 'x', 1)"))
        else:
            with pytest.raises(Exception, match="read-only"):
                session.execute(text("INSERT INTO unit (id, name, active) VALUES ('1', 'x', true)"))
    with database.reading() as session:
        assert session.scalar(select(Unit)) is None


def test_two_writers_queue(database):
    """The second waits for the first instead of failing half-way (law 6)."""
    order = []
    started = threading.Event()

    def second():
        started.wait(5)
        with database.writing() as session:
            entry(session)
            order.append("second")

    other = threading.Thread(target=second)
    other.start()
    with database.writing() as session:
        entry(session)
        started.set()
        other.join(0.2)
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]


def test_a_locked_database_is_one_clear_line(sqlite_urls, monkeypatch):
    monkeypatch.setattr(databases, "BUSY_TIMEOUT_MS", 50)
    database = Database(sqlite_urls.url)
    holder = sqlite3.connect(sqlite_path(sqlite_urls.url), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseUnavailable, match="locked by another program"), database.writing() as session:
        entry(session)
    holder.execute("ROLLBACK")
    holder.close()
    ping(database)
    database.close()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_database_without_tables_says_what_to_run(unmigrated_urls):
    database = Database(unmigrated_urls.url)
    with pytest.raises(DatabaseUnavailable, match="trim db upgrade"), database.reading() as session:
        session.scalar(select(Unit))
    database.close()


def test_nobody_listening_is_one_clear_line():
    database = Database("postgresql://trim@127.0.0.1:1/trim")
    with pytest.raises(DatabaseUnavailable, match="trim doctor"):
        ping(database)
    database.close()
