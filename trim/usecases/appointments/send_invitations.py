"""Sends invitations, and their calling off, to the address that the person chose.

The person has no account, so these are no rows of the outbox: an appointment waits by its own row, and leaves, is tried
again and is given up like every other mail. One that goes twice has the same Message-ID, UID and sequence, which a
calendar takes for the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from trim.delivery.calendar import Method, invitation, uid_of
from trim.delivery.mail import Attachment, Mail, MailRefused, Post
from trim.delivery.posting import LEASE, Held, Sent, has_tried_enough, moving, post_waiting
from trim.domain.access import system_actor
from trim.store import appointments, cases
from trim.store.tables import Appointment
from trim.usecases.appointments.note import TABLE
from trim.usecases.telling import account_named, tell
from trim.usecases.unit_of_work import Backend, UnitOfWork

MOST = 200
POSTMAN = system_actor("invitations")

#: Both languages in one mail: which of them the person reads is asked nowhere.
SUBJECTS: Mapping[Method, str] = {
    "REQUEST": "Appointment / Rendez-vous",
    "CANCEL": "Appointment called off / Rendez-vous annulé",
}
_TEXTS: Mapping[Method, str] = {
    "REQUEST": "Your appointment is attached, for your calendar. Nobody reads answers to this address.\n\n--\n\n"
    "Votre rendez-vous est joint, pour votre calendrier. Personne ne lit les réponses envoyées à cette adresse.\n",
    "CANCEL": "The attached appointment does not take place. Nobody reads answers to this address.\n\n--\n\n"
    "Le rendez-vous joint n’a pas lieu. Personne ne lit les réponses envoyées à cette adresse.\n",
}


def send_invitations(
    backend: Backend,
    post: Post,
    *,
    now: datetime,
    sender: str,
    most: int = MOST,
    monotonic: Callable[[], float] = time.monotonic,
) -> int:
    """Send what waits; `sender` is the bare address that organises. Gives how many mails left."""
    return post_waiting(Invitations(backend, sender), post, at=moving(now, monotonic), most=most).mails


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldInvitation(Held):
    """An invitation, and its appointment as it was when it was claimed."""

    row: Appointment


@dataclass(frozen=True, slots=True)
class Invitations:
    """The appointments whose invitation, or calling off, waits."""

    backend: Backend
    sender: str

    def claim(self, now: datetime) -> HeldInvitation | None:
        """Take the one that has waited longest; what came too late, or killed every worker so far, is given up here."""
        with self.backend.writing() as uow:
            row = appointments.claim_invitation(uow.session, now=now, until=now + LEASE)
        if row is None:
            return None
        held = HeldInvitation(write=lambda: self._mail(row), attempts=row.invite_attempts, row=row)
        because = _needless(row, now)
        if because:
            return HeldInvitation(write=None, settled=self.give_up(held, now, because=because), row=row)
        return held

    def sent(self, held: HeldInvitation, now: datetime) -> Sent:
        """The person has been invited to the appointment as it was then."""
        with self.backend.writing() as uow:
            row = _locked(uow, held)
            if row is not None:
                if _still_waits(row, held):
                    row.invite_after = None
                row.invited = held.row.sequence
                uow.session.add(row)
                _note(uow, row, now, "appointment.invited", held.row.sequence, "")
        return Sent(mails=1)

    def give_up(self, held: HeldInvitation, now: datetime, *, because: str, problem: str = "") -> Sent:
        """Whoever supports the person hears that no invitation came; not if the appointment has changed since."""
        with self.backend.writing() as uow:
            row = _locked(uow, held)
            if row is None or not _still_waits(row, held):
                return Sent()
            row.invite_after = None
            uow.session.add(row)
            _note(uow, row, now, "appointment.not_invited", row.sequence, problem or because)
            _tell(uow, row, now)
        return Sent(failed=1)

    def put_off(
        self,
        held: HeldInvitation,
        until: datetime,
        *,
        problem: str,  # noqa: ARG002 - every queue is told it; an appointment has no place for it
    ) -> None:
        """Let it wait for its next try."""
        with self.backend.writing() as uow:
            appointments.wait_until(uow.session, held.row, until)

    def _mail(self, row: Appointment) -> Mail:
        with self.backend.reading() as uow:
            content = uow.vault.unseal(f"case:{row.case_id}", TABLE, row.id, row.sealed)
            mark = "[Demonstration] " if uow.organisation.demonstration else ""
        address = str(content.get("invitation_to") or "")
        if not address:
            raise MailRefused("The person has chosen no address.", "no_address")
        return _mail(row, address, self.sender, mark)


def _needless(row: Appointment, now: datetime) -> str:
    """Why an invitation is not sent, as a word: it killed every worker so far, or the hour has come already."""
    if has_tried_enough(row.invite_attempts - 1):
        return "gave_up"
    return "too_late" if row.state == "agreed" and row.starts_at <= now else ""


def _locked(uow: UnitOfWork, held: HeldInvitation) -> Appointment | None:
    """The appointment as it is now; None once it was erased with its case."""
    return uow.session.get(Appointment, held.row.id, with_for_update=True)


def _still_waits(row: Appointment, held: HeldInvitation) -> bool:
    """Whether the appointment is as it was claimed, and nobody else has marked its invitation."""
    return (row.sequence, row.state) == (held.row.sequence, held.row.state) and row.invite_after is not None


def _mail(row: Appointment, address: str, sender: str, mark: str) -> Mail:
    method: Method = "CANCEL" if row.state == "called_off" else "REQUEST"
    written = invitation(
        method=method,
        uid=uid_of("appointment", row.id),
        starts_at=row.starts_at,
        minutes=row.minutes,
        sequence=row.sequence,
        changed_at=row.changed_at,
        organizer=sender,
        attendee=address,
        language="both",
    )
    return Mail(
        to=(address,),
        subject=mark + SUBJECTS[method],
        text=_TEXTS[method],
        attachments=(Attachment("invitation.ics", written, invites=method),),
        message_id=f"{row.id}.{row.sequence}",
    )


def came_back(uow: UnitOfWork, row: Appointment, sequence: int, *, because: str, now: datetime) -> int:
    """An invitation that a server had taken was sent back by another; 1 when that was news, else 0.

    What has changed since is on its way under a higher number, and that one counts.
    """
    if row.sequence != sequence or row.invited != sequence:
        return 0
    # The one before may stand in the person's calendar: its calling off is sent all the same.
    row.invited = sequence - 1 if sequence else None
    uow.session.add(row)
    _note(uow, row, now, "appointment.not_invited", sequence, because)
    _tell(uow, row, now)
    return 1


def _note(uow: UnitOfWork, row: Appointment, now: datetime, what: str, sequence: int, because: str) -> None:
    codes: dict[str, str | int] = {"appointment": row.id, "sequence": sequence}
    if because:
        codes["because"] = because
    owner = f"case:{row.case_id}"
    uow.record(POSTMAN, now, what, chain=owner, subject=owner, codes=codes)


def _tell(uow: UnitOfWork, row: Appointment, now: datetime) -> None:
    """Whoever supports the person hears that no invitation came, and tells them by another way."""
    case = cases.by_id(uow.session, row.case_id)
    tell(
        uow,
        account_named(uow, case.practitioner_id or row.made_by),
        kind="invitation_not_sent",
        subject_kind="case",
        subject_ref=case.ref,
        cause=f"{row.id}.{row.sequence}",
        now=now,
        actor=POSTMAN,
    )
