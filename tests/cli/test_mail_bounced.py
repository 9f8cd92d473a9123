"""`trim mail bounced`, as the pipe of a mail server calls it: what comes back is noted, anything else refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.bounces import about, report
from tests.support.databases import copy_of_sqlite
from tests.support.organisation import Organisation, make_organisation
from tests.support.posting import TestPost, outbox, sends, tells
from tests.support.processes import clean_environment
from trim.cli.main import main
from trim.store.database import DatabaseUnavailable
from trim.usecases.delivery import bounced as use_case

ROOT = Path(__file__).parents[2]
SAID = "Robin Ashe was there"


@pytest.fixture
def instance(sqlite_template: Path, tmp_path: Path) -> Organisation:
    """An instance with one mail that has left."""
    folder = tmp_path / "instance"
    made = make_organisation(copy_of_sqlite(sqlite_template, folder), folder)
    tells(made, "Carol", "escalation")
    sends(made, TestPost())
    return made


def hands_over(made: Organisation, raw: bytes) -> Result:
    return CliRunner(env={"TRIM_INSTANCE": str(made.folder)}).invoke(main, ["mail", "bounced"], input=raw)


def sent_id(made: Organisation) -> str:
    [notice] = outbox(made)
    assert notice.message_id is not None
    return notice.message_id


def test_what_came_back_is_noted_once(instance: Organisation) -> None:
    raw = report(sent_id(instance))
    answer = hands_over(instance, raw)
    assert answer.exit_code == 0, answer.output
    assert answer.output == "Not delivered (5.1.1): 1.\n"
    [notice] = outbox(instance)
    assert (notice.state, notice.failed_because) == ("failed", "bounced")
    again = hands_over(instance, raw)
    assert (again.exit_code, again.output) == (0, "That was known. Nothing was changed.\n")


def test_a_server_that_still_tries_changes_nothing(instance: Organisation) -> None:
    answer = hands_over(instance, report(sent_id(instance), about("delayed", "4.4.1")))
    assert (answer.exit_code, answer.output) == (
        0,
        "The mail is still under way, or reached somebody. Nothing was changed.\n",
    )
    assert outbox(instance)[0].state == "sent"


@pytest.mark.parametrize(
    ("raw", "cause"),
    [
        (f"From: pat@example.org\nSubject: Re\n\n{SAID}".encode(), "no report about a mail"),
        (report("0" * 32), "none of this installation"),
        (report(f"{SAID}@"), "none of this installation"),
        (b"Content-Type: multipart/mixed; boundary=x\n" * 40, "more parts"),
        (bytes(600 * 1024), "longer than 512 kB"),
        (b"", "no report about a mail"),
    ],
)
def test_anything_else_is_refused_with_its_cause_and_without_its_content(
    instance: Organisation, raw: bytes, cause: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(0):
        answer = hands_over(instance, raw)
    assert answer.exit_code == 1
    assert cause in answer.stderr
    assert answer.stdout == ""
    assert SAID not in answer.output + caplog.text
    assert "0" * 32 not in answer.output + caplog.text
    assert outbox(instance)[0].state == "sent"


def test_while_the_database_is_away_the_server_is_to_try_again(
    instance: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> int:
        raise DatabaseUnavailable("The database is locked.")

    monkeypatch.setattr(use_case, "note_bounce", away)
    answer = hands_over(instance, report(sent_id(instance)))
    assert answer.exit_code == 75
    assert "locked" in answer.stderr


@pytest.mark.large
def test_the_script_for_the_pipe_reads_the_settings_as_they_stand(instance: Organisation, tmp_path: Path) -> None:
    """A password with signs that a shell would act on is neither run nor changed."""
    ran = tmp_path / "ran"
    settings = tmp_path / "trim.env"
    settings.write_text(
        f"# settings\nTRIM_INSTANCE={instance.folder}\n"
        f"TRIM_SMTP_URL=smtps://trim:$(touch ran)&`touch ran`@mail.example.org\nPATH=/nowhere\nTRIM_TICK_SECONDS=60"
    )
    program = tmp_path / "trim"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m trim.cli.main "$@"\n')
    program.chmod(0o700)
    environ = clean_environment(
        tmp_path / "home", TRIM_ENV_FILE=str(settings), TRIM_PROGRAM=str(program), PYTHONPATH=str(ROOT)
    )
    script = ROOT / "deploy" / "trim-bounced"
    assert os.access(script, os.X_OK)
    done = subprocess.run(
        [script], input=report(sent_id(instance)), env=environ, cwd=tmp_path, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == b"Not delivered (5.1.1): 1.\n"
    assert not ran.exists()
    environ["TRIM_ENV_FILE"] = str(tmp_path / "none")
    away = subprocess.run([script], input=b"", env=environ, cwd=tmp_path, capture_output=True, timeout=60)
    assert away.returncode == 75
