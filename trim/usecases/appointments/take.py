"""An appointment taken into a reader's own calendar, as a file with a neutral title."""

from __future__ import annotations

from datetime import datetime

from trim.delivery.calendar import invitation, uid_of
from trim.domain.access import Actor
from trim.domain.errors import NotFound
from trim.store import appointments
from trim.usecases.acting.standing import standing
from trim.usecases.perform import find
from trim.usecases.unit_of_work import UnitOfWork


def take_appointment(
    uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, appointment_id: str, organizer: str
) -> bytes:
    """The file, with a line in the trail: it says when somebody is met. Raises NotFound, ConflictUnknown."""
    found = find(uow, actor, "case", ref, lock=False)
    case = found.case
    assert case is not None
    if standing(uow, actor, case).kind not in ("own", "oversees"):
        raise NotFound
    row = appointments.one_of_case(uow.session, case.id, appointment_id)
    if row is None:
        raise NotFound
    owner = f"case:{case.id}"
    uow.record(
        actor,
        now,
        "case.read",
        chain=owner,
        subject=owner,
        role=sorted(found.roles)[0],
        codes={"page": "appointment"},
    )
    return invitation(
        method="CANCEL" if row.state == "called_off" else "PUBLISH",
        uid=uid_of("appointment", row.id),
        starts_at=row.starts_at,
        minutes=row.minutes,
        sequence=row.sequence,
        changed_at=row.changed_at,
        organizer=organizer,
        attendee=None,
        language=actor.locale,
    )
