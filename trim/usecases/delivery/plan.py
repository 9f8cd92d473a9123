"""Says when each waiting notice leaves, by its recipient's wishes; whom it cannot reach is known at once."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor, system_actor
from trim.domain.telling import PASSING_LEAVE, PROMPT, next_moment
from trim.store import accounts, outbox
from trim.store.tables import Notice
from trim.usecases.delivery.reach import Away, unreachable
from trim.usecases.unit_of_work import Backend, UnitOfWork

#: How many notices are planned in one transaction.
BATCH = 200
POST = system_actor("post")


def plan_waiting(backend: Backend, *, now: datetime) -> int:
    """Plan whatever is not planned yet, in batches; gives how many can never be delivered (on leave, no address)."""
    lost = 0
    while True:
        with backend.writing() as uow:
            found, unreached = _plan_batch(uow, now)
        lost += unreached
        if found < BATCH:
            return lost


def give_up(uow: UnitOfWork, actor: Actor, notice: Notice, *, now: datetime, because: str) -> None:
    """A notice can never be delivered: it counts as unanswered at once, and stands on the page of such notices."""
    outbox.settle(uow.session, notice, state="failed", now=now, because=because)
    note(uow, actor, notice.recipient_id, now, "notice.failed", [notice], because)


def note(
    uow: UnitOfWork, actor: Actor, account_id: str, now: datetime, what: str, notices: list[Notice], because: str = ""
) -> None:
    """One line in the recipient's chain, by kinds and ids of notices."""
    chain = f"account:{account_id}"
    codes = {"notices": [one.id for one in notices], "kinds": sorted({one.kind for one in notices})}
    uow.record(
        actor, now, what, chain=chain, subject=chain, codes={**codes, **({"because": because} if because else {})}
    )


def _plan_batch(uow: UnitOfWork, now: datetime) -> tuple[int, int]:
    waiting = outbox.unplanned(uow.session, BATCH)
    if not waiting:
        return 0, 0
    zone = uow.organisation.zone
    recipients = accounts.by_ids(uow.session, {one.recipient_id for one in waiting})
    wishes = outbox.wishes_of(uow.session, recipients.keys())
    away = Away(uow.session, recipients.keys(), now.astimezone(zone).date())
    steps = outbox.steps(uow.session, {one.step_id for one in waiting if one.step_id})
    moments, lost = {}, 0
    for one in waiting:
        at = next_moment(wishes[one.recipient_id], zone, now, prompt=one.kind in PROMPT)
        if one.step_id in steps and steps[one.step_id].due_at <= at:
            # At their hour it would come too late: then as soon as they may be told at all.
            at = next_moment(wishes[one.recipient_id], zone, now, prompt=True)
        gone = away.on(one.recipient_id, at.astimezone(zone).date())
        because = unreachable(recipients[one.recipient_id], away=gone and one.kind not in PASSING_LEAVE, urgent=False)
        if because is None:
            moments[one.id] = at
        else:
            give_up(uow, POST, one, now=now, because=because)
            lost += 1
    outbox.plan(uow.session, moments)
    return len(waiting), lost
