"""Sends invitations, and their calling off, to the address that the person chose: once each, tried again, given up.

Claimed in one transaction, handed to the mail server outside of any, marked in another: killed in between it goes a
second time under the same Message-ID and the same UID and sequence, which a calendar takes for the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from trim.delivery.calendar import Method, invitation, uid_of
from trim.delivery.mail import Attachment, Mail, MailNotSent, MailRefused, Post
from trim.domain.access import system_actor
from trim.store import appointments, cases
from trim.store.tables import Appointment
from trim.usecases.appointments.note import TABLE
from trim.usecases.telling import account_named, tell
from trim.usecases.unit_of_work import Backend, UnitOfWork

#: How long a claim holds, and the waits between tries: our own choice.
LEASE = timedelta(minutes=10)
WAITS = tuple(timedelta(minutes=one) for one in (5, 30, 120, 480))
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


@dataclass(frozen=True, slots=True)
class _Claimed:
    row: Appointment
    mail: Mail | None


def send_invitations(backend: Backend, post: Post, *, now: datetime, sender: str, most: int = MOST) -> int:
    """Send what waits; `sender` is the bare address that organises. Gives how many mails left."""
    sent = 0
    for _ in range(most):
        claimed = _claim(backend, now, sender)
        if claimed is None:
            break
        if claimed.mail is None:
            _settle(backend, claimed.row, now, invited=False, because="no_address")
            continue
        try:
            post.send(claimed.mail, now=now)
        except MailRefused as problem:
            _settle(backend, claimed.row, now, invited=False, because=problem.problem)
        except MailNotSent as problem:
            _later(backend, claimed.row, now, problem.problem)
        else:
            sent += 1
            _settle(backend, claimed.row, now, invited=True)
    return sent


def _claim(backend: Backend, now: datetime, sender: str) -> _Claimed | None:
    with backend.writing() as uow:
        row = appointments.claim_invitation(uow.session, now=now, until=now + LEASE)
        if row is None:
            return None
        content = uow.vault.unseal(f"case:{row.case_id}", TABLE, row.id, row.sealed)
        address = str(content.get("invitation_to") or "")
        mark = "[Demonstration] " if uow.organisation.demonstration else ""
    return _Claimed(row, _mail(row, address, sender, mark) if address else None)


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


def _settle(backend: Backend, claimed: Appointment, now: datetime, *, invited: bool, because: str = "") -> None:
    """Mark what became of an invitation, unless the appointment has changed meanwhile and waits anew."""
    with backend.writing() as uow:
        row = uow.session.get(Appointment, claimed.id)
        if row is None:
            return
        if row.sequence == claimed.sequence and row.state == claimed.state:
            row.invite_after = None
        if invited:
            row.invited = claimed.sequence
        uow.session.add(row)
        codes: dict[str, str | int] = {"appointment": row.id, "sequence": claimed.sequence}
        if because:
            codes["because"] = because
        owner = f"case:{row.case_id}"
        what = "appointment.invited" if invited else "appointment.not_invited"
        uow.record(POSTMAN, now, what, chain=owner, subject=owner, codes=codes)
        if not invited:
            _tell(uow, row, now)


def _later(backend: Backend, claimed: Appointment, now: datetime, problem: str) -> None:
    tries = claimed.invite_attempts
    if tries >= len(WAITS):
        _settle(backend, claimed, now, invited=False, because=problem)
        return
    with backend.writing() as uow:
        appointments.wait_until(uow.session, claimed.id, claimed.sequence, now + WAITS[tries])


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
