"""A mail that comes back later counts as unanswered at once, and is seen on the page (both databases)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.bounces import about, report
from tests.support.mail_server import mail_server
from tests.support.organisation import Organisation
from tests.support.posting import TestPost, call_of, outbox, sends, tells, the
from tests.support.story import Story
from tests.support.sweeping import escalations, lines, step_of, sweep, told
from trim.delivery.bounces import read_bounce
from trim.delivery.mail import SmtpPost, as_message
from trim.delivery.posting import LEASE, Sent
from trim.domain.errors import NotFound
from trim.usecases.delivery.bounced import note_bounce
from trim.usecases.delivery.undelivered import list_undelivered

SENDER = "Trim <trim@support.example.org>"


def comes_back(made: Organisation, message_id: str) -> int:
    with made.backend.writing() as uow:
        return note_bounce(uow, read_bounce(report(message_id)), now=made.now)


def mail_id(made: Organisation, notice: str) -> str:
    found = the(made, notice).message_id
    assert found is not None
    return found


def test_a_question_whose_mail_comes_back_goes_to_the_next_person_at_once(story: Story, tmp_path: Path) -> None:
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    assert step.latest_at is not None
    sweep(made, (step.latest_at + timedelta(days=3)).replace(hour=12))
    [asked] = escalations(made)
    with mail_server(tmp_path) as server:
        sends(made, SmtpPost(server.url(), SENDER))
        [mail] = [one for one in server.mails if one["To"] == "carol@example.org" and asked.ref in one.as_string()]
    made.later(minutes=20)
    assert asked.answer_by > made.now
    # The report of another machine, with the mail as that machine had it.
    with made.backend.writing() as uow:
        assert note_bounce(uow, read_bounce(report(mail)), now=made.now) == 1
    [lost] = outbox(made, kind="step_escalated")
    assert (lost.state, lost.failed_because, lost.last_problem) == ("failed", "bounced", "came_back_5.1.1")
    assert (lost.sent_at, lost.settled_at) == (None, made.now)
    assert sweep(made).acted == 1
    assert told(made, "escalation_unanswered") == [("escalation_unanswered", "Lee")]
    with made.backend.writing() as uow:
        [row] = list_undelivered(uow, made.actor("Lee"), now=made.now).rows
    assert (row.recipient, row.subject_ref, row.because) == ("Carol", asked.ref, "bounced")


def test_a_second_report_changes_nothing_and_neither_does_one_that_still_tries(organisation: Organisation) -> None:
    made = organisation
    notice = tells(made, "Carol", "escalation")
    sends(made, TestPost())
    message_id = mail_id(made, notice)
    with made.backend.writing() as uow, pytest.raises(AssertionError):
        note_bounce(uow, read_bounce(report(message_id, about("delayed", "4.4.1"))), now=made.now)
    assert the(made, notice).state == "sent"
    assert comes_back(made, message_id) == 1
    at = the(made, notice).settled_at
    made.later(hours=1)
    assert comes_back(made, message_id) == 0
    assert the(made, notice).settled_at == at
    assert lines(made, "notice.") == ["notice.sent", "notice.failed"]


@pytest.mark.large_on_postgresql
def test_everything_that_was_gathered_in_the_mail_is_lost_and_nothing_else(organisation: Organisation) -> None:
    made = organisation
    made.now = made.now.replace(hour=12)
    gathered = [tells(made, "Carol", cause=str(one)) for one in range(3)]
    tells(made, "Lee")
    assert sends(made, TestPost()) == Sent()
    made.later(days=1)
    assert sends(made, TestPost()) == Sent(mails=2, notices=4)
    assert comes_back(made, mail_id(made, gathered[0])) == 3
    assert {the(made, one).state for one in gathered} == {"failed"}
    assert [one.state for one in outbox(made)].count("sent") == 1


@pytest.mark.large_on_postgresql
def test_a_report_that_is_quicker_than_the_workers_mark_holds(organisation: Organisation) -> None:
    """The server said yes, the worker was killed before its mark, and the mail came back meanwhile."""
    made = organisation
    notice = tells(made, "Carol", "escalation", urgent=True)

    class Killed(BaseException):
        pass

    def dies(_: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        sends(made, TestPost(before=dies))
    assert comes_back(made, mail_id(made, notice)) == 1
    made.now += LEASE * 2
    assert sends(made, TestPost()) == Sent()
    assert the(made, notice).failed_because == "bounced"
    # The telephone rings whatever became of the mail.
    assert call_of(made, notice).state in ("waiting", "dropped")


@pytest.mark.large_on_postgresql
def test_while_a_worker_still_holds_it_its_own_mark_comes_too_late(organisation: Organisation) -> None:
    made = organisation
    notice = tells(made, "Carol", "escalation")
    post = TestPost(before=lambda mail: comes_back(made, str(mail.message_id)))
    assert sends(made, post) == Sent()
    assert the(made, notice).state == "failed"
    assert lines(made, "notice.") == ["notice.failed"]


@pytest.mark.large_on_postgresql
@pytest.mark.parametrize("message_id", ["0" * 32, "0" * 32 + ".1"])
def test_a_mail_that_nobody_sent_is_not_found(organisation: Organisation, message_id: str) -> None:
    with organisation.backend.writing() as uow, pytest.raises(NotFound):
        note_bounce(uow, read_bounce(report(message_id)), now=organisation.now)
    assert lines(organisation, "notice.") == []


@pytest.mark.large_on_postgresql
def test_our_own_mails_come_back_with_an_id_that_is_known_for_ours(organisation: Organisation) -> None:
    """Whoever changes how a Message-ID is made has to change how it is read."""
    post = TestPost()
    tells(organisation, "Carol", "escalation")
    sends(organisation, post)
    message = as_message(post.mails[0], SENDER, organisation.now)
    read = {read_bounce(report(message, whole=whole)).message_id for whole in (True, False)}
    assert read == {outbox(organisation)[0].message_id}
