"""A calendar client fetches a feed: no cookie, no name, only what its secret address opens.

Reading stands in the trail of the account, once a day: a client asks every hour, and would drown everything else there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from trim.audit import trail
from trim.delivery.calendar import Entry, uid_of
from trim.domain.access import Actor, Can, Role
from trim.domain.calendar import start_of_day
from trim.domain.errors import NotFound, TrimError
from trim.store import accounts, calendar_feeds, sign_in, worklists
from trim.store.tables import Appointment, CalendarFeed, Step, SupportCase
from trim.store.worklists import DueRow
from trim.usecases.calendar.own_feed import token_digest
from trim.usecases.oversight.rows import OF_CASES
from trim.usecases.oversight.words import words_of
from trim.usecases.people.sign_in_guard import SOURCE_LIMIT, SOURCE_PAUSE
from trim.usecases.unit_of_work import Backend, UnitOfWork

#: More are shown nowhere; who has so many needs help and no calendar.
MOST = 500
#: How long a past appointment stays.
PAST = timedelta(days=30)
READ = "feed.read"


class FeedGone(TrimError):
    """The address was taken back or replaced, or whoever had it has left or supports nobody any more."""


class TooManyGuesses(TrimError):
    """So many addresses that nobody has ever had were asked for from one place that it is turned away for a while."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar shows, and in which language."""

    entries: tuple[Entry, ...]
    language: str


def read_feed(backend: Backend, *, now: datetime, token: str, source: str, base_url: str) -> Feed:
    """What the address shows; `source` is an IP address, or what stands for one.

    Raises NotFound for an address that never was, FeedGone, TooManyGuesses.
    """
    with backend.reading() as uow:
        if _is_turned_away(uow, source, now):
            raise TooManyGuesses
        row = calendar_feeds.of_token(uow.session, token_digest(uow, token))
        opened = _opened(uow, row, now, base_url) if row is not None else None
    if opened is None:
        _count_guess(backend, source, now)
        raise NotFound
    feed, actor, feed_id, noted = opened
    if not noted:
        chain = trail.account_chain(actor.account_id)
        with backend.writing() as uow:
            uow.record(actor, now, READ, chain=chain, subject=chain, codes={"feed": feed_id})
    return feed


def _opened(uow: UnitOfWork, row: CalendarFeed, now: datetime, base_url: str) -> tuple[Feed, Actor, str, bool]:
    """What the address shows, whose it is, its row, and whether a reading of today stands in the trail."""
    actor = _reader(uow, row.account_id, now) if row.ended_at is None else None
    if actor is None:
        raise FeedGone
    zone = uow.organisation.zone
    today = start_of_day(now.astimezone(zone).date(), zone)
    noted = calendar_feeds.is_noted(uow.session, trail.account_chain(actor.account_id), READ, today)
    return Feed(tuple(_entries(uow, actor, now, base_url)), actor.locale), actor, row.id, noted


def _reader(uow: UnitOfWork, account_id: str, now: datetime) -> Actor | None:
    """Whose feed it is, while they may work on cases of their own."""
    account = accounts.by_id(uow.session, account_id)
    if account is None or not account.active:
        return None
    actor = accounts.actor(uow.session, account, now)
    return actor if actor.can(Can.WORK_OWN_CASES) else None


def _entries(uow: UnitOfWork, actor: Actor, now: datetime, base_url: str) -> list[Entry]:
    programmes = sorted({grant.programme for grant in actor.grants if grant.role is Role.PRACTITIONER})
    steps = words_of(uow, programmes).steps(OF_CASES, ("practitioner",))
    due = worklists.due_of_practitioner(uow.session, actor.account_id, steps, limit=MOST)
    agreed = calendar_feeds.appointments_of(uow.session, actor.account_id, since=now - PAST, limit=MOST)
    return [*(_due(row, base_url) for row in due), *(_appointment(one, case, base_url) for one, case in agreed)]


def _due(row: DueRow, base_url: str) -> Entry:
    step = row.step
    return Entry(
        uid=uid_of("step", step.id),
        what="due",
        ref=row.case.ref,
        url=f"{base_url}/cases/{row.case.ref}",
        starts_at=step.due_at,
        minutes=None,
        revision=step.revision,
        changed_at=_changed_at(step),
    )


def _changed_at(step: Step) -> datetime:
    """When the clock was last touched, by whichever way."""
    ways = (step.opened_at, step.moved_at, step.paused_at, step.resumed_at, step.reset_at)
    return max(at for at in ways if at is not None)


def _appointment(row: Appointment, case: SupportCase, base_url: str) -> Entry:
    return Entry(
        uid=uid_of("appointment", row.id),
        what="appointment",
        ref=case.ref,
        url=f"{base_url}/cases/{case.ref}",
        starts_at=row.starts_at,
        minutes=row.minutes,
        revision=row.sequence,
        changed_at=row.changed_at,
    )


def _is_turned_away(uow: UnitOfWork, source: str, now: datetime) -> bool:
    guard = sign_in.guard(uow.session, _source_digest(uow, source))
    return guard is not None and guard.locked_until is not None and guard.locked_until > now


def _count_guess(backend: Backend, source: str, now: datetime) -> None:
    """An address that was taken back is no guess: a forgotten telephone must not lock its neighbours out."""
    with backend.writing() as uow:
        guard = sign_in.locked_guard(uow.session, _source_digest(uow, source), now)
        if guard.last_failed_at <= now - SOURCE_PAUSE:
            guard.failures = 0
        guard.failures, guard.last_failed_at = guard.failures + 1, now
        guard.locked_until = now + SOURCE_PAUSE if guard.failures >= SOURCE_LIMIT else None


def _source_digest(uow: UnitOfWork, source: str) -> str:
    return uow.vault.blind_index("calendar feed source", source)
