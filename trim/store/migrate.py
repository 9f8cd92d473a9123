"""Bring the tables to the revision of this program, and say how they stand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError

from trim.store.append_only import ADDED_TO
from trim.store.database import DatabaseUnavailable, make_engine, plain_cause, sqlite_path
from trim.store.tables import metadata

State = Literal["missing", "older", "current", "newer"]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def head() -> str:
    """The revision that this program needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


def current(connection: Connection) -> str | None:
    """The revision the tables are at; None when there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def state(url: str) -> State:
    """How the database stands against this program; raises DatabaseUnavailable when it does not answer.

    "newer" means that a later version of the program has been here: this one must not touch it.
    """
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return "missing"
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            found = current(connection)
    except DatabaseError as error:
        raise DatabaseUnavailable(plain_cause(error)) from error
    finally:
        engine.dispose()
    if found is None:
        return "missing"
    script = ScriptDirectory.from_config(_config())
    if found == script.get_current_head():
        return "current"
    return "older" if found in {revision.revision for revision in script.walk_revisions()} else "newer"


def upgrade(owner_url: str, url: str | None = None, *, revision: str = "head") -> None:
    """Bring the tables up to `revision` as their owner; the application's role of `url` may then use them."""
    path = sqlite_path(owner_url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _run(owner_url, lambda config: command.upgrade(config, revision))
    if path is not None:
        path.chmod(0o600)
    elif url is not None:
        _let_use(owner_url, make_url(url).username)


def downgrade(owner_url: str, revision: str) -> None:
    """Bring the tables down to `revision`; for tests and for a way back after an upgrade."""
    _run(owner_url, lambda config: command.downgrade(config, revision))


def _let_use(owner_url: str, role: str | None) -> None:
    """Give the application's role what it needs and no more: it can never change or empty the trail."""
    if role is None or role == make_url(owner_url).username:
        return
    engine = make_engine(owner_url)
    quoted = engine.dialect.identifier_preparer.quote(role)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {quoted}")
        for table in metadata.sorted_tables:
            rights = "SELECT, INSERT, UPDATE, DELETE"
            if table.name in ADDED_TO:
                rights = "SELECT, INSERT"
            elif table.name == "trail_head":
                rights = "SELECT, INSERT, UPDATE"
            connection.exec_driver_sql(f"GRANT {rights} ON {table.name} TO {quoted}")
        connection.exec_driver_sql(f"GRANT SELECT ON alembic_version TO {quoted}")
    engine.dispose()


def _run(owner_url: str, what: Callable[[Config], object]) -> None:
    engine = make_engine(owner_url)
    try:
        with engine.connect() as connection:
            config = _config()
            config.attributes["connection"] = connection
            what(config)
    except OperationalError as error:
        raise DatabaseUnavailable(plain_cause(error)) from error
    finally:
        engine.dispose()
