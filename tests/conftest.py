"""Fixtures of all tests: a migrated database on either kind, a browser, and the fence around the core."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from tests.support import chromium, databases, postgresql
from tests.support.databases import DatabaseUrls
from tests.support.fence import FENCED, raise_fence
from tests.support.memory import memory_with
from tests.support.missing import missing
from tests.support.postgresql import PostgreSQL
from tests.support.report import LeftOut

if TYPE_CHECKING:
    from tests.support.organisation import Organisation
    from tests.support.prepared import Prepared
    from tests.support.site import Site

TESTS = Path(__file__).parent

#: Folders that run on PostgreSQL in `make test-all`: single pages, and use cases that walks go through on both.
LATER = (
    "web/",
    "usecases/assessment/",
    "usecases/break_glass/",
    "usecases/cases/",
    "usecases/disclosure/",
    "usecases/intake/",
    "usecases/ledger/",
    "usecases/planning/",
    "usecases/undertakings/",
)

# No example database: a run leaves nothing in the checkout. No deadline: two workers share two cores.
settings.register_profile("trim", database=None, deadline=None)
settings.load_profile("trim")

#: Both kinds of database; the mark leaves out PostgreSQL with `-m "not postgresql"`.
BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


#: Bytes that must be free in memory for the folders of tests: an environment of its own in a packaging test is large.
ROOM = 8 * 1024**3


def pytest_configure(config: pytest.Config) -> None:
    """Count what is left out, in the process that reports; folders of tests lie in memory where there is room."""
    # Tests make millions of small things that live as long as a test: looking for cycles among them took a seventh of
    # the time.
    gc.set_threshold(200_000, 20, 20)
    if not hasattr(config, "workerinput"):
        memory = memory_with(ROOM, programs=True)
        if memory is not None:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))
        config.pluginmanager.register(LeftOut(), "trim-left-out")


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses by marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long twice is run on PostgreSQL by `make test-all`, and so are the pages.

    A page speaks no SQL: what it calls (use cases, store, trail, vault) and walks through many pages are tested on both
    kinds of database by `make test`, but for some rooms of use cases whose walks are.
    """
    for item in items:
        if item.get_closest_marker("postgresql") and (
            item.get_closest_marker("large_on_postgresql") or item.path.relative_to(TESTS).as_posix().startswith(LATER)
        ):
            item.add_marker(pytest.mark.large)


@pytest.fixture(autouse=True)
def _fence(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.path.relative_to(TESTS).parts[0] in FENCED:
        raise_fence(monkeypatch)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file of this worker, to be copied and never opened."""
    return databases.make_sqlite_template(tmp_path_factory.mktemp("sqlite-template"))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """A PostgreSQL of this worker, started at its first use; skips loudly (CI: fails) where there is none."""
    try:
        running = postgresql.running()
        server = running.__enter__()
    except postgresql.ServerMissing as error:
        missing(str(error), "Run `make setup`, or set TRIM_TEST_POSTGRESQL=postgresql://superuser@host/postgres.")
    try:
        yield server
    finally:
        running.__exit__(None, None, None)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: PostgreSQL) -> Iterator[str]:
    """The name of a migrated PostgreSQL database of this worker, to be copied and never opened."""
    with databases.postgresql_template(postgresql_server) as name:
        yield name


@pytest.fixture(params=BOTH)
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite` and `postgresql` in turn: whatever asks for it runs on both."""
    return str(request.param)


@pytest.fixture
def database_urls(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DatabaseUrls]:
    """A migrated, empty database of this test's own, on SQLite and on PostgreSQL in turn."""
    if database_kind == "sqlite":
        yield databases.copy_of_sqlite(request.getfixturevalue("sqlite_template"), tmp_path / "instance")
        return
    server: PostgreSQL = request.getfixturevalue("postgresql_server")
    template: str = request.getfixturevalue("postgresql_template")
    with databases.new_postgresql(server, template=template) as urls:
        yield urls


@pytest.fixture
def sqlite_urls(sqlite_template: Path, tmp_path: Path) -> DatabaseUrls:
    """A migrated, empty SQLite database of this test's own, for what cannot differ between the two."""
    return databases.copy_of_sqlite(sqlite_template, tmp_path / "instance")


@pytest.fixture(scope="session")
def prepared_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The small organisation on SQLite, to be copied."""
    # Imported here and below: tests of the core need neither Flask nor a page.
    from tests.support import prepared

    return prepared.prepare_sqlite(sqlite_template, tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="session")
def prepared_postgresql(
    postgresql_server: PostgreSQL, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Prepared]]:
    """The small organisation on PostgreSQL, to be copied."""
    from tests.support import prepared

    folder = tmp_path_factory.mktemp("prepared")
    with prepared.prepared_postgresql(postgresql_server, postgresql_template, folder) as made:
        yield made


@pytest.fixture
def organisation(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Organisation]:
    """The small organisation (`tests.support.organisation`) of this test's own, on both databases in turn."""
    if database_kind == "sqlite":
        prepared: Prepared = request.getfixturevalue("prepared_sqlite")
        urls = databases.copy_of_sqlite(prepared.folder / "trim.sqlite3", tmp_path / "instance")
        made = prepared.copy(urls, tmp_path)
        yield made
        made.backend.close()
        return
    template, prepared = request.getfixturevalue("prepared_postgresql")
    with databases.new_postgresql(request.getfixturevalue("postgresql_server"), template=template) as urls:
        made = prepared.copy(urls, tmp_path)
        yield made
        made.backend.close()


@pytest.fixture
def site(organisation: Organisation) -> Site:
    """The application over the small organisation, on both databases in turn."""
    from tests.support.site import Site

    return Site(organisation)


@pytest.fixture
def unmigrated_urls(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DatabaseUrls]:
    """A database without any table, on SQLite and on PostgreSQL in turn: for tests of the migrations."""
    if database_kind == "sqlite":
        address = f"sqlite:///{tmp_path / 'trim.sqlite3'}"
        yield DatabaseUrls(url=address, owner_url=address)
        return
    server: PostgreSQL = request.getfixturevalue("postgresql_server")
    with databases.new_postgresql(server) as urls:
        yield urls


@pytest.fixture(scope="session")
def pango() -> None:
    """What makes PDFs; skips loudly (CI: fails) where the system lacks it."""
    try:
        import weasyprint  # noqa: F401
    except OSError:
        missing(
            "Pango, which makes PDFs, is not installed", "Run `make setup`, or `trim doctor` to see what to install."
        )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of this worker; skips loudly (CI: fails) where none is installed. Mark such tests `browser`."""
    try:
        running = chromium.running()
        opened = running.__enter__()
    except chromium.BrowserMissing as error:
        missing(str(error), "Install Debian's package chromium, or set TRIM_TEST_CHROMIUM to the path of one.")
    try:
        yield opened
    finally:
        running.__exit__(None, None, None)


@pytest.fixture
def page_at(browser: Browser) -> Iterator[chromium.Pages]:
    """`page_at(390)` opens a page that wide in its own session; script errors and foreign hosts fail the test."""
    pages = chromium.Pages(browser)
    yield pages
    pages.close()
    assert not pages.problems, pages.problems


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer's own settings never decide a test."""
    for name in os.environ:
        if name == "PORT" or (name.startswith("TRIM_") and not name.startswith("TRIM_TEST_")):
            monkeypatch.delenv(name)
