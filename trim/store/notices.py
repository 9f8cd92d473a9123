"""The outbox: notices as rows, written once, in the transaction of the change that causes them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlmodel import Session, col

from trim.store.tables import Account, Notice, PagerCall


def add(
    session: Session,
    *,
    once_key: str,
    kind: str,
    subject_kind: str,
    subject_ref: str,
    recipient: Account,
    now: datetime,
    urgent: bool = False,
    step_id: str | None = None,
) -> str:
    """Tell one account of one thing, once; the row's id is drawn from the key, so a second write finds the first.

    `step_id` names what is due: once that is done the notice is dropped instead of sent. Gives the row's id.
    """
    row_id = hashlib.sha256(once_key.encode()).hexdigest()[:32]
    if session.get(Notice, row_id) is not None:
        return row_id
    session.add(
        Notice(
            id=row_id,
            once_key=once_key,
            kind=kind,
            subject_kind=subject_kind,
            subject_ref=subject_ref,
            step_id=step_id,
            recipient_id=recipient.id,
            urgent=urgent,
            made_at=now,
        )
    )
    if urgent:
        # The call names the notice, and the two tables know no order of their own.
        session.flush()
        session.add(PagerCall(id=uuid4().hex, notice_id=row_id))
    return row_id


def newest(session: Session, account_id: str, limit: int = 10) -> list[Notice]:
    """The newest notices to an account."""
    query = (
        select(Notice)
        .where(col(Notice.recipient_id) == account_id)
        .order_by(col(Notice.made_at).desc(), col(Notice.id))
        .limit(limit)
    )
    return list(session.scalars(query))
