"""Sends the notices that are due: urgent ones first, then what is prompt; what is gathered at each person's hour."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from trim.delivery.mail import Mail, Post
from trim.delivery.notice_mail import Told, notice_mail
from trim.delivery.pager import Pager
from trim.delivery.posting import LEASE, Held, Sent, has_tried_enough, moving, post_waiting
from trim.domain.telling import PASSING_LEAVE
from trim.store import outbox
from trim.store.tables import Account, Notice
from trim.usecases.delivery.call_due import call_due
from trim.usecases.delivery.plan import POST, give_up, note, plan_waiting
from trim.usecases.delivery.reach import Away, names_of_due, pointless, unreachable
from trim.usecases.unit_of_work import Backend, UnitOfWork


def send_due(
    backend: Backend,
    post: Post,
    *,
    now: datetime,
    base_url: str = "",
    pager: Pager | None = None,
    worker: str = "worker",
    most: int = 200,
    monotonic: Callable[[], float] = time.monotonic,
) -> Sent:
    """Send what does not wait for anybody's hour: pager calls, which wake people, then urgent mails, then prompt ones.

    At most `most` mails; the rest waits for the next call. Any number of workers may call it at once.
    """
    at = moving(now, monotonic)
    calls = call_due(backend, pager, at=at, most=most)
    lost = plan_waiting(backend, now=now)
    sent = post_waiting(Outbox(backend, base_url, worker, gathered=False), post, at=at, most=most)
    return sent + Sent(failed=lost, calls=calls)


def digest_due(
    backend: Backend,
    post: Post,
    *,
    now: datetime,
    base_url: str = "",
    worker: str = "worker",
    most: int = 500,
    monotonic: Callable[[], float] = time.monotonic,
) -> Sent:
    """Send whatever is gathered for people whose hour has come, one mail each."""
    lost = plan_waiting(backend, now=now)
    queue = Outbox(backend, base_url, worker, gathered=True)
    return post_waiting(queue, post, at=moving(now, monotonic), most=most) + Sent(failed=lost)


@dataclass(frozen=True, slots=True)
class HeldNotices(Held):
    """Notices of one recipient that leave in one mail of this id."""

    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Outbox:
    """The notices that wait: with `gathered` those that come together at their recipient's hour, else the others."""

    backend: Backend
    base_url: str
    worker: str
    gathered: bool

    def claim(self, now: datetime) -> HeldNotices | None:
        """Take what leaves in one mail; what can never be delivered, or is pointless, is settled here."""
        with self.backend.writing() as uow:
            found = outbox.next_due(uow.session, now, gathered=self.gathered)
            if found is None:
                return None
            first, account = found
            # The account is locked now: look again, another worker may have claimed this a moment ago.
            if not outbox.may_leave(uow.session, first, now):
                return HeldNotices(None)
            left, settled = _settle(uow, account, outbox.together_with(uow.session, first, now), now)
            if not left:
                return HeldNotices(None, settled=settled)
            message_id = first.message_id or uuid4().hex
            ids = [one.id for one in left]
            outbox.claim(uow.session, ids, worker=self.worker, until=now + LEASE, message_id=message_id)
        return HeldNotices(
            lambda: self._mail(account, left, message_id),
            attempts=1 + max(one.attempts for one in left),
            settled=settled,
            message_id=message_id,
        )

    def sent(self, held: HeldNotices, now: datetime) -> Sent:
        """Mark what was in a mail as sent."""
        number = self._end(held, now)
        return Sent(mails=1, notices=number) if number else Sent()

    def give_up(self, held: HeldNotices, now: datetime, *, because: str, problem: str) -> Sent:
        """Mark what was in a mail as failed: it counts as unanswered at once."""
        return Sent(failed=self._end(held, now, because=because, problem=problem))

    def put_off(self, held: HeldNotices, until: datetime, *, problem: str) -> None:
        """Let what was in a mail wait for its next try."""
        with self.backend.writing() as uow:
            outbox.try_later(uow.session, held.message_id, worker=self.worker, at=until, problem=problem)

    def _end(self, held: HeldNotices, now: datetime, *, because: str = "", problem: str = "") -> int:
        """Settle what waits in a mail; whoever marked it before was right."""
        with self.backend.writing() as uow:
            notices = outbox.in_mail(uow.session, held.message_id)
            for one in notices:
                one.last_problem = problem[:64] or one.last_problem
                outbox.settle(uow.session, one, state="failed" if because else "sent", now=now, because=because or None)
            if notices:
                what = "notice.failed" if because else "notice.sent"
                note(uow, POST, notices[0].recipient_id, now, what, notices, because)
        return len(notices)

    def _mail(self, account: Account, notices: Sequence[Notice], message_id: str) -> Mail:
        with self.backend.reading() as uow:
            due = names_of_due(uow, notices, account.locale)
            demonstration = uow.organisation.demonstration
        return notice_mail(
            [Told(one.id, one.kind, one.subject_kind, one.subject_ref, due.get(one.id, "")) for one in notices],
            to=account.email,
            locale=account.locale,
            base_url=self.base_url,
            message_id=message_id,
            urgent=any(one.urgent for one in notices),
            demonstration=demonstration,
        )


def _settle(uow: UnitOfWork, account: Account, together: Sequence[Notice], now: datetime) -> tuple[list[Notice], Sent]:
    """Those that are still to be sent, and how many were given up or dropped."""
    today = now.astimezone(uow.organisation.zone).date()
    away = Away(uow.session, [account.id], today).on(account.id, today)
    needless = pointless(uow, together)
    left, failed, dropped = [], 0, 0
    for one in together:
        if one.id in needless:
            outbox.settle(uow.session, one, state="dropped", now=now, because=needless[one.id])
            note(uow, POST, account.id, now, "notice.dropped", [one], needless[one.id])
            dropped += 1
            continue
        because = unreachable(account, away=away and one.kind not in PASSING_LEAVE, urgent=one.urgent)
        if because is None and has_tried_enough(one.attempts):
            because = "gave_up"
        if because is None:
            left.append(one)
        else:
            give_up(uow, POST, one, now=now, because=because)
            failed += 1
    return left, Sent(failed=failed, dropped=dropped)
