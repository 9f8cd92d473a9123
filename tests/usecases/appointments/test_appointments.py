"""Appointments: made, moved, missed, kept, called off; an invitation with one UID and a growing sequence (CARE 20)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.bounces import report
from tests.support.meeting import ADDRESS, SENDER, Box, Meeting
from tests.support.story import Story
from trim.delivery.bounces import read_bounce
from trim.delivery.mail import Mail, MailNotSent, MailRefused, as_message
from trim.domain.errors import InvalidInput, NotFound
from trim.domain.telling import WAITS
from trim.store.tables import Appointment, Notice
from trim.usecases.appointments.take import take_appointment
from trim.usecases.delivery.bounced import note_bounce


@pytest.fixture
def meeting(story: Story) -> Meeting:
    return Meeting(story, story.supported_case())


def test_an_invitation_has_a_neutral_title_and_names_nobody(meeting: Meeting) -> None:
    at = meeting.made.now + timedelta(days=2)
    meeting.logs("appointment_made", appointment_at=at, arrangements="Room 4, with Sam", invitation_to=ADDRESS)
    assert meeting.sends() == 1
    method, event = meeting.event()
    assert (method, event["sequence"], event["status"]) == ("REQUEST", 0, "CONFIRMED")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (at, at + timedelta(hours=1))
    assert str(event["summary"]) == "Appointment / Rendez-vous"
    assert str(event["attendee"]) == f"mailto:{ADDRESS}"
    assert str(event["organizer"]) == f"mailto:{SENDER}"
    assert event["uid"] == f"appointment-{meeting.row.id}@trim"
    mail = meeting.box.mails[0]
    assert mail.to == (ADDRESS,)
    whole = (mail.subject + mail.text + mail.attachments[0].content.decode()).replace("\r\n ", "")
    for word in ("Robin", "Pat", "Room 4", "Sam", "support", "trauma", "interview", meeting.ref):
        assert word not in whole
    assert meeting.sends() == 0
    assert meeting.words() == ["appointment.invited"]


def test_moved_and_called_off_keep_the_uid_with_a_higher_sequence(meeting: Meeting) -> None:
    made = meeting.made
    first = made.now + timedelta(days=2)
    meeting.logs("appointment_made", appointment_at=first, invitation_to=ADDRESS)
    meeting.sends()
    uid = meeting.event()[1]["uid"]
    made.later(hours=3)
    # The address was given once; it holds until another is.
    meeting.logs("appointment_moved", appointment_at=first + timedelta(days=1))
    meeting.sends()
    method, event = meeting.event()
    assert (method, event["uid"], event["sequence"]) == ("REQUEST", uid, 1)
    assert event.decoded("dtstart") == first + timedelta(days=1)
    made.later(hours=3)
    meeting.logs("appointment_called_off")
    meeting.sends()
    method, event = meeting.event()
    assert (method, event["uid"], event["sequence"], event["status"]) == ("CANCEL", uid, 2, "CANCELLED")
    assert event.decoded("dtstamp") == made.now
    assert meeting.row.state == "called_off"
    assert len({mail.message_id for mail in meeting.box.mails}) == 3


def test_without_an_address_nothing_is_sent(meeting: Meeting) -> None:
    meeting.logs("appointment_made", appointment_at=meeting.made.now + timedelta(days=2))
    meeting.logs("appointment_called_off")
    assert meeting.sends() == 0
    assert meeting.words() == []


def test_who_was_never_invited_is_told_of_nothing_that_is_off(meeting: Meeting) -> None:
    meeting.logs("appointment_made", appointment_at=meeting.made.now + timedelta(days=2), invitation_to=ADDRESS)
    meeting.logs("appointment_called_off")
    assert meeting.sends() == 0


def test_missed_and_kept(meeting: Meeting) -> None:
    made = meeting.made
    meeting.logs("appointment_made", appointment_at=made.now + timedelta(days=2))
    made.later(days=2, hours=1)
    meeting.logs("missed")
    assert meeting.row.state == "missed"
    meeting.logs("appointment_made", appointment_at=made.now + timedelta(hours=1))
    made.later(hours=2)
    meeting.story.interviews(meeting.ref)
    with made.backend.reading() as uow:
        states = uow.session.scalars(select(col(Appointment.state)).order_by(col(Appointment.made_at)))
        assert list(states) == ["missed", "kept"]


@pytest.mark.care(26)
def test_when_the_support_ends_what_was_agreed_is_called_off_and_after_a_death_in_silence(meeting: Meeting) -> None:
    made = meeting.made
    meeting.logs("appointment_made", appointment_at=made.now + timedelta(days=5), invitation_to=ADDRESS)
    meeting.sends()
    meeting.story.does("Carol", "close", meeting.ref, outcome="died")
    assert meeting.row.state == "called_off"
    assert meeting.sends() == 0
    other = Meeting(meeting.story, _of_sam(meeting.story), meeting.box)
    other.logs("appointment_made", appointment_at=made.now + timedelta(days=5), invitation_to=ADDRESS)
    other.sends()
    other.story.does("Pat", "withdraw", other.ref)
    assert other.sends() == 1
    assert other.event()[0] == "CANCEL"


def _of_sam(story: Story) -> str:
    from trim.domain.incident import ExposedPerson

    sam = ExposedPerson(exposure="direct", person_id=story.organisation.people["Sam Birch"].id)
    ref = story.plans(story.reports(exposed=(sam,)))
    assert ref is not None
    return story.is_allocated(story.is_accepted(ref))


def test_what_does_not_leave_is_tried_again_then_given_up_and_the_practitioner_told(meeting: Meeting) -> None:
    made = meeting.made
    meeting.logs("appointment_made", appointment_at=made.now + timedelta(days=9), invitation_to=ADDRESS)
    meeting.box.problem = MailNotSent("away")
    for _ in range(3):
        assert meeting.sends() == 0
        assert meeting.sends() == 0
        made.later(hours=9)
    assert meeting.words() == []
    meeting.box.problem = None
    assert meeting.sends() == 1
    made.later(hours=1)
    meeting.logs("appointment_moved", appointment_at=made.now + timedelta(days=8))
    meeting.box.problem = MailNotSent("away")
    for _ in range(len(WAITS) + 1):
        meeting.sends()
        made.later(hours=9)
    assert meeting.words() == ["appointment.invited", "appointment.not_invited"]
    with made.backend.reading() as uow:
        told = uow.session.scalars(select(Notice).where(col(Notice.kind) == "invitation_not_sent")).all()
    assert [(one.recipient_id, one.subject_ref) for one in told] == [(made.accounts["Pat"].id, meeting.ref)]


def test_an_address_that_a_server_will_never_take_is_given_up_at_once(meeting: Meeting) -> None:
    meeting.logs("appointment_made", appointment_at=meeting.made.now + timedelta(days=9), invitation_to=ADDRESS)
    meeting.box.problem = MailRefused("no such mailbox", "refused_550")
    meeting.sends()
    assert meeting.words() == ["appointment.not_invited"]
    meeting.box.problem = None
    assert meeting.sends() == 0


def test_an_invitation_that_comes_back_later_is_told_to_the_practitioner_once(meeting: Meeting) -> None:
    made = meeting.made

    def comes_back(mail: Mail) -> int:
        with made.backend.writing() as uow:
            return note_bounce(uow, read_bounce(report(as_message(mail, SENDER, made.now))), now=made.now)

    meeting.logs("appointment_made", appointment_at=made.now + timedelta(days=9), invitation_to=ADDRESS)
    meeting.sends()
    [first] = meeting.box.mails
    assert [comes_back(first), comes_back(first)] == [1, 0]
    assert meeting.words() == ["appointment.invited", "appointment.not_invited"]
    with made.backend.reading() as uow:
        told = uow.session.scalars(select(Notice).where(col(Notice.kind) == "invitation_not_sent")).all()
    assert [(one.recipient_id, one.subject_ref) for one in told] == [(made.accounts["Pat"].id, meeting.ref)]
    # Moved, it leaves anew; the report about the first one says nothing of the second.
    made.later(hours=1)
    meeting.logs("appointment_moved", appointment_at=made.now + timedelta(days=8))
    meeting.sends()
    assert comes_back(first) == 0
    assert meeting.row.invited == 1


def test_killed_between_sending_and_marking_it_goes_once_more_under_the_same_name(meeting: Meeting) -> None:
    made = meeting.made
    meeting.logs("appointment_made", appointment_at=made.now + timedelta(days=9), invitation_to=ADDRESS)

    class Killed(BaseException):
        pass

    class Dying(Box):
        def send(self, mail: Mail, *, now: datetime) -> None:
            super().send(mail, now=now)
            raise Killed

    box, dying = meeting.box, Dying()
    meeting.box = dying
    with pytest.raises(Killed):
        meeting.sends()
    meeting.box = box
    assert meeting.sends() == 0, "another worker holds it"
    made.later(minutes=11)
    assert meeting.sends() == 1
    assert meeting.box.mails[0].message_id == dying.mails[0].message_id
    assert meeting.sends() == 0


def test_what_cannot_be_is_told_at_its_field(meeting: Meeting) -> None:
    at = meeting.made.now + timedelta(days=2)
    for values, wrong in (
        ({"appointment_at": at, "invitation_to": "robin at home"}, "invitation_to"),
        ({"invitation_to": ADDRESS}, "appointment_at"),
    ):
        with pytest.raises(InvalidInput) as refused:
            meeting.logs("appointment_made", **values)
        assert list(refused.value.problems) == [wrong]


def test_a_practitioner_takes_it_into_their_own_calendar(meeting: Meeting) -> None:
    made = meeting.made
    at = made.now + timedelta(days=2)
    meeting.logs("appointment_made", appointment_at=at)

    def takes(who: str) -> Any:
        with made.backend.writing() as uow:
            return take_appointment(
                uow, made.actor(who), now=made.now, ref=meeting.ref, appointment_id=meeting.row.id, organizer=SENDER
            )

    calendar = icalendar.Calendar.from_ical(takes("Pat"))
    # For a calendar of one's own: nobody is asked (RFC 5546, 3.2.1).
    assert calendar["method"] == "PUBLISH"
    [event] = calendar.walk("VEVENT")
    assert (str(event["summary"]), event.decoded("dtstart")) == ("Appointment", at)
    assert "attendee" not in event
    with pytest.raises(NotFound):
        takes("Quinn")
