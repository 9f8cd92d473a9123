"""A case that waits for its first interview, made once a worker on either database and copied for each test.

Import `begun_sqlite`, `begun_postgresql` and `talks` into a conftest.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.support import databases
from tests.support.databases import DatabaseUrls
from tests.support.organisation import Organisation, make_organisation
from tests.support.postgresql import PostgreSQL
from tests.support.talks import Talks
from trim.usecases.opening import open_backend


@dataclass(frozen=True)
class Begun:
    """Where the made database lies (a file, or the name of a PostgreSQL database), its keys, and who is in it."""

    place: Any
    keys: Path
    organisation: Organisation
    ref: str


def _begin(urls: DatabaseUrls, folder: Path, place: Any) -> Begun:
    talks = Talks(make_organisation(urls, folder))
    talks.begin_case()
    talks.organisation.backend.close()
    return Begun(place, folder / "keys", talks.organisation, talks.ref)


@pytest.fixture(scope="session")
def begun_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """On SQLite: a file to be copied and never opened."""
    folder = tmp_path_factory.mktemp("begun-sqlite")
    begun = _begin(databases.copy_of_sqlite(sqlite_template, folder), folder, folder / "trim.sqlite3")
    databases.fold_log(begun.place)
    return begun


@pytest.fixture(scope="session")
def begun_postgresql(
    postgresql_server: PostgreSQL, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Begun]:
    """On PostgreSQL: a database to be copied and never opened."""
    folder = tmp_path_factory.mktemp("begun-postgresql")
    with databases.new_postgresql(postgresql_server, "begun", template=postgresql_template) as urls:
        yield _begin(urls, folder, databases.name_in(urls))


@contextmanager
def copied(begun: Begun, urls: DatabaseUrls, folder: Path) -> Iterator[Talks]:
    """The story over a copy of its database, in a folder of its own."""
    shutil.copytree(begun.keys, folder / "keys", dirs_exist_ok=True)
    backend = open_backend(urls.url, folder / "keys", owner_url=urls.owner_url)
    made = begun.organisation
    mine = replace(
        made,
        backend=backend,
        folder=folder,
        units=dict(made.units),
        people=dict(made.people),
        accounts=dict(made.accounts),
    )
    try:
        yield Talks(mine, begun.ref)
    finally:
        backend.close()


@pytest.fixture
def talks(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Talks]:
    """Robin's case with Pat, three days after the event, on both databases in turn."""
    if database_kind == "sqlite":
        begun: Begun = request.getfixturevalue("begun_sqlite")
        with copied(begun, databases.copy_of_sqlite(begun.place, tmp_path), tmp_path) as told:
            yield told
        return
    begun = request.getfixturevalue("begun_postgresql")
    server: PostgreSQL = request.getfixturevalue("postgresql_server")
    with databases.new_postgresql(server, template=begun.place) as urls, copied(begun, urls, tmp_path) as told:
        yield told
