"""A database that is older than what left it is noticed before it is served."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from tests.support.organisation import make_organisation
from tests.support.trail import lines
from trim.audit.anchors import newest_number, write_anchor
from trim.audit.checkpoint import Sealed
from trim.audit.freshness import freshness, seen_by_witness
from trim.cli import serve
from trim.cli.main import main
from trim.usecases.opening import open_backend


def set_up(urls, folder, monkeypatch):
    made = make_organisation(urls, folder)
    made.backend.close()
    monkeypatch.setenv("TRIM_INSTANCE", str(folder))
    monkeypatch.setenv("TRIM_DATABASE_URL", urls.url)
    monkeypatch.setattr(serve, "_serve", lambda *_: None)


@pytest.fixture
def instance(database_urls, tmp_path, monkeypatch):
    set_up(database_urls, tmp_path, monkeypatch)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


def trail_finding():
    return next(one for one in json.loads(run("doctor", "--json").stdout) if one["name"] == "Trail")


def accepted_lines(urls, instance):
    backend = open_backend(urls.url, instance / "keys")
    with backend.reading() as uow:
        found = [line for line in lines(uow.session, "organisation") if line["what"] == "trail.older_accepted"]
    backend.close()
    return found


def test_a_database_that_fits_is_served(instance):
    assert run("serve").exit_code == 0
    assert "not sealed yet" in trail_finding()["found"]
    run("audit", "checkpoint")
    assert run("serve").exit_code == 0
    finding = trail_finding()
    assert finding["ok"]
    assert "sealed by checkpoint 1" in finding["found"]


def test_a_restored_older_database_is_not_served_unless_asked_for(instance, database_urls):
    """The anchors know of a checkpoint that this database has lost."""
    run("audit", "checkpoint")
    write_anchor(instance / "anchors", Sealed(2, "{}", "AA=="))
    refused = run("serve")
    assert refused.exit_code == 1
    assert "it ends with checkpoint 1, and checkpoint 2 was sent out" in refused.stderr
    assert "--accept-older-database" in refused.stderr
    assert accepted_lines(database_urls, instance) == []
    finding = trail_finding()
    assert not finding["ok"]
    assert "ask your auditor" in finding["cure"]

    accepted = run("serve", "--accept-older-database")
    assert accepted.exit_code == 0, accepted.output
    assert "WARNING" in accepted.stderr
    [line] = accepted_lines(database_urls, instance)
    assert line["codes"] == {"anchor": 2, "checkpoint": 1, "contradicted": False, "chains_behind": 0}


def test_another_history_is_noticed(instance):
    run("audit", "checkpoint")
    anchor = instance / "anchors" / "checkpoint-000001.txt"
    anchor.unlink()
    anchor.write_text("{}")
    assert "is not the one that was sent out" in run("serve").stderr


def test_the_witness_notices_what_no_checkpoint_covered(instance, database_urls, monkeypatch):
    witness = instance / "heads.log"
    monkeypatch.setenv("TRIM_WITNESS", str(witness))
    run("audit", "checkpoint")
    assert run("serve").exit_code == 0
    with witness.open("a") as file:
        file.write(f"2026-03-02T09:00:00+00:00\torganisation\t900\t{'a' * 64}\n")
        file.write(f"2026-03-02T09:00:00+00:00\tcase:lost\t1\t{'a' * 64}\n")
        file.write("2026-03-02T09:00:00+00:00\tcase:half")
    refused = run("serve")
    assert refused.exit_code == 1
    assert "the witness saw entries of 2 chains that are not here" in refused.stderr
    assert not trail_finding()["ok"]


def test_last_weeks_file_put_back(sqlite_urls, tmp_path, monkeypatch):
    """The whole story on a SQLite file: copied, worked on, put back."""
    set_up(sqlite_urls, tmp_path, monkeypatch)
    monkeypatch.setenv("TRIM_WITNESS", str(tmp_path / "heads.log"))
    run("audit", "checkpoint")
    last_week = tmp_path / "last-week.sqlite3"
    path = sqlite_urls.url.removeprefix("sqlite:///")
    shutil.copyfile(path, last_week)
    run("audit", "checkpoint")
    assert run("serve").exit_code == 0
    shutil.copyfile(last_week, path)
    refused = run("serve")
    assert "checkpoint 2 was sent out" in refused.stderr
    assert "the witness saw" in refused.stderr


def test_only_the_end_of_a_long_witness_is_read(instance, database_urls, tmp_path):
    witness = tmp_path / "long.log"
    with witness.open("w") as file:
        file.writelines(f"2026-03-02T09:00:00+00:00\tcase:{number}\t1\t{'a' * 64}\n" for number in range(3_000))
    seen = seen_by_witness(witness)
    assert 100 < len(seen) < 1_000
    assert "case:2999" in seen
    assert seen_by_witness(None) == seen_by_witness(tmp_path / "none.log") == {}


def test_an_entry_of_the_witness_that_was_rewritten_is_noticed(instance, database_urls):
    backend = open_backend(database_urls.url, instance / "keys")
    with backend.reading() as uow:
        first = lines(uow.session, "organisation")[1]["prev"]
        anchors = instance / "anchors"
        assert not freshness(uow.session, anchors, {"organisation": (1, first)}).is_older
        assert freshness(uow.session, anchors, {"organisation": (1, "f" * 64)}).behind == ("organisation",)
    backend.close()


def test_stray_files_among_the_anchors_are_passed_over(tmp_path):
    (tmp_path / "checkpoint-notes.txt").touch()
    (tmp_path / "checkpoint-000007.txt").touch()
    assert newest_number(tmp_path) == 7
