"""`trim mail` and what the doctor says of mails: every failure with its cause and its cure."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.databases import copy_of_sqlite
from tests.support.mail_server import mail_server
from tests.support.organisation import Organisation, make_organisation
from tests.support.pager_service import pager_service
from tests.support.posting import TestPost, call_of, is_away, sends, tells
from trim.cli.main import main
from trim.delivery.pager import WebhookPager

SECRET = "tide-table-of-the-north-harbour-0123"


def run(*words: str, **environ: str) -> Result:
    return CliRunner(env=dict(environ)).invoke(main, ["mail", *words])


def test_a_test_mail_leaves_and_says_so(tmp_path: Path) -> None:
    with mail_server(tmp_path) as server:
        answer = run("test", "you@example.org", TRIM_SMTP_URL=server.url(), TRIM_BASE_URL="https://support.example.org")
        [mail] = server.mails
    assert answer.exit_code == 0, answer.output
    assert "took it in" in answer.output
    assert (mail["To"], mail["From"]) == ("you@example.org", "trim@support.example.org")
    assert "This is a test" in mail.get_content()
    assert "Ceci est un essai" in mail.get_content()


@pytest.mark.parametrize(
    ("mood", "cause", "cure"),
    [("550 who?", "550", "refuses this address"), ("drop", "SMTPServerDisconnected", "ended the talk")],
)
def test_what_is_wrong_comes_with_its_cure(tmp_path: Path, mood: str, cause: str, cure: str) -> None:
    with mail_server(tmp_path) as server:
        server.moods = [mood]
        answer = run("test", "you@example.org", TRIM_SMTP_URL=server.url())
    assert answer.exit_code == 1
    assert cause in answer.output
    assert cure in answer.output


def test_nobody_there_and_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    with mail_server(tmp_path, tls=True) as server:
        answer = run("test", "you@example.org", TRIM_SMTP_URL=server.url(user="trim:harbour@"))
        url = server.url()
    assert answer.exit_code == 1
    assert "certificate is not vouched for" in answer.output
    assert "harbour" not in answer.output
    answer = run("test", "you@example.org", TRIM_SMTP_URL=url)
    assert answer.exit_code == 1
    assert "Nothing listens on that port" in answer.output


def test_without_a_server_the_mail_is_a_file_and_it_says_so(tmp_path: Path) -> None:
    answer = run("test", "you@example.org", TRIM_INSTANCE=str(tmp_path))
    assert answer.exit_code == 0
    assert "Set TRIM_SMTP_URL" in answer.output
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1


def test_a_test_call_rings_or_says_why_not(tmp_path: Path) -> None:
    assert "Set TRIM_PAGER_URL" in run("ring", "+44 1632 960001").output
    with pager_service(tmp_path) as service:
        environ = {"TRIM_PAGER_URL": service.url, "TRIM_PAGER_SECRET": SECRET}
        answer = run("ring", "+44 1632 960001", **environ)
        assert answer.exit_code == 0, answer.output
        assert service.calls[0]["to"] == "+44 1632 960001"
        service.moods = [401]
        answer = run("ring", "+44 1632 960001", **environ)
        assert answer.exit_code == 1
        assert "compare TRIM_PAGER_SECRET" in answer.output
        assert SECRET not in answer.output


@pytest.fixture
def instance(sqlite_template: Path, tmp_path: Path) -> Organisation:
    folder = tmp_path / "instance"
    return make_organisation(copy_of_sqlite(sqlite_template, folder), folder)


def doctor(folder: Path, **environ: str) -> dict[str, dict[str, object]]:
    answer = CliRunner(env={"TRIM_INSTANCE": str(folder), **environ}).invoke(main, ["doctor", "--json"])
    return {str(one["name"]): one for one in json.loads(answer.stdout)}


def test_the_doctor_meets_the_server_without_sending(instance: Organisation, tmp_path: Path) -> None:
    instance.backend.close()
    folder = instance.folder
    assert folder is not None
    assert "nobody gets them" in str(doctor(folder)["Mail server"]["found"])
    with mail_server(tmp_path) as server:
        found = doctor(folder, TRIM_SMTP_URL=server.url())
        assert found["Mail server"]["ok"]
        assert server.mails == []
        url = server.url()
    found = doctor(folder, TRIM_SMTP_URL=url)
    assert not found["Mail server"]["ok"]
    assert "Nothing listens" in str(found["Mail server"]["cure"])
    with pager_service(tmp_path) as service:
        found = doctor(folder, TRIM_PAGER_URL=service.url, TRIM_PAGER_SECRET=SECRET)
        assert "trim mail ring" in str(found["Pager"]["found"])
        assert service.calls == []


def test_the_doctor_sees_that_nobody_sends_and_what_reached_nobody(instance: Organisation) -> None:
    folder = instance.folder
    assert folder is not None
    instance.now = datetime.now(UTC) - timedelta(hours=3)
    urgent = tells(instance, "Carol", "red_flag", urgent=True)
    found = doctor(folder)
    assert not found["Notices"]["ok"]
    assert "trim worker" in str(found["Notices"]["cure"])
    with pager_service(folder) as service:
        service.moods = [400]
        sends(instance, TestPost(), pager=WebhookPager(service.url, SECRET, patience=0.5))
    assert call_of(instance, urgent).state == "failed"
    is_away(instance, "Pat", instance.now.date(), instance.now.date() + timedelta(days=3))
    tells(instance, "Pat")
    sends(instance, TestPost())
    found = doctor(folder)
    assert found["Notices"]["ok"]
    assert "1 reached nobody" in str(found["Notices"]["found"])
    assert not found["Calls"]["ok"]
    counts = json.loads(CliRunner(env={"TRIM_INSTANCE": str(folder)}).invoke(main, ["mail", "state", "--json"]).stdout)
    assert (counts["sent"], counts["failed"], counts["oldest_due"]) == (1, 1, None)
    shown = CliRunner(env={"TRIM_INSTANCE": str(folder)}).invoke(main, ["mail", "state"]).output
    assert "failed   1" in shown
