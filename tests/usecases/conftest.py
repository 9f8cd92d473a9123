"""The small organisation with people who act in it, on both databases."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.support import databases
from tests.support.organisation import Organisation
from tests.support.story import Story


@pytest.fixture
def story(organisation: Organisation) -> Story:
    return Story(organisation)


@pytest.fixture
def fresh(database_kind: str, request: pytest.FixtureRequest) -> Callable[[], AbstractContextManager[Organisation]]:
    """Hands out the small organisation on a database of its own, as often as it is asked: for each of many examples."""

    @contextmanager
    def on_sqlite() -> Iterator[Organisation]:
        prepared = request.getfixturevalue("prepared_sqlite")
        with tempfile.TemporaryDirectory() as name:
            made = prepared.copy(databases.copy_of_sqlite(prepared.folder / "trim.sqlite3", Path(name)), Path(name))
            yield made
            made.backend.close()

    @contextmanager
    def on_postgresql() -> Iterator[Organisation]:
        template, prepared = request.getfixturevalue("prepared_postgresql")
        server = request.getfixturevalue("postgresql_server")
        with tempfile.TemporaryDirectory() as name, databases.new_postgresql(server, template=template) as urls:
            made = prepared.copy(urls, Path(name))
            yield made
            made.backend.close()

    return on_sqlite if database_kind == "sqlite" else on_postgresql
