"""Leave: days on which somebody is away, noted by themselves or by a coordinator; no reason is asked.

What is told to somebody on leave counts as unanswered at once, so that it goes to somebody who is there. Urgent notices
come all the same (CARE 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from trim.audit import trail
from trim.domain.access import Actor, Can
from trim.domain.errors import InvalidInput, NotFound, Reason
from trim.store import accounts, outbox, telling
from trim.store.tables import Leave
from trim.usecases.people.training import practitioners
from trim.usecases.telling import tell
from trim.usecases.unit_of_work import UnitOfWork

#: A longer absence is no leave: the cases are handed over.
LONGEST = timedelta(days=366)
ENDS_FIRST = Reason(
    "ends_first",
    "The last day must not be before the first.",
    "Le dernier jour ne peut pas précéder le premier.",
)
ENDED = Reason("ended", "The last day must not be in the past.", "Le dernier jour ne peut pas être passé.")
TOO_LONG = Reason(
    "too_long",
    "Leave lasts a year at most. For longer, hand the cases over.",
    "Une absence dure un an au plus. Au-delà, transmettez les dossiers.",
)


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """One leave as pages show it; the last day is a day away."""

    leave_id: str
    from_on: date
    until_on: date
    is_now: bool


@dataclass(frozen=True, slots=True)
class LeavePage:
    """Whose leave, and which."""

    account_id: str
    name: str
    leaves: tuple[LeaveRow, ...]


def look_at_leave(uow: UnitOfWork, actor: Actor, *, now: datetime, account_id: str) -> LeavePage:
    """Leave of somebody that has not ended. Raises NotFound for nobody of this reader's."""
    name = _name_of(uow, actor, now, account_id)
    today = now.astimezone(uow.organisation.zone).date()
    rows = outbox.leaves(uow.session, [account_id], today)
    return LeavePage(
        account_id, name, tuple(LeaveRow(one.id, one.from_on, one.until_on, one.from_on <= today) for one in rows)
    )


def note_leave(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    account_id: str,
    from_on: date,
    until_on: date,
) -> bool:
    """Note leave; True when the person is on duty in these days, which nobody but people can put right.

    Raises NotFound for nobody of this actor's, InvalidInput (fields `until_on`).
    """
    _name_of(uow, actor, now, account_id)
    zone = uow.organisation.zone
    problem = _problem(from_on, until_on, now.astimezone(zone).date())
    if problem is not None:
        raise InvalidInput({"until_on": problem})
    row = Leave(
        id=uow.new_id(),
        account_id=account_id,
        from_on=from_on,
        until_on=until_on,
        noted_at=now,
        noted_by=actor.account_id,
    )
    uow.session.add(row)
    # What was to reach them then is found out now, not on the day.
    outbox.plan_anew(uow.session, account_id)
    _record(uow, actor, now, "leave.noted", row)
    account = accounts.by_id(uow.session, account_id)
    assert account is not None
    tell(
        uow,
        [account],
        kind="leave_noted",
        subject_kind="leave",
        subject_ref=row.id[:16],
        cause=row.id,
        now=now,
        actor=actor,
    )
    start = datetime.combine(from_on, time(), zone)
    end = datetime.combine(until_on + timedelta(days=1), time(), zone)
    return telling.has_turn_within(uow.session, account_id, start, end)


def take_back_leave(uow: UnitOfWork, actor: Actor, *, now: datetime, account_id: str, leave_id: str) -> None:
    """Take leave back: one that runs ended yesterday, one to come is dropped. Raises NotFound."""
    _name_of(uow, actor, now, account_id)
    row = telling.leave(uow.session, leave_id)
    today = now.astimezone(uow.organisation.zone).date()
    if row is None or row.account_id != account_id or row.until_on < today:
        raise NotFound
    if row.from_on < today:
        row.until_on = today - timedelta(days=1)
        uow.session.add(row)
    else:
        uow.session.delete(row)
    outbox.plan_anew(uow.session, account_id)
    _record(uow, actor, now, "leave.taken_back", row)


def _problem(from_on: date, until_on: date, today: date) -> Reason | None:
    if until_on < from_on:
        return ENDS_FIRST
    if until_on < today:
        return ENDED
    return TOO_LONG if until_on - from_on > LONGEST else None


def _name_of(uow: UnitOfWork, actor: Actor, now: datetime, account_id: str) -> str:
    """The name of the person: oneself, or a practitioner of this coordinator's in any programme. Raises NotFound."""
    if account_id == actor.account_id:
        return actor.name
    led = {one.programme for one in actor.grants if actor.can(Can.NOTE_LEAVE, None, one.programme)}
    for programme in sorted(led):
        for one in practitioners(uow, actor, now=now, programme=programme):
            if one.account_id == account_id:
                return one.name
    raise NotFound


def _record(uow: UnitOfWork, actor: Actor, now: datetime, what: str, row: Leave) -> None:
    chain = trail.account_chain(row.account_id)
    codes = {"from": row.from_on.isoformat(), "until": row.until_on.isoformat()}
    uow.record(actor, now, what, chain=chain, subject=chain, codes=dict(codes))
