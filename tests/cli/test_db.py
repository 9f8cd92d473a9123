"""`trim db` says how the tables stand and never touches those of a newer version."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner, Result

from tests.support.databases import DatabaseUrls
from trim.cli.db import readable
from trim.cli.main import main


def run(*arguments: str, instance: Path, urls: DatabaseUrls | None = None) -> Result:
    environ = {"TRIM_INSTANCE": str(instance)}
    if urls is not None:
        environ |= {"TRIM_DATABASE_URL": urls.url, "TRIM_DATABASE_OWNER_URL": urls.owner_url}
    return CliRunner(env=environ).invoke(main, ["db", *arguments])


def make_newer(instance: Path) -> None:
    with closing(sqlite3.connect(instance / "trim.sqlite3")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def test_an_empty_database_is_brought_to_this_version(unmigrated_urls: DatabaseUrls, tmp_path: Path) -> None:
    before = run("state", instance=tmp_path, urls=unmigrated_urls)
    assert before.exit_code == 1
    assert "no tables yet" in before.stdout
    assert "trim init" in before.stderr
    assert run("upgrade", instance=tmp_path, urls=unmigrated_urls).exit_code == 0
    after = run("state", "--json", instance=tmp_path, urls=unmigrated_urls)
    assert after.exit_code == 0
    assert json.loads(after.stdout)["state"] == "current"
    assert run("upgrade", instance=tmp_path, urls=unmigrated_urls).exit_code == 0


def test_tables_of_a_newer_version_are_left_alone(tmp_path: Path) -> None:
    run("upgrade", instance=tmp_path)
    make_newer(tmp_path)
    before = (tmp_path / "trim.sqlite3").read_bytes()
    for arguments in (["db", "upgrade"], ["db", "state"], ["serve"]):
        result = CliRunner(env={"TRIM_INSTANCE": str(tmp_path)}).invoke(main, arguments)
        assert result.exit_code == 1
        assert "newer version of Trim" in result.output
    assert (tmp_path / "trim.sqlite3").read_bytes() == before


def test_asking_makes_no_file(tmp_path: Path) -> None:
    assert run("state", instance=tmp_path / "nowhere").exit_code == 1
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_is_no_database_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "trim.sqlite3").write_text("This is a letter, not a database. " * 100)
    result = run("state", instance=tmp_path)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.output


def test_an_address_is_readable_without_its_password() -> None:
    assert readable("sqlite:////srv/trim/trim.sqlite3") == "/srv/trim/trim.sqlite3"
    assert readable("postgresql+psycopg://app:secret@db.example:5432/trim?host=/run") == "app@db.example:5432/trim"
    assert readable("postgresql+psycopg:///trim") == "/trim"
