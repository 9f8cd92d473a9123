"""Sends what is due: claimed in one transaction, handed to the mail server outside of any, marked in another.

Whatever crashes in between, a notice is sent at least once and never forgotten. Killed between the server's yes and the
mark, the mail goes a second time after the claim has run out, under the same Message-ID, so that it is known for the
same.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from uuid import uuid4

from trim.delivery.mail import Mail, MailNotSent, MailPutOff, MailRefused, Post
from trim.delivery.notice_mail import Told, notice_mail
from trim.delivery.pager import Pager
from trim.domain.telling import PASSING_LEAVE, WAITS, wait_after
from trim.store import outbox
from trim.store.tables import Account, Notice
from trim.usecases.delivery.call_due import call_due
from trim.usecases.delivery.plan import POST, give_up, note, plan_waiting
from trim.usecases.delivery.reach import Away, names_of_due, pointless, unreachable
from trim.usecases.unit_of_work import Backend, UnitOfWork

#: How long a claim holds. Longer than a server may take with `trim.delivery.mail.PATIENCE` for each of 13 answers.
LEASE = timedelta(minutes=5)
#: So many mails in a row that did not leave mean that the server is at fault, and waiting for it again is of no use.
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Sent:
    """What one call did: mails that left and notices in them, notices given up, dropped, mails to be tried again."""

    mails: int = 0
    notices: int = 0
    failed: int = 0
    dropped: int = 0
    later: int = 0
    calls: int = 0

    def __add__(self, other: Sent) -> Sent:
        return Sent(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Sent)))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that is this worker's to send, or None when all that was claimed came to nothing."""

    mail: Mail | None
    message_id: str = ""
    attempts: int = 0
    failed: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """What one call works with. `at()` is the instant handed in, moved on by as much as the work has taken since."""

    backend: Backend
    post: Post
    base_url: str
    worker: str
    at: Callable[[], datetime]


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
    """Send what does not wait for anybody's hour: urgent notices first, pager calls, then what is prompt.

    At most `most` mails; the rest waits for the next call. Any number of workers may call it at once.
    """
    the_round = Round(backend, post, base_url, worker, _moving(now, monotonic))
    calls = call_due(backend, pager, at=the_round.at, most=most)
    lost = plan_waiting(backend, now=now)
    return _send(the_round, gathered=False, most=most) + Sent(failed=lost, calls=calls)


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
    the_round = Round(backend, post, base_url, worker, _moving(now, monotonic))
    return _send(the_round, gathered=True, most=most) + Sent(failed=lost)


def _moving(now: datetime, monotonic: Callable[[], float]) -> Callable[[], datetime]:
    start = monotonic()
    return lambda: now + timedelta(seconds=monotonic() - start)


def _send(the_round: Round, *, gathered: bool, most: int) -> Sent:
    sent, in_a_row = Sent(), 0
    while sent.mails + sent.later < most and in_a_row < ENOUGH:
        claimed = _claim(the_round, gathered=gathered)
        if claimed is None:
            break
        sent += Sent(failed=claimed.failed, dropped=claimed.dropped)
        if claimed.mail is None:
            continue
        outcome, server_at_fault = _hand_over(the_round, claimed, claimed.mail)
        sent += outcome
        in_a_row = in_a_row + 1 if server_at_fault else 0
    return sent


def _claim(the_round: Round, *, gathered: bool) -> Claimed | None:
    """Take the next mail; None when nothing is due. What can never be delivered, or is pointless, is settled here."""
    now = the_round.at()
    with the_round.backend.writing() as uow:
        found = outbox.next_due(uow.session, now, gathered=gathered)
        if found is None:
            return None
        first, account = found
        # The account is locked now: look again, another worker may have claimed this a moment ago.
        if not outbox.may_leave(uow.session, first, now):
            return Claimed(None)
        together = outbox.together_with(uow.session, first, now)
        left, failed, dropped = _settle(uow, account, together, now)
        message_id = first.message_id or uuid4().hex
        mail = None
        if left:
            until = now + LEASE
            outbox.claim(
                uow.session, [one.id for one in left], worker=the_round.worker, until=until, message_id=message_id
            )
            mail = _mail(uow, account, left, message_id, the_round.base_url)
        attempts = 1 + max((one.attempts for one in left), default=0)
        return Claimed(mail, message_id, attempts, failed, dropped)


def _settle(uow: UnitOfWork, account: Account, together: list[Notice], now: datetime) -> tuple[list[Notice], int, int]:
    """Those that are still to be sent; how many were given up; how many were dropped."""
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
        if because is None and one.attempts > len(WAITS):
            # Every try killed its worker before it could say so.
            because = "gave_up"
        if because is None:
            left.append(one)
        else:
            give_up(uow, POST, one, now=now, because=because)
            failed += 1
    return left, failed, dropped


def _mail(uow: UnitOfWork, account: Account, notices: list[Notice], message_id: str, base_url: str) -> Mail:
    due = names_of_due(uow, notices, account.locale)
    return notice_mail(
        [Told(one.id, one.kind, one.subject_kind, one.subject_ref, due.get(one.id, "")) for one in notices],
        to=account.email,
        locale=account.locale,
        base_url=base_url,
        message_id=message_id,
        urgent=any(one.urgent for one in notices),
        demonstration=uow.organisation.demonstration,
    )


def _hand_over(the_round: Round, claimed: Claimed, mail: Mail) -> tuple[Sent, bool]:
    """Send one mail and note what came of it; the second value says that the server, not the mail, was at fault."""
    try:
        the_round.post.send(mail, now=the_round.at())
    except MailRefused:
        return _ended(the_round, claimed, because="bounced"), False
    except MailNotSent as problem:
        wait = wait_after(claimed.attempts)
        if wait is None:
            return _ended(the_round, claimed, because="gave_up"), True
        with the_round.backend.writing() as uow:
            at = the_round.at() + wait
            outbox.try_later(
                uow.session, claimed.message_id, worker=the_round.worker, at=at, problem=problem.problem[:64]
            )
        return Sent(later=1), not isinstance(problem, MailPutOff)
    return _ended(the_round, claimed), False


def _ended(the_round: Round, claimed: Claimed, because: str = "") -> Sent:
    """Mark what was in a mail as sent, or as given up; whoever marked it before was right."""
    now = the_round.at()
    with the_round.backend.writing() as uow:
        notices = outbox.in_mail(uow.session, claimed.message_id)
        if not notices:
            return Sent()
        for one in notices:
            outbox.settle(uow.session, one, state="failed" if because else "sent", now=now, because=because or None)
        what = "notice.failed" if because else "notice.sent"
        note(uow, POST, notices[0].recipient_id, now, what, notices, because)
    return Sent(failed=len(notices)) if because else Sent(mails=1, notices=len(notices))
