"""What a logged contact says of appointments: made, moved, missed, called off; an interview held there keeps it.

An appointment is one row from its making to its end. Its row id is the UID in every calendar, and each change has a
higher sequence, so that a calendar moves its entry and never shows two.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from email_validator import EmailNotValidError, validate_email

from trim.domain.errors import InvalidInput, Reason
from trim.store import appointments
from trim.store.tables import Appointment
from trim.usecases.acting.act import Act

TABLE: Final = "appointment"
#: How long an appointment takes where nobody says: our own choice.
MINUTES: Final = 60
#: So near an interview, or a talk, an appointment was that one.
NEAR: Final = timedelta(hours=12)

BAD_ADDRESS = Reason(
    "bad_address",
    "Enter an e-mail address such as name@example.org.",
    "Indiquez une adresse électronique comme nom@exemple.org.",
)
NO_INSTANT = Reason("no_instant", "Enter when you meet.", "Indiquez quand vous vous voyez.")


def note_contact(act: Act) -> None:
    """Keep what a contact came to. Raises InvalidInput: no instant for an invitation, an address that is none."""
    result, given = act.values.get("result"), act.values.get("appointment_at")
    # A form's values are kept as text, an instant in UTC.
    at = datetime.fromisoformat(str(given)) if given else None
    address = _checked(str(act.values.get("invitation_to") or ""))
    if address and at is None:
        raise InvalidInput({"appointment_at": NO_INSTANT})
    agreed = _agreed(act)
    if result in {"appointment_made", "appointment_moved"} and at is not None:
        # Several may be agreed; "moved" is said of the next one.
        moved = agreed[0] if agreed and result == "appointment_moved" else None
        _keep(act, moved, at, address)
    elif result == "missed" and agreed:
        _end(act, agreed[0], "missed")
    elif result == "appointment_called_off" and agreed:
        call_off(act, agreed[:1])
    elif result == "spoke":
        keep_near(act, act.now)


def keep_near(act: Act, held_at: datetime) -> None:
    """They met: the appointment for then was kept."""
    for row in _agreed(act):
        if abs(row.starts_at - held_at) <= NEAR and row.starts_at <= act.now:
            _end(act, row, "kept")


def call_off_coming(act: Act, *, silently: bool = False) -> None:
    """The support ends: what was agreed for later is called off; `silently` sends nothing, after a death."""
    coming = [one for one in _agreed(act) if one.starts_at > act.now]
    call_off(act, coming, silently=silently)


def call_off(act: Act, rows: list[Appointment], *, silently: bool = False) -> None:
    """These do not take place; whoever had an invitation is told by its calling off."""
    for row in rows:
        told = not silently and _may_have_heard(row)
        row.sequence += 1
        row.invite_after, row.invite_attempts = (act.now if told else None), 0
        _end(act, row, "called_off")


def content_of(act: Act, row: Appointment) -> dict[str, Any]:
    """How, where, who else, and the address for the invitation."""
    return act.unseal(TABLE, row.id, row.sealed)


def _agreed(act: Act) -> list[Appointment]:
    """What is agreed on the case, locked: no worker begins to send what is being changed here."""
    return appointments.of_case(act.uow.session, act.the_case().id, lock=True)


def _may_have_heard(row: Appointment) -> bool:
    """Whether the person may know that it was on: nobody else is told that it is off.

    An invitation on which a worker is at this moment, or that a server did not answer, may have left all the same.
    """
    is_on_its_way = row.invite_after is not None and row.invite_attempts > 0
    return row.invited is not None or is_on_its_way


def _keep(act: Act, row: Appointment | None, at: datetime, address: str) -> None:
    known: Mapping[str, Any] = content_of(act, row) if row is not None else {}
    if row is None:
        row = Appointment(
            id=act.uow.new_id(),
            case_id=act.the_case().id,
            starts_at=at,
            minutes=MINUTES,
            made_at=act.now,
            made_by=act.actor.account_id,
            changed_at=act.now,
            sealed=b"",
        )
    else:
        row.starts_at, row.changed_at, row.sequence = at, act.now, row.sequence + 1
    given = {"channel": act.values.get("channel"), "arrangements": act.values.get("arrangements")}
    to = address or str(known.get("invitation_to") or "")
    content = {**known, **{name: value for name, value in given.items() if value}, "invitation_to": to}
    row.sealed = act.seal(TABLE, row.id, content)
    row.invite_after, row.invite_attempts = (act.now if to else None), 0
    act.uow.session.add(row)
    act.codes["appointment"] = row.id
    act.codes["invites"] = bool(to)


def _end(act: Act, row: Appointment, state: str) -> None:
    row.state, row.changed_at = state, act.now
    if state != "called_off":
        row.invite_after = None
    act.uow.session.add(row)
    act.codes["appointment"] = row.id


def _checked(address: str) -> str:
    if not address.strip():
        return ""
    try:
        return validate_email(address.strip(), check_deliverability=False).normalized
    except EmailNotValidError as problem:
        raise InvalidInput({"invitation_to": BAD_ADDRESS}) from problem
