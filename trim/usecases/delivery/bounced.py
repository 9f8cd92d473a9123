"""A mail that a server had taken comes back: what was in it reached nobody, and counts as unanswered at once.

Whatever waits on it goes on at the next tick (`weigh_undelivered`), as if the server had refused it in the first place.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from trim.delivery.bounces import Bounce
from trim.domain.errors import NotFound
from trim.store import outbox
from trim.store.tables import Appointment
from trim.usecases.appointments.send_invitations import came_back
from trim.usecases.delivery.plan import POST, note
from trim.usecases.unit_of_work import UnitOfWork

#: States in which a notice is on its way or counts as delivered. A worker that was killed before its mark leaves it
#: waiting; what has failed or become pointless stays so.
_ON_ITS_WAY: Final = ("waiting", "sent")


def note_bounce(uow: UnitOfWork, bounce: Bounce, *, now: datetime) -> int:
    """Mark what a report is about as not delivered; gives how many notices, 0 when that was known.

    An invitation that comes back is told to whoever made it. Raises NotFound where no mail of ours has that id.
    """
    assert bounce.for_good, "a server that still tries has lost nothing"
    row_id, dot, sequence = bounce.message_id.partition(".")
    if dot:
        return _note_invitation(uow, row_id, int(sequence), bounce.status, now)
    found = outbox.handed_over(uow.session, row_id)
    if not found:
        raise NotFound
    lost = [one for one in found if one.state in _ON_ITS_WAY]
    for one in lost:
        one.last_problem = f"came_back_{bounce.status}"
        outbox.settle(uow.session, one, state="failed", now=now, because="bounced")
    if lost:
        note(uow, POST, lost[0].recipient_id, now, "notice.failed", lost, "bounced")
    return len(lost)


def _note_invitation(uow: UnitOfWork, row_id: str, sequence: int, status: str, now: datetime) -> int:
    row = uow.session.get(Appointment, row_id, with_for_update=True)
    if row is None:
        raise NotFound
    return came_back(uow, row, sequence, because=f"came_back_{status}", now=now)
