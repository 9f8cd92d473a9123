"""A demonstration's past was told while it happened: nothing of it waits when its story is at its end (CARE 34)."""

from __future__ import annotations

from datetime import datetime

from trim.audit import trail
from trim.domain.access import Actor
from trim.store import outbox
from trim.usecases.unit_of_work import UnitOfWork


def count_as_told(uow: UnitOfWork, actor: Actor, *, now: datetime, before: datetime) -> int:
    """Mark what was written before an instant as sent when it was written, with a line for each account; how many.

    Raises AssertionError outside a demonstration: there whatever waits is sent or fails in sight.
    """
    assert uow.organisation.demonstration, "only a demonstration has a past that nobody sent"
    told = outbox.count_as_sent(uow.session, before)
    for account_id, number in sorted(told.items()):
        chain = trail.account_chain(account_id)
        uow.record(actor, now, "notice.sent", chain=chain, subject=chain, codes={"number": number})
    return sum(told.values())
