"""Requests for releases: one after the other, each made by one worker at a time, for a release knows all earlier ones.

Claims and progress go through the connection: they are the machine's own notes on how far it is, tell nobody anything
and leave no line in the trail. What is asked, taken back, published or refused leaves one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from trim.domain.errors import NotFound
from trim.domain.releasing import UNFINISHED
from trim.store.tables import ReleaseRequest


def load(session: Session, request_id: str, *, to_change: bool = False) -> ReleaseRequest:
    """One request, kept from others until the end of the transaction when it is `to_change`. Raises NotFound."""
    found: ReleaseRequest | None = session.get(ReleaseRequest, request_id, with_for_update=to_change or None)
    if found is None:
        raise NotFound
    return found


def newest(session: Session, limit: int) -> list[ReleaseRequest]:
    """The newest requests, the newest first."""
    query = select(ReleaseRequest).order_by(col(ReleaseRequest.asked_at).desc(), col(ReleaseRequest.id)).limit(limit)
    return list(session.scalars(query))


def unfinished(session: Session) -> list[ReleaseRequest]:
    """What waits or is being made, in the order in which it is made."""
    query = select(ReleaseRequest).where(col(ReleaseRequest.state).in_(UNFINISHED))
    return list(session.scalars(query.order_by(col(ReleaseRequest.asked_at), col(ReleaseRequest.id))))


def is_wanted(session: Session, now: datetime) -> bool:
    """Whether a worker could begin the next one now."""
    head = _head(session, lock=False)
    return head is not None and _is_free(head, now)


def claim_next(session: Session, *, worker: str, now: datetime, until: datetime) -> ReleaseRequest | None:
    """Begin the next one; None where nothing waits, or another worker is at it.

    Only the head of the queue is ever taken, so that two are never made at once. The try counts from here: one that
    kills its worker counts as well.
    """
    head = _head(session, lock=True)
    if head is None or not _is_free(head, now):
        return None
    values: dict[str, Any] = {
        "state": "making",
        "claimed_by": worker,
        "claimed_until": until,
        "begun_at": now,
        "attempts": head.attempts + 1,
        "stage": "counting",
        "stage_done": 0,
        "stage_of": 0,
        "turn": 0,
    }
    session.connection().execute(update(ReleaseRequest).where(col(ReleaseRequest.id) == head.id).values(**values))
    session.refresh(head)
    return head


def note(session: Session, request_id: str, *, worker: str, **values: Any) -> bool:
    """Write how far it is, or hold its claim for longer; False where `worker` has lost it."""
    changed = session.connection().execute(
        update(ReleaseRequest)
        .where(
            col(ReleaseRequest.id) == request_id,
            col(ReleaseRequest.state) == "making",
            col(ReleaseRequest.claimed_by) == worker,
        )
        .values(**values)
    )
    return bool(changed.rowcount)


def give_back(session: Session, request_id: str, *, worker: str, until: datetime | None, counts: bool) -> bool:
    """Let it wait again, until an instant where one is named; without `counts` the try is not counted."""
    return note(session, request_id, worker=worker, **_waiting_anew(until, counts=counts))


def give_back_all(session: Session, *, worker: str, counts: bool = True) -> int:
    """What a worker that is dead had begun may be begun again at once; gives how many.

    Without `counts` the try is not counted: it was ended on purpose.
    """
    changed = session.connection().execute(
        update(ReleaseRequest)
        .where(col(ReleaseRequest.state) == "making", col(ReleaseRequest.claimed_by) == worker)
        .values(**_waiting_anew(None, counts=counts))
    )
    return int(changed.rowcount)


def _waiting_anew(until: datetime | None, *, counts: bool) -> dict[str, Any]:
    return {
        "state": "asked",
        "stage": None,
        "claimed_by": None,
        "claimed_until": until,
        "attempts": ReleaseRequest.attempts - (0 if counts else 1),
    }


def _head(session: Session, *, lock: bool) -> ReleaseRequest | None:
    query = select(ReleaseRequest).where(col(ReleaseRequest.state).in_(UNFINISHED))
    query = query.order_by(col(ReleaseRequest.asked_at), col(ReleaseRequest.id)).limit(1)
    found: ReleaseRequest | None = session.scalar(query.with_for_update() if lock else query)
    return found


def _is_free(request: ReleaseRequest, now: datetime) -> bool:
    return request.claimed_until is None or request.claimed_until <= now
