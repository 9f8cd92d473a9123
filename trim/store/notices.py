"""The outbox: notices as rows, written once, in the transaction of the change that causes them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select, true
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
    # One that this very transaction wrote is not in the database yet.
    if session.get(Notice, row_id) is not None or any(
        isinstance(one, Notice) and one.id == row_id for one in session.new
    ):
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


def newest(
    session: Session, account_id: str, limit: int = 10, *, since: datetime | None = None, without: Collection[str] = ()
) -> list[Notice]:
    """The newest notices to an account: made since then, and of no kind named in `without`."""
    query = (
        select(Notice)
        .where(col(Notice.recipient_id) == account_id, col(Notice.kind).not_in(without))
        .where(col(Notice.made_at) >= since if since is not None else true())
        .order_by(col(Notice.made_at).desc(), col(Notice.id))
        .limit(limit)
    )
    return list(session.scalars(query))


def about_steps(session: Session, step_ids: Collection[str]) -> list[tuple[Notice, str]]:
    """Every notice of some steps, with the name of whoever it is for; the earliest first."""
    query = (
        select(Notice, col(Account.name))
        .join(Account, col(Account.id) == col(Notice.recipient_id))
        .where(col(Notice.step_id).in_(step_ids))
        .order_by(col(Notice.made_at), col(Notice.id))
    )
    return [(row[0], row[1]) for row in session.execute(query)]
