"""Migrations run up and down with data on both databases, and lead to exactly the tables of the program."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from trim.store import append_only, migrate
from trim.store.database import Database, DatabaseUnavailable, make_engine
from trim.store.tables import metadata


def test_migrations_lead_to_the_tables_of_the_program(database_urls):
    engine = make_engine(database_urls.owner_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        checks = {
            (table.name, check["name"])
            for table in metadata.sorted_tables
            for check in inspect(connection).get_check_constraints(table.name)
        }
    engine.dispose()
    assert ("step", "ck_step_state") in checks


def test_up_and_down_and_up_again(unmigrated_urls):
    urls = unmigrated_urls
    assert migrate.state(urls.url) == "missing"
    migrate.upgrade(urls.owner_url, urls.url)
    assert migrate.state(urls.url) == "current"
    engine = make_engine(urls.owner_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO unit (id, name, active) VALUES ('u1', 'North', :yes)"), {"yes": True})
    migrate.downgrade(urls.owner_url, "base")
    with engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    assert migrate.state(urls.url) == "missing"
    migrate.upgrade(urls.owner_url, urls.url)
    assert migrate.state(urls.url) == "current"


def test_a_newer_database_is_left_alone(database_urls):
    engine = make_engine(database_urls.owner_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    assert migrate.state(database_urls.url) == "newer"


def test_an_older_database_is_told_apart(database_urls, monkeypatch):
    monkeypatch.setattr(migrate.ScriptDirectory, "get_current_head", lambda _: "0002")
    assert migrate.state(database_urls.url) == "older"


def test_a_missing_sqlite_file_is_missing_and_is_not_made(tmp_path):
    path = tmp_path / "nowhere.sqlite3"
    assert migrate.state(f"sqlite:///{path}") == "missing"
    assert not path.exists()


def test_a_folder_in_place_of_the_file_is_said_in_one_line(tmp_path):
    path = tmp_path / "folder.sqlite3"
    path.mkdir()
    with pytest.raises(DatabaseUnavailable, match="cannot be opened"):
        migrate.state(f"sqlite:///{path}")


#: Parameters of `database_kind` for what only a server with roles can show.
POSTGRESQL_ONLY = [pytest.param("postgresql", marks=pytest.mark.postgresql)]

TAMPERINGS = [
    "UPDATE trail_entry SET text = 'x'",
    "DELETE FROM trail_entry",
    "DELETE FROM trail_head",
    "UPDATE trail_head SET number = number + 2",
    "UPDATE trail_head SET number = number - 1",
]


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_the_trail_is_append_only_in_the_database_itself(database_urls, statement):
    """Even for the owner of the tables, as long as the triggers are there."""
    engine = make_engine(database_urls.owner_url)
    _write_entry(engine)
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_replace_and_truncate_are_refused_too(database_urls):
    engine = make_engine(database_urls.owner_url)
    _write_entry(engine)
    statement = (
        "INSERT OR REPLACE INTO trail_entry (chain, number, text, hash, at, actor_id, what) "
        "VALUES ('case:1', 1, 'y', 'h', '2026-01-01', 'a', 'w')"
        if database_urls.is_sqlite
        else "TRUNCATE trail_entry"
    )
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.mark.parametrize("database_kind", POSTGRESQL_ONLY, indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail_entry SET text = 'x'",
        "DELETE FROM trail_entry",
        "TRUNCATE trail_entry",
        "DELETE FROM trail_head",
        "DROP TRIGGER trail_entry_no_change ON trail_entry",
        "ALTER TABLE trail_entry DISABLE TRIGGER ALL",
        "DROP TABLE unit",
    ],
)
def test_the_application_role_cannot_touch_what_the_owner_protects(database_urls, statement):
    """SQLite has no roles: who owns the file can change it, and the documents say so."""
    database = Database(database_urls.url)
    with pytest.raises(DBAPIError), database.engine.begin() as connection:
        connection.execute(text(statement))
    database.close()


def test_triggers_come_down_as_they_went_up():
    assert len(append_only.SQLITE_UP) == len(append_only.SQLITE_DOWN)
    assert len(append_only.POSTGRESQL_UP) == len(append_only.POSTGRESQL_DOWN)


def _write_entry(engine):
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO trail_entry (chain, number, text, hash, at, actor_id, what) "
                "VALUES ('case:1', 1, 'x', 'h', '2026-01-01', 'a', 'w')"
            )
        )
        head = "INSERT INTO trail_head (chain, number, hash, sealed_number) VALUES ('case:1', 1, 'h', 0)"
        connection.execute(text(head))
