"""Mails reach a real server, encrypted where it can be, or become files; a failure is one line without a secret."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP

import pytest

from tests.support.mail_server import PASSWORD, mail_server
from trim.delivery.here import is_here
from trim.delivery.mail import Attachment, FolderPost, Mail, MailNotSent, SmtpPost, post_office

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
SENDER = "trim@support.example.org"
MAIL = Mail(
    to=("auditor@example.org", "works.council@example.org"),
    subject="Harbour Service: checkpoint 3, é",
    text="Gardez ce message.\n",
    attachments=(Attachment("checkpoint-000003.txt", b'{"v":1}'), Attachment("checkpoint-000003.sig", bytes(64))),
)


def look_at(message):
    assert message["From"] == SENDER
    assert message["To"] == "auditor@example.org, works.council@example.org"
    assert message["Subject"] == MAIL.subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@support.example.org>")
    assert message.get_body().get_content().splitlines() == MAIL.text.splitlines()
    found = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert found == {one.name: one.content for one in MAIL.attachments}


def test_a_server_gets_the_mail_as_it_is(tmp_path):
    with mail_server(tmp_path) as server:
        post_office(server.url(), tmp_path, SENDER).send(MAIL, now=NOW)
        [message] = server.mails
        assert server.recipients == [list(MAIL.to)]
    look_at(message)


def test_without_a_server_mails_are_files(tmp_path):
    post_office(None, tmp_path / "mail", SENDER).send(MAIL, now=NOW)
    post_office(None, tmp_path / "mail", SENDER).send(MAIL, now=NOW)
    files = list((tmp_path / "mail").iterdir())
    assert len(files) == 2
    assert files[0].suffix == ".eml"
    assert files[0].stat().st_mode & 0o077 == 0
    look_at(message_from_bytes(files[0].read_bytes(), policy=SMTP))


def trusting(certificate, monkeypatch):
    made = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(ssl, "create_default_context", lambda: made)


def test_a_password_goes_over_an_encrypted_line(tmp_path, monkeypatch):
    with mail_server(tmp_path, tls=True, login=True) as server:
        trusting(server.certificate, monkeypatch)
        SmtpPost(server.url(user="trim:tide%20table@"), SENDER).send(MAIL, now=NOW)
        assert len(server.mails) == 1
        with pytest.raises(MailNotSent) as refused:
            SmtpPost(server.url(user="trim:wrong@"), SENDER).send(MAIL, now=NOW)
    assert "535" in str(refused.value)
    assert "wrong" not in str(refused.value)


def test_a_server_that_nobody_vouches_for_gets_nothing(tmp_path):
    with mail_server(tmp_path, tls=True) as server:
        with pytest.raises(MailNotSent, match="SSLCertVerificationError"):
            SmtpPost(server.url(), SENDER).send(MAIL, now=NOW)
        assert server.mails == []


def test_a_relay_of_this_machine_is_spoken_to_in_clear_where_the_setting_says_so(tmp_path, monkeypatch):
    with mail_server(tmp_path, tls=True) as server:
        with pytest.raises(MailNotSent, match="SSLCertVerificationError"):
            SmtpPost(server.url(), SENDER).send(MAIL, now=NOW)
        SmtpPost(f"{server.url()}?starttls=no", SENDER).send(MAIL, now=NOW)
        assert len(server.mails) == 1
        # The setting is refused for another machine; and were it not, nothing would go there in clear.
        monkeypatch.setattr("trim.delivery.mail.is_here", lambda _: False)
        with pytest.raises(MailNotSent, match="SSLCertVerificationError"):
            SmtpPost(f"{server.url()}?starttls=no", SENDER).send(MAIL, now=NOW)
        assert len(server.mails) == 1


def test_a_password_never_goes_in_the_clear_to_another_machine(tmp_path, monkeypatch):
    with mail_server(tmp_path) as server:
        monkeypatch.setattr("trim.delivery.mail.is_here", lambda _: False)
        with pytest.raises(MailNotSent, match="nothing was sent") as refused:
            SmtpPost(server.url(user=f"trim:{PASSWORD.replace(' ', '%20')}@"), SENDER).send(MAIL, now=NOW)
    assert PASSWORD not in str(refused.value)


def test_failures_are_one_line(tmp_path):
    with mail_server(tmp_path) as server:
        server.refusal = "550 auditor@example.org is unknown"
        with pytest.raises(MailNotSent, match="SMTPDataError 550") as refused:
            SmtpPost(server.url(), SENDER).send(MAIL, now=NOW)
        assert "auditor@" not in str(refused.value)
        gone = SmtpPost(server.url(), SENDER)
    with pytest.raises(MailNotSent, match="did not take it"):
        gone.send(MAIL, now=NOW)
    (tmp_path / "file").touch()
    with pytest.raises(MailNotSent, match="could not be written"):
        FolderPost(tmp_path / "file" / "mail", SENDER).send(MAIL, now=NOW)
    with pytest.raises(MailNotSent, match="line break"):
        FolderPost(tmp_path, SENDER).send(Mail(("a@example.org\nBcc: b@example.org",), "x", "y"), now=NOW)


@pytest.mark.parametrize(("host", "here"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("mail.x", False)])
def test_this_machine_is_known(host, here):
    assert is_here(host) is here


def test_encrypted_from_the_start_the_certificate_counts_as_well(tmp_path):
    with mail_server(tmp_path, from_start=True) as server:
        url = server.url(scheme="smtps")
        with pytest.raises(MailNotSent) as caught:
            SmtpPost(url, SENDER, patience=1).send(MAIL, now=NOW)
        assert caught.value.problem == "bad_certificate"
        assert server.mails == []
        trust = ssl.create_default_context(cafile=str(server.certificate))
        SmtpPost(url, SENDER, patience=1, trust=trust).send(MAIL, now=NOW)
        assert len(server.mails) == 1
