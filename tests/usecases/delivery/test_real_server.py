"""Notices through a real mail server that refuses, hangs, hangs up, puts off and takes: both databases."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.mail_server import MailServer, mail_server
from tests.support.organisation import Organisation
from tests.support.posting import sends, tells, the
from trim.delivery.mail import MailNotSent, Post, SmtpPost
from trim.delivery.posting import Sent

#: What differs between the databases is shown with a post of the tests' own, in `test_send_due`.
pytestmark = pytest.mark.large_on_postgresql

SENDER = "Trim <trim@support.example.org>"
#: Short, so that nobody waits; a server that hangs is known for one after it.
PATIENCE = 0.4


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with mail_server(tmp_path) as made:
        yield made


def post_to(server: MailServer, trust: ssl.SSLContext | None = None) -> Post:
    return SmtpPost(server.url(), SENDER, patience=PATIENCE, trust=trust)


def ids(server: MailServer) -> list[str]:
    return [str(mail["Message-ID"]) for mail in server.mails]


@pytest.mark.parametrize(
    ("mood", "problem"), [("450 4.2.0 later", "refused_450"), ("hang", "no_answer"), ("drop", "hung_up")]
)
def test_what_did_not_work_now_works_later_under_the_same_id(
    organisation: Organisation, server: MailServer, mood: str, problem: str
) -> None:
    notice = tells(organisation, "Carol", "escalation")
    server.moods = [mood]
    post = post_to(server)
    assert sends(organisation, post) == Sent(later=1)
    row = the(organisation, notice)
    assert (row.state, row.last_problem, row.attempts) == ("waiting", problem, 1)
    assert sends(organisation, post) == Sent()
    organisation.later(minutes=2)
    assert sends(organisation, post) == Sent(mails=1, notices=1)
    row = the(organisation, notice)
    assert (row.state, row.attempts) == ("sent", 2)
    assert ids(server)[-1] == f"<{row.message_id}@support.example.org>"
    assert len(set(ids(server))) == 1
    [recipients] = {tuple(one) for one in server.recipients}
    assert recipients == ("carol@example.org",)


def test_an_address_that_is_put_off_the_first_time_gets_it_the_second(
    organisation: Organisation, server: MailServer
) -> None:
    notices = [tells(organisation, who, "escalation") for who in ("Carol", "Lee")]
    server.greylisted = {"carol@example.org"}
    assert sends(organisation, post_to(server)) == Sent(mails=1, notices=1, later=1)
    assert the(organisation, notices[0]).last_problem == "refused_450"
    organisation.later(minutes=2)
    assert sends(organisation, post_to(server)) == Sent(mails=1, notices=1)
    assert {the(organisation, one).state for one in notices} == {"sent"}
    assert len(server.mails) == 2


def test_a_server_that_is_slow_but_answers_is_waited_for(organisation: Organisation, server: MailServer) -> None:
    notice = tells(organisation, "Carol", "escalation")
    server.moods = ["slow"]
    assert sends(organisation, post_to(server)) == Sent(mails=1, notices=1)
    assert the(organisation, notice).attempts == 1
    assert len(server.mails) == 1


def test_a_server_that_ends_badly_after_its_yes_has_taken_the_mail(
    organisation: Organisation, server: MailServer
) -> None:
    notice = tells(organisation, "Carol", "escalation")
    server.moods = ["drop after"]
    assert sends(organisation, post_to(server)) == Sent(mails=1, notices=1)
    assert the(organisation, notice).state == "sent"
    organisation.later(hours=1)
    assert sends(organisation, post_to(server)) == Sent()
    assert len(server.mails) == 1


@pytest.mark.parametrize("way", ["address", "mail"])
def test_what_is_refused_for_good_bounces_and_the_others_go(
    organisation: Organisation, server: MailServer, way: str
) -> None:
    lost = tells(organisation, "Carol", "escalation")
    fine = tells(organisation, "Lee", "escalation")
    if way == "address":
        server.unknown = frozenset({"carol@example.org"})
        expected = lost
    else:
        server.moods = ["554 5.7.1 not wanted"]
        expected = ""
    assert sends(organisation, post_to(server)) == Sent(mails=1, notices=1, failed=1)
    states = {one: (the(organisation, one).state, the(organisation, one).failed_because) for one in (lost, fine)}
    assert sorted(states.values(), key=str) == [("failed", "bounced"), ("sent", None)]
    if expected:
        assert states[lost] == ("failed", "bounced")
    organisation.later(days=1)
    assert sends(organisation, post_to(server)) == Sent(), "nobody tries again what bounced"


def test_a_server_that_puts_off_whom_it_does_not_know_yet_is_asked_for_everybody(
    organisation: Organisation, server: MailServer
) -> None:
    names = ("Carol", "Lee", "Pat", "Quinn", "Rita")
    for who in names:
        tells(organisation, who, "escalation")
    server.moods = ["451 4.7.1 greylisted"] * 4
    assert sends(organisation, post_to(server)) == Sent(mails=1, notices=1, later=4)
    organisation.later(minutes=2)
    assert sends(organisation, post_to(server)) == Sent(mails=4, notices=4)
    assert sorted(one[0] for one in server.recipients) == sorted(f"{who.lower()}@example.org" for who in names)


def test_nobody_there_is_met_again(organisation: Organisation, tmp_path: Path) -> None:
    notice = tells(organisation, "Carol", "escalation")
    with mail_server(tmp_path) as server:
        gone = post_to(server)
    assert sends(organisation, gone) == Sent(later=1)
    assert the(organisation, notice).last_problem == "nobody_there"


def test_a_server_that_nobody_vouches_for_gets_nothing_and_one_that_is_trusted_does(
    organisation: Organisation, tmp_path: Path
) -> None:
    notice = tells(organisation, "Carol", "escalation")
    with mail_server(tmp_path, tls=True) as server:
        assert sends(organisation, post_to(server)) == Sent(later=1)
        assert server.mails == []
        assert the(organisation, notice).last_problem == "bad_certificate"
        organisation.now += timedelta(minutes=2)
        trust = ssl.create_default_context(cafile=str(server.certificate))
        assert sends(organisation, post_to(server, trust)) == Sent(mails=1, notices=1)
        assert len(server.mails) == 1


def test_a_trusted_certificate_of_another_name_is_a_bad_one(organisation: Organisation, tmp_path: Path) -> None:
    notice = tells(organisation, "Carol", "escalation")
    with mail_server(tmp_path, tls=True) as server:
        trust = ssl.create_default_context(cafile=str(server.certificate))
        url = server.url().replace("127.0.0.1", "localhost")
        assert sends(organisation, SmtpPost(url, SENDER, patience=PATIENCE, trust=trust)) == Sent(later=1)
        assert server.mails == []
    assert the(organisation, notice).last_problem == "bad_certificate"


def test_without_encryption_nothing_goes_to_another_machine(
    organisation: Organisation, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = tells(organisation, "Carol", "escalation")
    monkeypatch.setattr("trim.delivery.mail.is_here", lambda _: False)
    assert sends(organisation, post_to(server)) == Sent(later=1)
    assert server.mails == []
    assert the(organisation, notice).last_problem == "no_encryption"


def test_what_arrives_is_text_and_html_in_the_language_of_the_person(
    organisation: Organisation, server: MailServer
) -> None:
    tells(organisation, "Carol", "red_flag", urgent=True, subject_kind="escalation", subject_ref="E-9QK2F7")
    sends(organisation, post_to(server))
    [mail] = server.mails
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    for part in (text.get_content(), html.get_content()):
        assert "E-9QK2F7" in part
        assert "https://support.example.org/notices/" in part
        assert "Robin Ashe" not in part
    assert mail["Subject"] == "Urgent: please sign in now"
    assert mail["From"] == SENDER
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_problem_says_no_address_and_no_word_of_the_server(server: MailServer) -> None:
    from datetime import UTC, datetime

    from trim.delivery.mail import Mail

    server.moods = ["554 carol@example.org is a bad person"]
    with pytest.raises(MailNotSent) as caught:
        post_to(server).send(Mail(("carol@example.org",), "x", "y"), now=datetime(2026, 3, 2, tzinfo=UTC))
    assert "carol" not in str(caught.value)
    assert "554" in str(caught.value)
