"""A case that waits for its first interview, made once a worker on either database and copied for each test.

Import `begun_sqlite`, `begun_postgresql` and `talks` into a conftest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import databases
from tests.support.databases import DatabaseUrls
from tests.support.organisation import make_organisation
from tests.support.postgresql import PostgreSQL
from tests.support.prepared import Prepared
from tests.support.talks import Talks


@dataclass(frozen=True)
class Begun:
    """The organisation to be copied, the reference of the case, and what is copied on PostgreSQL."""

    prepared: Prepared
    ref: str
    database: str = ""


def _begin(urls: DatabaseUrls, folder: Path, database: str = "") -> Begun:
    talks = Talks(make_organisation(urls, folder))
    talks.begin_case()
    talks.organisation.backend.close()
    return Begun(Prepared(talks.organisation, folder), talks.ref, database)


@pytest.fixture(scope="session")
def begun_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """On SQLite: a file to be copied and never opened."""
    folder = tmp_path_factory.mktemp("begun-sqlite")
    begun = _begin(databases.copy_of_sqlite(sqlite_template, folder), folder)
    databases.fold_log(folder / "trim.sqlite3")
    return begun


@pytest.fixture(scope="session")
def begun_postgresql(
    postgresql_server: PostgreSQL, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Begun]:
    """On PostgreSQL: a database to be copied and never opened."""
    folder = tmp_path_factory.mktemp("begun-postgresql")
    with databases.new_postgresql(postgresql_server, "begun", template=postgresql_template) as urls:
        yield _begin(urls, folder, databases.name_in(urls))


@pytest.fixture
def talks(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Talks]:
    """Robin's case with Pat, three days after the event, on both databases in turn."""
    if database_kind == "sqlite":
        begun: Begun = request.getfixturevalue("begun_sqlite")
        urls = databases.copy_of_sqlite(begun.prepared.folder / "trim.sqlite3", tmp_path)
        yield from _copied(begun, urls, tmp_path)
        return
    begun = request.getfixturevalue("begun_postgresql")
    server: PostgreSQL = request.getfixturevalue("postgresql_server")
    with databases.new_postgresql(server, template=begun.database) as urls:
        yield from _copied(begun, urls, tmp_path)


def _copied(begun: Begun, urls: DatabaseUrls, folder: Path) -> Iterator[Talks]:
    organisation = begun.prepared.copy(urls, folder)
    yield Talks(organisation, begun.ref)
    organisation.backend.close()
