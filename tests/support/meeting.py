"""A case with its practitioner, the appointments that are noted on it, and the mails that go out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import icalendar
from sqlalchemy import select
from sqlmodel import col

from tests.support.organisation import Organisation
from tests.support.story import Story
from tests.support.trail import lines
from trim.delivery.mail import Mail, MailNotSent, as_message
from trim.store import cases
from trim.store.tables import Appointment
from trim.usecases.appointments.send_invitations import send_invitations

ADDRESS = "robin@home.example"
SENDER = "no-reply@harbour.example"


@dataclass
class Box:
    """A post that keeps what it was given; `problem` is raised instead as long as it is set."""

    problem: MailNotSent | None = None
    mails: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail, *, now: datetime) -> None:
        """Keep it, or fail."""
        assert now.tzinfo is not None
        if self.problem is not None:
            raise self.problem
        self.mails.append(mail)


@dataclass
class Meeting:
    """A case with Pat, and what goes out."""

    story: Story
    ref: str
    box: Box = field(default_factory=Box)

    @property
    def made(self) -> Organisation:
        """The organisation in which they meet."""
        return self.story.organisation

    def logs(self, result: str, **more: Any) -> None:
        """Pat notes a contact."""
        self.story.does("Pat", "log_contact", self.ref, channel="phone", result=result, **more)

    def sends(self) -> int:
        """One turn of the worker; gives how many mails left."""
        return send_invitations(self.made.backend, self.box, now=self.made.now, sender=SENDER)

    @property
    def row(self) -> Appointment:
        """The only appointment there is."""
        with self.made.backend.reading() as uow:
            return uow.session.scalars(select(Appointment).order_by(col(Appointment.made_at))).one()

    def event(self) -> tuple[str, Any]:
        """Method and entry of the newest mail, as a mail program reads them."""
        whole = as_message(self.box.mails[-1], f"Trim <{SENDER}>", self.made.now).as_bytes()
        message = message_from_bytes(whole, policy=policy.default)
        assert isinstance(message, EmailMessage)
        [part] = message.iter_attachments()
        assert part.get_content_type() == "text/calendar"
        calendar = icalendar.Calendar.from_ical(part.get_content())
        assert part["Content-Type"].params["method"] == calendar["method"]
        [event] = calendar.walk("VEVENT")
        return str(calendar["method"]), event

    def words(self) -> list[str]:
        """What the case's trail says of invitations."""
        with self.made.backend.reading() as uow:
            case = cases.load(uow.session, "case", self.ref)
            found = lines(uow.session, f"case:{case.id}")
        return [one["what"] for one in found if one["what"].startswith("appointment.")]
