"""`trim audit`: seal, export and check a real organisation's trail, the checker on its own included."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from tests.support.organisation import MONDAY, SETUP, make_organisation
from tests.support.story import Story
from trim.audit.witness import Witness, WitnessUnavailable
from trim.cli.main import main
from trim.usecases.opening import open_backend


@pytest.fixture
def instance(database_urls, tmp_path, monkeypatch):
    made = make_organisation(database_urls, tmp_path)
    Story(made).supported_case()
    made.backend.close()
    monkeypatch.setenv("TRIM_INSTANCE", str(tmp_path))
    monkeypatch.setenv("TRIM_DATABASE_URL", database_urls.url)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, ["audit", *map(str, arguments)])


def test_seal_export_and_verify(instance):
    made = run("checkpoint")
    assert made.exit_code == 0, made.output
    assert "Checkpoint 1, fingerprint" in made.output
    export, key = instance / "trail.txt", instance / "trail.pub"
    assert run("export", export).exit_code == 0
    key.write_text(run("public-key").output)
    checked = run("verify", export, "--public-key", key, "--anchors", instance / "anchors", "--columns")
    assert checked.exit_code == 0, checked.output
    assert checked.output.endswith("The trail is whole.\n")

    export.write_bytes(export.read_bytes().replace(b"case.make_offer", b"case.make_0ffer", 1))
    broken = run("verify", export, "--public-key", key, "--json")
    assert broken.exit_code == 1
    assert json.loads(broken.output)["findings"][0]["kind"] == "changed"


def test_the_checker_stands_alone(instance):
    """Another machine has the export, the public key and this one module: no Flask, no SQL, no rest of Trim."""
    run("checkpoint")
    export, key = instance / "trail.txt", instance / "trail.pub"
    run("export", export)
    key.write_text(run("public-key").output)
    script = (
        "import sys, trim.audit.verify as v; code = v.main(sys.argv[1:]); "
        "heavy = {'flask', 'sqlalchemy', 'sqlmodel', 'transitions'} & set(sys.modules); "
        "assert not heavy, heavy; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(export), "--public-key", str(key)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_openssl_checks_a_signature_as_the_documents_show(instance):
    run("checkpoint")
    (instance / "trail.pub").write_text(run("public-key").output)
    anchor = instance / "anchors" / "checkpoint-000001.txt"
    done = subprocess.run(
        [
            "openssl",
            "pkeyutl",
            "-verify",
            "-pubin",
            "-inkey",
            str(instance / "trail.pub"),
            "-rawin",
            "-in",
            str(anchor),
            "-sigfile",
            str(anchor.with_suffix(".sig")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_anchor_of_another_history_stops_the_command(instance):
    (instance / "anchors").mkdir()
    (instance / "anchors" / "checkpoint-000001.txt").write_text("of another database")
    made = run("checkpoint")
    assert made.exit_code == 1
    assert "older copy" in made.output


def test_a_missing_key_or_a_wrong_one_is_one_line(instance):
    run("export", instance / "trail.txt")
    (instance / "no.pub").write_text("no key")
    done = run("verify", instance / "trail.txt", "--public-key", instance / "no.pub")
    assert done.exit_code == 1
    assert "could not be checked" in done.output


def test_the_witness_notes_every_head_and_verifies(instance, database_urls):
    witness = instance / "witness" / "heads.log"
    backend = open_backend(database_urls.url, instance / "keys", witness=witness)
    with backend.writing() as uow:
        uow.record(SETUP, MONDAY, "job.done", chain="organisation", subject="job:test")
    backend.close()
    lines = witness.read_text().splitlines()
    assert len(lines) == 1
    assert "\torganisation\t" in lines[0]
    run("checkpoint")
    run("export", instance / "trail.txt")
    (instance / "trail.pub").write_text(run("public-key").output)
    done = run("verify", instance / "trail.txt", "--public-key", instance / "trail.pub", "--witness", witness)
    assert done.exit_code == 0, done.output


def test_nothing_is_changed_while_the_witness_is_away(instance, database_urls):
    (instance / "no-folder").write_text("a file where the folder should be")
    backend = open_backend(database_urls.url, instance / "keys", witness=instance / "no-folder" / "heads.log")
    with pytest.raises(WitnessUnavailable, match="Nothing was changed"), backend.writing():
        raise AssertionError("the unit of work must not begin")
    backend.close()


def test_a_witness_that_fails_afterwards_says_that_the_change_is_kept(tmp_path):
    witness = Witness(tmp_path / "folder")
    (tmp_path / "folder").mkdir()
    with pytest.raises(WitnessUnavailable, match="kept, but not witnessed"):
        witness.note([(MONDAY, "case:1", 1, "h")])
    witness.note([])
