"""SIGKILL at the worst moments of a mail's way: nothing is lost, and at most one mail goes twice, under the same id."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from functools import partial
from pathlib import Path

import pytest

from tests.support.children import dies_at
from tests.support.mail_server import mail_server
from tests.support.organisation import Organisation
from tests.support.posting import TestPost, outbox, sends, tells, the
from tests.support.trail import broken_chains
from trim.delivery.mail import FolderPost, SmtpPost
from trim.delivery.posting import LEASE, Sent
from trim.usecases.delivery.plan import plan_waiting
from trim.usecases.delivery.send_due import send_due
from trim.usecases.opening import open_backend

ROOT = Path(__file__).parents[3]
#: More statements than one mail needs: a child that outlives this count was allowed to finish.
MOST = 120


@pytest.mark.large
def test_killed_between_the_servers_yes_and_the_mark(organisation: Organisation, tmp_path: Path) -> None:
    made, keys = organisation, tmp_path / "keys"
    notices = [tells(made, who, "escalation") for who in ("Carol", "Lee")]
    with mail_server(tmp_path) as server:
        command = [sys.executable, "-m", "tests.support.poster", made.urls.url, str(keys), server.url()]
        died = subprocess.run([*command, made.now.isoformat()], cwd=ROOT, capture_output=True, timeout=60)
        assert died.returncode == -signal.SIGKILL, died.stderr.decode()
        assert len(server.mails) == 1
        states = [the(made, one) for one in notices]
        assert {one.state for one in states} == {"waiting"}
        assert sorted(str(one.claimed_by) for one in states) == ["None", "doomed"]
        # Another worker goes on with the rest at once, and with what was held once the claim has run out.
        post = SmtpPost(server.url(), "trim@support.example.org", patience=5)
        assert sends(made, post) == Sent(mails=1, notices=1)
        made.now += LEASE * 2
        assert sends(made, post) == Sent(mails=1, notices=1)
        made.now += LEASE * 2
        assert sends(made, post) == Sent()
        ids = [str(mail["Message-ID"]) for mail in server.mails]
    assert len(ids) == 3
    assert len(set(ids)) == 2, "the mail that went twice went under one id"
    assert {the(made, one).state for one in notices} == {"sent"}


@pytest.mark.large
def test_killed_between_any_two_statements(organisation: Organisation, tmp_path: Path) -> None:
    made, twice = organisation, 0
    for count in range(1, MOST):
        post = FolderPost(tmp_path / f"mail-{count}", "trim@example.org")
        notice = tells(made, "Carol", "escalation", cause=str(count))
        killed = dies_at(made, count, partial(posts, post))
        made.now += LEASE * 2
        sends(made, post)
        made.now += LEASE * 2
        assert sends(made, TestPost()) == Sent(), f"something is left after statement {count}"
        assert the(made, notice).state == "sent"
        ids = [message_from_bytes(one.read_bytes())["Message-ID"] for one in post.folder.glob("*.eml")]
        assert 1 <= len(ids) <= 2
        assert len(set(ids)) == 1
        twice += len(ids) == 2
        if not killed:
            break
    else:
        pytest.fail("the child was killed to the last")
    assert count > 12, "the work was over before anything could be killed"
    assert twice >= 1, "between taking and marking a kill sends it again: it was never hit"
    with made.backend.reading() as uow:
        assert broken_chains(uow.session) == []
    assert {one.state for one in outbox(made)} == {"sent"}


def posts(post: FolderPost, own: Organisation) -> None:
    send_due(own.backend, post, now=own.now, monotonic=lambda: 0.0)


@pytest.mark.large
def test_eight_workers_at_once_send_every_mail_once_and_one_person_gets_one(
    organisation: Organisation, tmp_path: Path
) -> None:
    made, posts = organisation, [TestPost() for _ in range(8)]
    for number in range(40):
        made.add_account(f"Worker {number}")
        for cause in "abc":
            tells(made, f"Worker {number}", "escalation", cause=cause)
    plan_waiting(made.backend, now=made.now)
    backends = [open_backend(made.urls.url, tmp_path / "keys") for _ in posts]

    def work(number: int) -> Sent:
        return send_due(backends[number], posts[number], now=made.now, worker=f"worker-{number}")

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(work, range(8)))
    for backend in backends:
        backend.close()
    addresses = [mail.to[0] for post in posts for mail in post.mails]
    assert len(addresses) == len(set(addresses)) == 40
    assert sum(one.notices for one in done) == 120
    assert {(one.state, one.attempts) for one in outbox(made)} == {("sent", 1)}
