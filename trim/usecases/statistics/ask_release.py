"""Ask for a release, see how far it is, take it back while it waits. The worker makes it; nothing is reckoned here.

A programme lead over the whole organisation asks: a release holds for all units. Never somebody who reads figures, for
whoever could choose what is published next to what could narrow a hidden figure down (docs/decisions/0033).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from trim.audit import trail
from trim.domain.access import Actor, Can
from trim.domain.calendar import quarter
from trim.domain.errors import Forbidden, InvalidInput, Reason
from trim.domain.releasing import UNFINISHED
from trim.statistics.periods import KINDS, NotAPeriod, Period, named, number_of
from trim.store import accounts, facts, jobs, people, release_requests, releases, settings
from trim.store.tables import Release, ReleaseRequest
from trim.usecases.statistics.causes import CAUSES
from trim.usecases.unit_of_work import UnitOfWork

#: So many requests are listed, and so many quarters back are offered.
SHOWN: Final = 20
LOOK_BACK: Final = 20
#: So long without a sign of life of any worker, and people are told that nothing goes on.
SILENT: Final = timedelta(minutes=10)

NO_PERIOD = Reason(
    "no_period",
    "Choose a period that is over and not published yet.",
    "Choisissez une période terminée et pas encore publiée.",
)
ASKED_ALREADY = Reason(
    "asked_already", "Somebody has asked for this period already.", "Cette période a déjà été demandée."
)
NO_RELEASE = Reason(
    "no_release",
    "Choose a release of whose period something was recorded late.",
    "Choisissez une publication dont la période a reçu des éléments tardifs.",
)
NO_CAUSE = Reason("no_cause", "Choose why it is corrected.", "Choisissez le motif de la correction.")
BEGUN = Reason(
    "begun",
    "It has begun, so it can no longer be taken back.",
    "La préparation a commencé : il n’est plus possible de l’annuler.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as pages show it. `stalled`: its worker fell silent, and the next one begins anew."""

    request_id: str
    first: str
    last: str
    corrects: int | None
    cause: str | None
    asked_by: str
    asked_at: datetime
    state: str
    stage: str | None
    done: int
    of: int
    turn: int
    attempts: int
    stalled: bool
    ended_at: datetime | None
    release: int | None
    #: The period of that release: longer than asked for where too little had happened.
    published: tuple[str, str] | None
    refused_because: str | None
    refused_about: dict[str, list[str]]
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class AskedPage:
    """What was asked for, the newest first, and whether this reader may ask.

    `waits_for_nobody`: something has waited for a while, and no worker has given a sign of life meanwhile.
    """

    requests: tuple[Asked, ...]
    may_ask: bool
    waits_for_nobody: bool


def look_at_requests(uow: UnitOfWork, actor: Actor, *, now: datetime) -> AskedPage:
    """The newest requests; no figure and no person supported stands in them, so that it leaves no line.

    Raises Forbidden.
    """
    if not actor.can(Can.ASK_RELEASE):
        raise Forbidden
    asks = may_ask(uow, actor)
    rows = release_requests.newest(uow.session, SHOWN)
    names = accounts.names(uow.session, {one.asked_by for one in rows})
    made = {one.number: one for one in releases.heads(uow.session)}
    since = now - SILENT
    waits = any(one.state in UNFINISHED and one.asked_at <= since for one in rows)
    alone = waits and not any(one.stopped_at is None for one in jobs.workers(uow.session, since))
    return AskedPage(tuple(_asked(one, names, made, now, may_ask=asks) for one in rows), asks, alone)


def may_ask(uow: UnitOfWork, actor: Actor) -> bool:
    """Whether this reader leads a programme over every unit: a release holds for all of them."""
    return set(people.units(uow.session)) <= actor.units_where(Can.ASK_RELEASE)


def periods_to_ask(uow: UnitOfWork, *, now: datetime) -> tuple[Period, ...]:
    """Closed periods that are neither published nor asked for, the latest first, since anything was told."""
    oldest = facts.first_quarter(uow.session)
    if oldest is None:
        return ()
    closed = _closed(uow, now)
    gone = {(one.period_from, one.period_to) for one in releases.heads(uow.session)}
    gone |= {(one.period_from, one.period_to) for one in release_requests.unfinished(uow.session)}
    start = max(number_of(oldest), closed - LOOK_BACK + 1)
    # A year is offered where any quarter of it has facts: it may have begun before them.
    found = [
        Period(named(first), named(first + length - 1))
        for length in KINDS
        for first in range(start // length * length, closed - length + 2, length)
    ]
    left = [one for one in found if (one.first, one.last) not in gone]
    return tuple(sorted(left, key=lambda one: (number_of(one.last), len(one.quarters)), reverse=True))


def releases_to_correct(uow: UnitOfWork) -> tuple[Release, ...]:
    """Releases that stand and of whose period something came late, the newest first; without their figures."""
    late = facts.quarters_late(uow.session)
    if not late:
        return ()
    corrected = releases.corrected_by(uow.session)
    gone = {(one.period_from, one.period_to) for one in release_requests.unfinished(uow.session)}
    return tuple(
        one
        for one in reversed(releases.heads(uow.session))
        if one.number not in corrected
        and late.intersection(Period(one.period_from, one.period_to).quarters)
        and (one.period_from, one.period_to) not in gone
    )


def ask_for_release(uow: UnitOfWork, actor: Actor, *, now: datetime, first: str, last: str) -> str:
    """Ask for a release of a period that is over; gives the row's id. Raises Forbidden, InvalidInput (`period`)."""
    _require(uow, actor)
    try:
        period = Period(first, last)
    except NotAPeriod as error:
        raise InvalidInput({"period": NO_PERIOD}) from error
    _refuse_twice(uow, "period", period.first, period.last)
    if period not in periods_to_ask(uow, now=now):
        raise InvalidInput({"period": NO_PERIOD})
    return _ask(uow, actor, now, period)


def ask_for_correction(uow: UnitOfWork, actor: Actor, *, now: datetime, number: int, cause: str) -> str:
    """Ask for a new release in the place of one; gives the row's id.

    Raises Forbidden, InvalidInput (`release`, `cause`).
    """
    _require(uow, actor)
    old = releases.by_number(uow.session, number)
    if old is None:
        raise InvalidInput({"release": NO_RELEASE})
    _refuse_twice(uow, "release", old.period_from, old.period_to)
    if number not in {one.number for one in releases_to_correct(uow)}:
        raise InvalidInput({"release": NO_RELEASE})
    if cause not in CAUSES:
        raise InvalidInput({"cause": NO_CAUSE})
    return _ask(uow, actor, now, Period(old.period_from, old.period_to), corrects=number, cause=cause)


def take_back(uow: UnitOfWork, actor: Actor, *, now: datetime, request_id: str) -> None:
    """Take a request back that no worker has begun. Raises Forbidden, NotFound, InvalidInput."""
    _require(uow, actor)
    row = release_requests.load(uow.session, request_id, to_change=True)
    uow.session.refresh(row)
    if row.state != "asked":
        raise InvalidInput({"request": BEGUN})
    row.state, row.ended_at, row.claimed_until = "taken_back", now, None
    uow.session.add(row)
    _record(uow, actor, now, "statistics.request_taken_back", row)


def _require(uow: UnitOfWork, actor: Actor) -> None:
    if not may_ask(uow, actor):
        raise Forbidden
    # Two who ask at once queue behind the row of the organisation's name, which is always there.
    settings.lock(uow.session, "organisation_name")


def _closed(uow: UnitOfWork, now: datetime) -> int:
    """The number of the last quarter that is over in the organisation's zone."""
    return number_of(quarter(now.astimezone(uow.organisation.zone))) - 1


def _refuse_twice(uow: UnitOfWork, field: str, first: str, last: str) -> None:
    if any((one.period_from, one.period_to) == (first, last) for one in release_requests.unfinished(uow.session)):
        raise InvalidInput({field: ASKED_ALREADY})


def _ask(
    uow: UnitOfWork, actor: Actor, now: datetime, period: Period, corrects: int | None = None, cause: str | None = None
) -> str:
    row = ReleaseRequest(
        id=uow.new_id(),
        period_from=period.first,
        period_to=period.last,
        corrects=corrects,
        cause=cause,
        asked_at=now,
        asked_by=actor.account_id,
    )
    uow.session.add(row)
    _record(uow, actor, now, "statistics.release_asked", row)
    return row.id


def _record(uow: UnitOfWork, actor: Actor, now: datetime, what: str, row: ReleaseRequest) -> None:
    codes: dict[str, trail.Code] = {"request": row.id, "from": row.period_from, "to": row.period_to}
    if row.corrects is not None:
        codes |= {"corrects": row.corrects, "cause": row.cause}
    uow.record(actor, now, what, chain=trail.ORGANISATION, subject="statistics", codes=codes)


def _asked(
    row: ReleaseRequest, names: dict[str, str], made: dict[int, Release], now: datetime, *, may_ask: bool
) -> Asked:
    came = made.get(row.release_number) if row.release_number is not None else None
    return Asked(
        request_id=row.id,
        first=row.period_from,
        last=row.period_to,
        corrects=row.corrects,
        cause=row.cause,
        asked_by=names.get(row.asked_by, row.asked_by),
        asked_at=row.asked_at,
        state=row.state,
        stage=row.stage,
        done=row.stage_done,
        of=row.stage_of,
        turn=row.turn,
        attempts=row.attempts,
        stalled=row.state == "making" and row.claimed_until is not None and row.claimed_until <= now,
        ended_at=row.ended_at,
        release=row.release_number,
        published=(came.period_from, came.period_to) if came is not None else None,
        refused_because=row.refused_because,
        refused_about=row.refused_about or {},
        may_take_back=may_ask and row.state == "asked",
    )
