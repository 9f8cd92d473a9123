"""One way for every mail that waits in a row: claimed, handed over outside of any transaction, marked.

Whatever crashes in between, a mail is sent at least once and never forgotten. Killed between the server's yes and the
mark, it goes a second time after the claim has run out, under the same Message-ID, so that it is known for the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from trim.delivery.mail import Mail, MailNotSent, MailPutOff, MailRefused, Post
from trim.domain.telling import WAITS, wait_after
from trim.store.database import DatabaseUnavailable

_LOG = logging.getLogger(__name__)

#: How long a claim holds. Longer than a server may take with `trim.delivery.mail.PATIENCE` for each of 13 answers.
LEASE = timedelta(minutes=5)
#: So many in a row that did not leave mean that the server is at fault, and waiting for it again is of no use.
ENOUGH = 3

#: The instant handed in, moved on by as much as the work has taken since: a claim counts from when it is made.
Clock = Callable[[], datetime]


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
class Held:
    """A mail that is this worker's to send, at its try number `attempts`; `settled` is what came to its end on the way.

    `write` makes it, outside of any transaction; None when all that was claimed came to nothing.
    """

    write: Callable[[], Mail] | None
    attempts: int = 0
    settled: Sent = Sent()


H = TypeVar("H", bound=Held)


class Queue(Protocol[H]):
    """Rows that wait to leave as mails. Each method is one transaction, and a try counts from the claim on."""

    def claim(self, now: datetime) -> H | None:
        """Take the next mail for `LEASE`; None when nothing is due."""

    def sent(self, held: H, now: datetime) -> Sent:
        """The server has taken it."""

    def give_up(self, held: H, now: datetime, *, because: str, problem: str) -> Sent:
        """It will never be delivered: `because` is bounced or gave_up, `problem` what the last try failed of."""

    def put_off(self, held: H, until: datetime, *, problem: str) -> None:
        """It is tried again at that instant, unless the claim was lost meanwhile."""


def moving(now: datetime, monotonic: Callable[[], float]) -> Clock:
    """A clock that begins at `now` and goes on with the machine's."""
    start = monotonic()
    return lambda: now + timedelta(seconds=monotonic() - start)


def has_tried_enough(attempts: int) -> bool:
    """Whether so many tries were made that each of them must have killed its worker before it could say so."""
    return attempts > len(WAITS)


def post_waiting(queue: Queue[H], post: Post, *, at: Clock, most: int) -> Sent:
    """Send what is due, at most `most` mails; the rest waits for the next call. Any number of workers may do so.

    Raises DatabaseUnavailable: nothing is lost, the claims run out.
    """
    total, in_a_row = Sent(), 0
    while total.mails + total.later < most and in_a_row < ENOUGH:
        held = queue.claim(at())
        if held is None:
            break
        total += held.settled
        if held.write is None:
            continue
        outcome, server_at_fault = _hand_over(queue, post, held, held.write, at)
        total += outcome
        in_a_row = in_a_row + 1 if server_at_fault else 0
    return total


def _hand_over(queue: Queue[H], post: Post, held: H, write: Callable[[], Mail], at: Clock) -> tuple[Sent, bool]:
    """Send one mail and note what came of it; the second value says that the server, not the mail, was at fault."""
    try:
        post.send(write(), now=at())
    except MailRefused as problem:
        return queue.give_up(held, at(), because="bounced", problem=problem.problem), False
    except MailNotSent as problem:
        return _later(queue, held, at(), problem.problem), not isinstance(problem, MailPutOff)
    except DatabaseUnavailable:
        raise
    except Exception as problem:
        # One that cannot be written must not hold up the others; the message may say what is in it, the kind does not.
        word = type(problem).__name__
        _LOG.error("a mail could not be written or sent (%s)", word)
        return _later(queue, held, at(), word), False
    return queue.sent(held, at()), False


def _later(queue: Queue[H], held: H, now: datetime, problem: str) -> Sent:
    wait = wait_after(held.attempts)
    if wait is None:
        return queue.give_up(held, now, because="gave_up", problem=problem)
    queue.put_off(held, now + wait, problem=problem[:64])
    return Sent(later=1)
