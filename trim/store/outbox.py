"""The outbox as the worker sees it: what may leave now, claimed by one worker at a time, and what became of it.

Claims, plans and tries that failed for now go through the connection: they are the machine's own notes on how far it
is, tell nobody anything and leave no line in the trail. What was sent, given up or dropped leaves one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlmodel import Session, col

from trim.domain.telling import DEFAULT, PROMPT, Wishes
from trim.store.tables import Account, Escalation, HowTold, Leave, Notice, PagerCall, Step, SupportCase

#: For statements about rows that nobody has loaded.
_UNSEEN = {"synchronize_session": False}
#: How many notices one mail tells of; more make a second mail.
MOST_IN_ONE = 50


def unplanned(session: Session, limit: int) -> list[Notice]:
    """Notices that are not urgent and of which nobody has said yet when they leave, the oldest first."""
    query = (
        select(Notice)
        .where(
            col(Notice.state) == "waiting",
            col(Notice.urgent).is_(False),
            col(Notice.not_before).is_(None),
        )
        .order_by(col(Notice.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(query))


def plan(session: Session, moments: Mapping[str, datetime]) -> None:
    """Note when each notice may leave at the earliest, by row id."""
    if moments:
        session.connection().execute(
            update(Notice).where(col(Notice.id) == bindparam("the_id")).values(not_before=bindparam("then")),
            [{"the_id": one, "then": at} for one, at in moments.items()],
        )


def plan_anew(session: Session, account_id: str) -> None:
    """Forget when an account's notices were to leave, because its wishes changed; what is on its way stays."""
    session.connection().execute(
        update(Notice)
        .where(
            col(Notice.recipient_id) == account_id,
            col(Notice.state) == "waiting",
            col(Notice.urgent).is_(False),
            col(Notice.attempts) == 0,
        )
        .values(not_before=None)
    )


def next_due(session: Session, now: datetime, *, gathered: bool) -> tuple[Notice, Account] | None:
    """The next notice that may leave, with its recipient locked: nobody else gathers for the same person meanwhile.

    Without `gathered` those that are urgent or prompt, the urgent ones first; with it the rest. What another worker
    holds is passed over.
    """
    # What went into one mail before stays together, whatever its kind; the mail's own kind is that of any of them.
    kind = col(Notice.kind)
    of_this = kind.not_in(PROMPT) & col(Notice.urgent).is_(False) if gathered else kind.in_(PROMPT) | col(Notice.urgent)
    query = (
        select(Notice, Account)
        .join(Account, col(Account.id) == col(Notice.recipient_id))
        .where(
            col(Notice.state) == "waiting",
            or_(col(Notice.not_before) <= now, col(Notice.not_before).is_(None) & col(Notice.urgent)),
            or_(col(Notice.claimed_until).is_(None), col(Notice.claimed_until) <= now),
            of_this,
        )
        .order_by(col(Notice.urgent).desc(), col(Notice.not_before).nulls_first(), col(Notice.id))
        .limit(1)
        .with_for_update(of=Account, key_share=True, skip_locked=True)
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row is not None else None


def may_leave(session: Session, notice: Notice, now: datetime) -> bool:
    """Whether a notice still waits and nobody else holds it, as the row is now."""
    session.refresh(notice)
    return notice.state == "waiting" and (notice.claimed_until is None or notice.claimed_until <= now)


def together_with(session: Session, first: Notice, now: datetime) -> list[Notice]:
    """What leaves in one mail with a notice: what was in it before; else, unless it is urgent, all that may leave."""
    if first.message_id is None and first.urgent:
        return [first]
    query = select(Notice).where(
        col(Notice.recipient_id) == first.recipient_id,
        col(Notice.state) == "waiting",
        or_(col(Notice.claimed_until).is_(None), col(Notice.claimed_until) <= now),
    )
    if first.message_id is not None:
        query = query.where(col(Notice.message_id) == first.message_id)
    else:
        query = query.where(
            col(Notice.message_id).is_(None), col(Notice.urgent).is_(False), col(Notice.not_before) <= now
        )
    return list(session.scalars(query.order_by(col(Notice.made_at), col(Notice.id)).limit(MOST_IN_ONE)))


def claim(session: Session, ids: Collection[str], *, worker: str, until: datetime, message_id: str) -> None:
    """Take some notices to be sent in one mail. The try counts from here: one that kills its worker ends as well."""
    session.connection().execute(
        update(Notice)
        .where(col(Notice.id).in_(ids))
        .values(claimed_by=worker, claimed_until=until, message_id=message_id, attempts=Notice.attempts + 1)
    )


def in_mail(session: Session, message_id: str) -> list[Notice]:
    """What is in one mail and still waits for an answer about it, locked."""
    query = select(Notice).where(col(Notice.message_id) == message_id, col(Notice.state) == "waiting")
    return list(session.scalars(query.order_by(col(Notice.id)).with_for_update()))


def handed_over(session: Session, message_id: str) -> list[Notice]:
    """Whatever went out in one mail, locked, in any state; none when no mail of ours has that id."""
    query = select(Notice).where(col(Notice.message_id) == message_id)
    return list(session.scalars(query.order_by(col(Notice.id)).with_for_update()))


def try_later(session: Session, message_id: str, *, worker: str, at: datetime, problem: str) -> None:
    """A try failed for now; if the claim was lost meanwhile it is another worker's to say."""
    session.connection().execute(
        update(Notice)
        .where(col(Notice.message_id) == message_id, col(Notice.state) == "waiting", col(Notice.claimed_by) == worker)
        .values(not_before=at, last_problem=problem, claimed_by=None, claimed_until=None)
    )


def settle(session: Session, notice: Notice, *, state: str, now: datetime, because: str | None = None) -> None:
    """A notice was sent, failed for good or was dropped; its calls to a pager that wait end with a drop.

    One that was sent may fail after all, when the mail comes back.
    """
    notice.state, notice.settled_at = state, now
    notice.claimed_by = notice.claimed_until = None
    notice.sent_at = now if state == "sent" else None
    if state == "failed":
        notice.failed_because = because
    elif state == "dropped":
        notice.dropped_because = because
        if notice.urgent:
            _drop_call(session, notice.id)
    session.add(notice)


def _drop_call(session: Session, notice_id: str) -> None:
    session.connection().execute(
        update(PagerCall)
        .where(col(PagerCall.notice_id) == notice_id, col(PagerCall.state) == "waiting")
        .values(state="dropped")
    )


def wishes_of(session: Session, account_ids: Collection[str]) -> dict[str, Wishes]:
    """How these accounts want to be told; of one that has set nothing the defaults."""
    rows = session.scalars(select(HowTold).where(col(HowTold.account_id).in_(account_ids)))
    found = {
        row.account_id: Wishes(
            row.digest_minute, row.quiet_from, row.quiet_until, frozenset(int(day) for day in row.days)
        )
        for row in rows
    }
    return {one: found.get(one, DEFAULT) for one in account_ids}


def leaves(session: Session, account_ids: Collection[str], from_on: date) -> list[Leave]:
    """Leave of these accounts that has not ended before a day, the next first."""
    query = select(Leave).where(col(Leave.account_id).in_(account_ids), col(Leave.until_on) >= from_on)
    return list(session.scalars(query.order_by(col(Leave.from_on), col(Leave.id))))


def steps(session: Session, ids: Collection[str]) -> dict[str, Step]:
    """Steps by id."""
    return {one.id: one for one in session.scalars(select(Step).where(col(Step.id).in_(ids)))} if ids else {}


def packs_of_cases(session: Session, case_ids: Collection[str]) -> dict[str, str]:
    """The version of the pack that each case runs on, by the case's id."""
    if not case_ids:
        return {}
    query = select(col(SupportCase.id), col(SupportCase.pack_version_id)).where(col(SupportCase.id).in_(case_ids))
    return {row[0]: row[1] for row in session.execute(query)}


def cases_by_ref(session: Session, refs: Collection[str]) -> dict[str, SupportCase]:
    """Cases by reference."""
    query = select(SupportCase).where(col(SupportCase.ref).in_(refs))
    return {one.ref: one for one in session.scalars(query)} if refs else {}


def escalations_by_ref(session: Session, refs: Collection[str]) -> dict[str, Escalation]:
    """Escalations by reference."""
    query = select(Escalation).where(col(Escalation.ref).in_(refs))
    return {one.ref: one for one in session.scalars(query)} if refs else {}


def next_call(session: Session, now: datetime) -> tuple[PagerCall, Notice, Account] | None:
    """The next urgent call that may be made, locked; the oldest first."""
    query = (
        select(PagerCall, Notice, Account)
        .join(Notice, col(Notice.id) == col(PagerCall.notice_id))
        .join(Account, col(Account.id) == col(Notice.recipient_id))
        .where(
            col(PagerCall.state) == "waiting",
            or_(col(PagerCall.not_before).is_(None), col(PagerCall.not_before) <= now),
            or_(col(PagerCall.claimed_until).is_(None), col(PagerCall.claimed_until) <= now),
        )
        .order_by(col(PagerCall.not_before).nulls_first(), col(PagerCall.id))
        .limit(1)
        .with_for_update(of=PagerCall, skip_locked=True)
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1], row[2]) if row is not None else None


def note_call(session: Session, call_id: str, **values: Any) -> None:
    """How far a call is: claimed, to be tried again, dropped."""
    session.connection().execute(update(PagerCall).where(col(PagerCall.id) == call_id).values(**values))


def call_later(session: Session, call_id: str, *, attempts: int, at: datetime, problem: str) -> None:
    """A call failed for now; another try has begun if the count of them grew meanwhile, and then that one counts."""
    session.connection().execute(
        update(PagerCall)
        .where(col(PagerCall.id) == call_id, col(PagerCall.state) == "waiting", col(PagerCall.attempts) == attempts)
        .values(not_before=at, claimed_until=None, last_problem=problem[:64])
    )


def call_and_notice(session: Session, call_id: str) -> tuple[PagerCall | None, Notice | None]:
    """A call, locked, and what it is about; None for what was erased meanwhile."""
    call = session.get(PagerCall, call_id, with_for_update=True)
    return call, session.get(Notice, call.notice_id) if call is not None else None


def count_as_sent(session: Session, before: datetime) -> dict[str, int]:
    """Mark notices of before an instant as sent when they were written; gives how many by account."""
    waits = (col(Notice.state) == "waiting", col(Notice.made_at) < before)
    query = select(col(Notice.recipient_id), func.count()).where(*waits).group_by(col(Notice.recipient_id))
    found = {row[0]: int(row[1]) for row in session.execute(query)}
    ids = select(col(Notice.id)).where(*waits)
    session.execute(
        update(PagerCall).where(col(PagerCall.notice_id).in_(ids)).values(state="dropped"),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        update(Notice).where(*waits).values(state="sent", sent_at=Notice.made_at, settled_at=Notice.made_at),
        execution_options={"synchronize_session": False},
    )
    return found


def forget(session: Session, settled_before: datetime, limit: int) -> int:
    """Erase notices that were settled before an instant, with their calls to a pager; gives how many, `limit` at most.

    Kept for longer is what somebody may still have to act on: a failed one that nobody saw to, and whatever is about a
    question that is not decided or a step that is not done, whose page shows who was told.
    """
    asked = select(col(Escalation.ref)).where(col(Escalation.decided_at).is_(None))
    due = select(col(Step.id)).where(col(Step.state).in_(("open", "paused")))
    unread = (col(Notice.state) == "failed") & or_(col(Notice.weighed_at).is_(None), col(Notice.seen_at).is_(None))
    query = (
        select(col(Notice.id))
        .where(
            col(Notice.state).in_(("sent", "failed", "dropped")),
            col(Notice.settled_at) < settled_before,
            ~unread,
            col(Notice.subject_ref).not_in(asked),
            or_(col(Notice.step_id).is_(None), col(Notice.step_id).not_in(due)),
        )
        .order_by(col(Notice.settled_at), col(Notice.id))
        .limit(limit)
    )
    ids = list(session.scalars(query))
    if ids:
        session.execute(delete(PagerCall).where(col(PagerCall.notice_id).in_(ids)), execution_options=_UNSEEN)
        session.execute(delete(Notice).where(col(Notice.id).in_(ids)), execution_options=_UNSEEN)
    return len(ids)


def counts(session: Session) -> dict[str, int]:
    """How many notices are in each state."""
    query = select(col(Notice.state), func.count()).group_by(col(Notice.state))
    return {row[0]: row[1] for row in session.execute(query)}


def late(session: Session, now: datetime) -> tuple[int, datetime | None]:
    """How many notices could have left by now and wait still, and since when the first of them could."""
    since = func.coalesce(col(Notice.not_before), col(Notice.made_at))
    query = select(func.count(), func.min(since)).where(
        col(Notice.state) == "waiting", or_(col(Notice.not_before).is_(None), col(Notice.not_before) <= now)
    )
    row = session.execute(query).one()
    return int(row[0]), row[1]


def unseen(session: Session) -> int:
    """How many notices reached nobody and were not taken note of."""
    query = select(func.count()).where(col(Notice.state) == "failed", col(Notice.seen_at).is_(None))
    return int(session.scalar(query) or 0)


def calls_failed(session: Session, since: datetime) -> int:
    """How many urgent calls were not taken, of notices written since."""
    query = (
        select(func.count())
        .join(Notice, col(Notice.id) == col(PagerCall.notice_id))
        .where(col(PagerCall.state) == "failed", col(Notice.made_at) >= since)
    )
    return int(session.scalar(query.select_from(PagerCall)) or 0)
