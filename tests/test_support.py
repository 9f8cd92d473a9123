"""The test databases are what they say: migrated, apart from each other, and the application owns nothing."""

from __future__ import annotations

import pytest
import sqlalchemy
from sqlalchemy.exc import ProgrammingError

from tests.support.chromium import Pages
from tests.support.databases import DatabaseUrls
from trim.store import migrate
from trim.store.database import make_engine


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_gets_a_migrated_database_of_its_own(database_urls: DatabaseUrls, time: str) -> None:
    assert migrate.state(database_urls.url) == "current"
    engine = make_engine(database_urls.owner_url)
    with engine.begin() as connection:
        # Fails the second time if the two tests shared a database.
        connection.exec_driver_sql("CREATE TABLE made_by_a_test (id INTEGER)")
    engine.dispose()


def test_a_database_without_tables_says_so(unmigrated_urls: DatabaseUrls) -> None:
    assert migrate.state(unmigrated_urls.url) == "missing"


@pytest.mark.postgresql
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_the_application_owns_no_table(database_urls: DatabaseUrls) -> None:
    engine = make_engine(database_urls.url)
    with engine.connect() as connection:
        owners = set(
            connection.execute(
                sqlalchemy.text("SELECT tableowner FROM pg_tables WHERE schemaname = 'public'")
            ).scalars()
        )
        is_superuser = connection.execute(sqlalchemy.text("SELECT current_setting('is_superuser')")).scalar_one()
    assert owners == {"trim_owner"}
    assert is_superuser == "off"
    with engine.connect() as connection, pytest.raises(ProgrammingError):
        connection.exec_driver_sql("CREATE TABLE mine (id INTEGER)")
    engine.dispose()


@pytest.mark.browser
def test_a_page_is_as_wide_as_asked(page_at: Pages) -> None:
    page = page_at(390, locale="fr-FR")
    page.set_content("<h1>Trim</h1>")
    assert page.evaluate("window.innerWidth") == 390
    assert page.evaluate("navigator.language") == "fr-FR"


@pytest.mark.browser
def test_a_script_error_and_a_foreign_host_are_noticed(page_at: Pages) -> None:
    page = page_at()
    page.route("**/*", lambda route: route.abort())
    page.set_content('<img src="https://pictures.example/a.png"><script>undefinedName()</script>')
    page.wait_for_load_state()
    noticed, page_at.problems = " ".join(page_at.problems), []
    assert "foreign host: https://pictures.example/a.png" in noticed
    assert "script error" in noticed
