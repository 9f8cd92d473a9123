"""`trim audit`: seal, export and check a real organisation's trail, the checker on its own included."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from tests.support.mail_server import mail_server
from tests.support.organisation import MONDAY, SETUP
from tests.support.story import Story
from tests.support.trail import lines
from trim.audit.checkpoint import Sealed
from trim.audit.witness import Witness, WitnessUnavailable
from trim.cli.main import main
from trim.domain.organisation import Organisation
from trim.usecases.opening import open_backend
from trim.usecases.oversight.auditors import checkpoint_mail


@pytest.fixture
def instance(organisation, tmp_path, monkeypatch):
    made, database_urls = organisation, organisation.urls
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
        "import sys, trim.audit.check_proof, trim.audit.verify as v; code = v.main(sys.argv[1:]); "
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


def test_the_witness_notes_every_head_and_verifies(instance, organisation):
    witness = instance / "witness" / "heads.log"
    backend = open_backend(organisation.urls.url, instance / "keys", witness=witness)
    with backend.writing() as uow:
        uow.record(SETUP, MONDAY, "job.done", chain="organisation", subject="job:test")
    backend.close()
    noted = witness.read_text().splitlines()
    assert len(noted) == 1
    assert "\torganisation\t" in noted[0]
    run("checkpoint")
    run("export", instance / "trail.txt")
    (instance / "trail.pub").write_text(run("public-key").output)
    done = run("verify", instance / "trail.txt", "--public-key", instance / "trail.pub", "--witness", witness)
    assert done.exit_code == 0, done.output


def test_nothing_is_changed_while_the_witness_is_away(instance, organisation):
    (instance / "no-folder").write_text("a file where the folder should be")
    backend = open_backend(organisation.urls.url, instance / "keys", witness=instance / "no-folder" / "heads.log")
    with pytest.raises(WitnessUnavailable, match="Nothing was changed"), backend.writing():
        raise AssertionError("the unit of work must not begin")
    backend.close()


def test_a_witness_that_fails_afterwards_says_that_the_change_is_kept(tmp_path):
    witness = Witness(tmp_path / "folder")
    (tmp_path / "folder").mkdir()
    with pytest.raises(WitnessUnavailable, match="kept, but not witnessed"):
        witness.note([(MONDAY, "case:1", 1, "h")])
    witness.note([])


def test_proofs_are_made_noted_and_checked(instance, organisation):
    run("checkpoint")
    entry, growth, key = instance / "entry.proof", instance / "growth.proof", instance / "trail.pub"
    key.write_text(run("public-key").output)
    made = run("prove", "organisation", 2, entry)
    assert made.exit_code == 0, made.output
    assert "under checkpoint 1" in made.output
    run("checkpoint")
    assert run("prove-growth", 1, 2, growth).exit_code == 0
    for proof in (entry, growth):
        done = run("check-proof", proof, "--public-key", key, "--anchors", instance / "anchors")
        assert done.exit_code == 0, done.output
        assert done.output.endswith("Proven.\n")
    backend = open_backend(organisation.urls.url, instance / "keys")
    with backend.reading() as uow:
        said = [line["what"] for line in lines(uow.session, "organisation")][-4:]
    backend.close()
    assert said == ["trail.checkpoint", "trail.entry_proved", "trail.checkpoint", "trail.growth_proved"]

    entry.write_bytes(entry.read_bytes()[:-1])
    broken = run("check-proof", entry, "--public-key", key, "--json")
    assert broken.exit_code == 1
    assert json.loads(broken.output)["reason"] == "the file is cut"
    assert "could not be checked" in run("check-proof", entry, "--public-key", entry).output
    missing = run("prove", "organisation", 9999, instance / "none.proof")
    assert missing.exit_code == 1
    assert "There is no entry 9999" in missing.output
    assert not (instance / "none.proof").exists()
    assert list(instance.glob(".*.part")) == []


def test_an_export_is_itself_in_the_trail(instance):
    run("export", instance / "trail.txt")
    assert b'"what":"trail.exported"' in (instance / "trail.txt").read_bytes()


def test_a_checkpoint_is_mailed_to_the_auditors(instance, monkeypatch):
    assert "mailed to nobody" in run("checkpoint").output
    refused = run("mail-to", "nobody at home")
    assert refused.exit_code == 1
    assert "not a mail address" in refused.output
    assert run("mail-to", "auditor@example.org", "council@example.org").exit_code == 0
    with mail_server(instance) as server:
        monkeypatch.setenv("TRIM_SMTP_URL", server.url())
        made = run("checkpoint", "--json")
        assert made.exit_code == 0, made.output
        assert json.loads(made.output)["mailed_to"] == ["auditor@example.org", "council@example.org"]
        [message] = server.mails
    sent = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    anchors = instance / "anchors"
    assert sent == {name: (anchors / name).read_bytes() for name in ("checkpoint-000002.txt", "checkpoint-000002.sig")}
    assert message["From"] == "trim@127.0.0.1"
    assert message["Subject"].startswith("Harbour Service: checkpoint 2, ")
    assert json.loads(made.output)["fingerprint"] in message.get_body().get_content()

    gone = run("checkpoint")
    assert gone.exit_code == 1
    assert "Checkpoint 3 is made. The mail server 127.0.0.1 did not take it" in gone.output
    assert (anchors / "checkpoint-000003.txt").exists()
    monkeypatch.delenv("TRIM_SMTP_URL")
    assert "Checkpoint 3, fingerprint" in run("send").output
    assert run("send", 1).exit_code == 0
    assert len(list((instance / "mail").glob("*.eml"))) == 2
    assert run("send", 9).exit_code == 1
    assert "mailed to nobody" in run("mail-to").output


def test_a_folder_that_cannot_be_written_does_not_stop_the_mail(instance, monkeypatch):
    (instance / "file").touch()
    monkeypatch.setenv("TRIM_ANCHORS", str(instance / "file" / "anchors"))
    run("mail-to", "auditor@example.org")
    made = run("checkpoint")
    assert made.exit_code == 1
    assert "could not be copied" in made.output
    assert "run `trim audit send 1`" in made.output
    assert len(list((instance / "mail").glob("*.eml"))) == 1


def test_a_mail_of_a_demonstration_says_so():
    sealed = Sealed(1, "{}", "AA==")
    assert checkpoint_mail(Organisation(), sealed) is None
    mail = checkpoint_mail(Organisation(demonstration=True, auditors_addresses=("a@example.org",)), sealed)
    assert mail.subject.startswith("[Demonstration] ")


def test_what_is_worth_a_look_can_be_set(instance):
    shown = run("watch")
    assert "many-cases      20" in shown.output
    done = run("watch", "--many-cases", 30, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["many_cases"] == 30
    assert "many-cases      30" in run("watch").output
    assert run("watch", "--night-from", 24).exit_code == 2
