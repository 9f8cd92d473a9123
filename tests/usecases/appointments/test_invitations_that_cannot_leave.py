"""Invitations that cannot leave hold nobody up: each is tried later, given up in sight, and the others go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.meeting import ADDRESS, Box, Meeting
from tests.support.story import Story
from trim.delivery.mail import Mail, MailNotSent
from trim.delivery.posting import ENOUGH, LEASE
from trim.domain.telling import WAITS
from trim.store.tables import Appointment, Notice
from trim.usecases.appointments.send_invitations import Invitations

# What the databases do differently is shown on both in `test_appointments`.
pytestmark = pytest.mark.large_on_postgresql


@pytest.fixture
def meeting(story: Story) -> Meeting:
    return Meeting(story, story.supported_case())


def agrees(meeting: Meeting, number: int = 1) -> None:
    """So many appointments in nine days, each with an invitation."""
    for hour in range(number):
        at = meeting.made.now + timedelta(days=9, hours=hour)
        meeting.logs("appointment_made", appointment_at=at, invitation_to=f"{hour}-{ADDRESS}")


def told(meeting: Meeting) -> int:
    """How often somebody was told that an invitation did not leave."""
    with meeting.made.backend.reading() as uow:
        return len(list(uow.session.scalars(select(Notice).where(col(Notice.kind) == "invitation_not_sent"))))


def test_a_server_that_is_away_is_asked_three_times_and_not_for_every_invitation(meeting: Meeting) -> None:
    agrees(meeting, 5)
    asked: list[Mail] = []

    class Away(Box):
        def send(self, mail: Mail, *, now: object) -> None:  # noqa: ARG002 - every post has it
            asked.append(mail)
            raise MailNotSent("away", "no_answer")

    meeting.box = Away()
    assert meeting.sends() == 0
    assert len(asked) == ENOUGH
    meeting.box = Box()
    assert meeting.sends() == 5 - ENOUGH, "those that were not tried need not wait"
    meeting.made.later(hours=1)
    assert meeting.sends() == ENOUGH


def test_one_whose_content_cannot_be_read_is_given_up_and_the_others_go(
    meeting: Meeting, caplog: pytest.LogCaptureFixture
) -> None:
    agrees(meeting, 2)
    with meeting.made.backend.writing() as uow:
        spoilt = uow.session.scalars(select(Appointment).order_by(col(Appointment.starts_at))).first()
        assert spoilt is not None
        spoilt.sealed = b"no ciphertext of this case"
        uow.session.add(spoilt)
        uow.session.info["entries"] = 1  # spoilt by hand here
    assert meeting.sends() == 1
    for _ in WAITS:
        assert told(meeting) == 0
        meeting.made.later(hours=9)
        assert meeting.sends() == 0
    assert told(meeting) == 1
    assert sorted(meeting.words()) == ["appointment.invited", "appointment.not_invited"]
    assert ADDRESS not in caplog.text
    meeting.made.later(days=3)
    assert (meeting.sends(), told(meeting)) == (0, 1)


def test_one_that_kills_every_worker_is_given_up_as_well(meeting: Meeting) -> None:
    agrees(meeting)
    made = meeting.made
    queue = Invitations(made.backend, "no-reply@harbour.example")
    for _ in range(len(WAITS) + 1):
        held = queue.claim(made.now)
        assert held is not None
        assert held.write is not None
        assert queue.claim(made.now) is None, "another worker holds it"
        made.now += LEASE
    assert meeting.sends() == 0
    assert meeting.box.mails == []
    assert (told(meeting), meeting.words()) == (1, ["appointment.not_invited"])


def test_an_invitation_to_an_hour_that_has_come_is_not_sent(meeting: Meeting) -> None:
    made = meeting.made
    meeting.logs("appointment_made", appointment_at=made.now + timedelta(hours=3), invitation_to=ADDRESS)
    meeting.box.problem = MailNotSent("away")
    meeting.sends()
    meeting.box.problem = None
    made.later(hours=3)
    assert meeting.sends() == 0
    assert (told(meeting), meeting.words()) == (1, ["appointment.not_invited"])


def test_what_is_called_off_while_its_invitation_leaves_is_called_off_in_the_calendar_too(meeting: Meeting) -> None:
    agrees(meeting)
    made = meeting.made
    queue = Invitations(made.backend, "no-reply@harbour.example")
    leaving = queue.claim(made.now)
    assert leaving is not None
    # The server has it, the mark is not made yet, and the practitioner calls the appointment off.
    meeting.logs("appointment_called_off")
    assert queue.sent(leaving, made.now).mails == 1
    assert meeting.sends() == 1
    method, event = meeting.event()
    assert (method, event["sequence"]) == ("CANCEL", 1)
    assert meeting.sends() == 0


def test_a_try_whose_claim_was_lost_says_nothing_any_more(meeting: Meeting) -> None:
    agrees(meeting)
    made = meeting.made
    queue = Invitations(made.backend, "no-reply@harbour.example")
    slow = queue.claim(made.now)
    made.now += LEASE
    quick = queue.claim(made.now)
    assert slow is not None
    assert quick is not None
    # It neither lets the other's claim go nor gives up what the other has sent.
    queue.put_off(slow, made.now, problem="no_answer")
    assert queue.claim(made.now) is None
    assert queue.sent(quick, made.now).mails == 1
    assert queue.give_up(slow, made.now, because="gave_up").failed == 0
    assert (told(meeting), meeting.words()) == (0, ["appointment.invited"])
