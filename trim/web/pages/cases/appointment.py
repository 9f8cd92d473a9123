"""An appointment as a file for the reader's own calendar."""

from __future__ import annotations

from email.utils import parseaddr

from flask import make_response
from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.usecases.appointments.take import take_appointment
from trim.web import context
from trim.web.access import allowed
from trim.web.pages.cases.room import bp


@bp.get("/cases/<ref>/appointments/<appointment_id>.ics")
@allowed(Can.WORK_OWN_CASES, Can.OVERSEE_CASES)
def appointment(ref: str, appointment_id: str) -> ResponseReturnValue:
    """The file; its title is neutral, it names nobody."""
    organizer = parseaddr(context.web_context().settings.private_sender)[1]
    with context.backend().writing() as uow:
        written = take_appointment(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            ref=ref,
            appointment_id=appointment_id,
            organizer=organizer,
        )
    answer = make_response(written)
    answer.content_type = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer
