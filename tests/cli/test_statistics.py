"""`trim statistics`: a period published with its files, attacked by command, refused with cause and cure."""

from __future__ import annotations

import io
import json
import signal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from tests.support.asking import asks, stands
from tests.support.databases import DatabaseUrls
from tests.support.organisation import Organisation, make_organisation
from tests.support.trail import lines
from tests.usecases.statistics.test_releasing import fill
from trim.cli.main import main
from trim.settings import Settings
from trim.statistics.model_json import from_json, to_json


@pytest.fixture
def instance(sqlite_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> Organisation:
    """An instance as commands find it, with two quarters of facts."""
    path = Path(sqlite_urls.url.removeprefix("sqlite:///"))
    monkeypatch.setenv("TRIM_INSTANCE", str(path.parent))
    monkeypatch.setenv("TRIM_DATABASE_URL", sqlite_urls.url)
    settings = Settings.from_environment()
    made = make_organisation(sqlite_urls, settings.keys_dir.parent)
    fill(made, "2025-Q1", "2025-Q2")
    return made


def trim(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["statistics", *arguments])


def test_a_quarter_is_published_with_its_files_and_can_be_attacked(instance: Organisation, tmp_path: Path) -> None:
    out = tmp_path / "figures"
    done = trim("release", "--from", "2025-01", "--to", "2025-03", "--out", str(out), "--language", "fr", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["release"], told["from"], told["to"]) == (1, "2025-Q1", "2025-Q1")
    names = {one.name for one in out.iterdir()}
    assert names == set(told["files"])
    assert names == {
        "release-1.json",
        "attack-1.json",
        "statistics-1.csv",
        "statistics-1.xlsx",
        "statistics-1.pdf",
        "definitions-1.csv",
    }
    body = (out / "release-1.json").read_bytes()
    assert to_json(from_json(body)) == body
    book = openpyxl.load_workbook(io.BytesIO((out / "statistics-1.xlsx").read_bytes()))
    assert {row[0].value: row[1].value for row in book.worksheets[0].iter_rows()}["Remis à"] == "statistics"
    assert PdfReader(out / "statistics-1.pdf").trailer["/Root"]["/Lang"] == "fr"
    attacked = trim("attack", str(out), "--json")
    assert attacked.exit_code == 0, attacked.output
    assert json.loads(attacked.stdout)["safe"]
    with instance.backend.reading() as uow:
        assert "statistics.exported" in {one["what"] for one in lines(uow.session, "account:system:statistics")}
    again = trim("release", "--from", "2025-01", "--to", "2025-03")
    assert again.exit_code == 1
    assert "was published as release 1" in again.stderr
    nothing = trim("correct", "1", "--cause", "late_facts")
    assert nothing.exit_code == 1
    assert "no correction is needed" in nothing.stderr


def test_what_was_asked_for_on_a_page_is_made_by_command(instance: Organisation) -> None:
    nothing = trim("make")
    assert nothing.exit_code == 0, nothing.output
    assert nothing.stdout == "0 published, 0 refused, 0 put off.\n"
    request_id = asks(instance)
    handlers = [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)]
    done = trim("make", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"published": 1, "refused": 0, "asked": 0}
    assert stands(instance, request_id, "state", "release_number") == ("published", 1)
    assert [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)] == handlers


def test_an_exposed_release_ends_with_status_1(tmp_path: Path) -> None:
    """One cell hidden in a row whose total is shown can be worked out by anybody."""
    from tests.support.released import chain

    said = json.loads(to_json(chain("2025-Q1")[0].release))
    [table] = [one for one in said["tables"] if one["name"] == "changes"]
    for cell in table["cells"]:
        cell.update(value=11 if cell["key"] != ["Total"] else 55, status="shown")
    table["cells"][1].update(value=None, status="suppressed")
    table["cells"][0]["value"] = 11 * (len(table["cells"]) - 2) + 4
    (tmp_path / "release-1.json").write_text(json.dumps(said))
    done = trim("attack", str(tmp_path))
    assert done.exit_code == 1
    assert "can be computed exactly" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (("release", "--from", "2025-02", "--to", "2025-03"), "is not a quarter"),
        (("release", "--from", "2025", "--to", "2025-03"), "is not a quarter"),
        (("release", "--from", "2031-01", "--to", "2031-03"), "is not over"),
        (("attack", "."), "no release-*.json"),
    ],
)
def test_what_cannot_be_done_says_why(
    instance: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], cause: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = trim(*arguments)
    assert done.exit_code == 1
    assert cause in done.stderr


def test_tables_and_facts_show_numbers(instance: Organisation) -> None:
    tables = json.loads(trim("tables", "--json").stdout)
    assert 1 <= len(tables) <= 12
    assert all(one["cells"] >= 1 and one["definition"] for one in tables)
    moved = json.loads(trim("facts", "--json").stdout)
    assert set(moved) == {"moved", "waiting"}
    assert "cases and" in trim("facts", "--rebuild").stdout


def test_head_counts_are_imported(instance: Organisation, tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("unit,quarter,people\nNorth,2025-Q1,120\n")
    done = CliRunner().invoke(main, ["import", "headcounts", str(file), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"changed": 1, "same": 0}
    file.write_text("unit,people\nNorth,120\n")
    wrong = CliRunner().invoke(main, ["import", "headcounts", str(file)])
    assert wrong.exit_code == 1
    assert "no column quarter" in wrong.stderr


def test_every_command_has_help_with_an_example() -> None:
    for name in ("release", "correct", "make", "attack", "tables", "facts"):
        assert "Example:" in trim(name, "--help").stdout
