"""Publish one closed period: count, hide, attack, and only then freeze it, with its line in the trail.

Counting and reckoning happen outside any transaction, for they can take minutes. What was counted is counted again in
the transaction that freezes it: had anything moved in between, nothing is published.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.exc import IntegrityError

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.calendar import quarter
from trim.domain.errors import Forbidden, NotFound, TrimError
from trim.statistics import attack, build
from trim.statistics.counts import Count, Unit
from trim.statistics.declaration import Declaration
from trim.statistics.model import Release, Rules, Words
from trim.statistics.model_json import from_json, to_json
from trim.statistics.periods import Period, named, number_of
from trim.statistics.withstand import StillExposed, withstanding
from trim.store import facts, releases
from trim.store.tables import Release as ReleaseRow
from trim.usecases.statistics.causes import CAUSES
from trim.usecases.statistics.counts import counts, units
from trim.usecases.statistics.move_facts import move_batch, move_facts
from trim.usecases.statistics.tell_of_release import tell_readers
from trim.usecases.unit_of_work import Backend, UnitOfWork

#: What a release may take, in seconds, before the safe and coarser way finishes it.
BUILD_SECONDS: Final = 600.0
ATTACK_SECONDS: Final = 1800.0

Progress = Callable[[str, int, int], None]


class PeriodOpen(TrimError):
    """The period is not over: figures of it would still move."""


class PublishedAlready(TrimError):
    """A release of this very period stands: it never changes; what was wrong in it is corrected by a new one."""


class NothingToCorrect(TrimError):
    """No fact of the period came late: a correction would say what stands already."""


class MovedMeanwhile(TrimError):
    """Facts changed while figures were worked out. Nothing was published; start again."""


class NotPublishable(TrimError):
    """The attack on the finished figures found something: nothing is published. `report` says what."""

    def __init__(self, report: attack.Report) -> None:
        super().__init__(
            f"The figures were not published: the attack could not prove {len(report.exposed)} of "
            f"{len(report.lines)} hidden figures safe. Release a longer period or take a table out of the declaration."
        )
        self.report = report


@dataclass(frozen=True, slots=True)
class Made:
    """A release as it was published, with the attack on it."""

    release: Release
    report: attack.Report
    body: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """By which rules and declaration a release is made; `words` labels codes of open directions."""

    declaration: Declaration
    rules: Rules
    words: Mapping[str, Mapping[str, Words]]
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """A release that somebody asked for.

    `codes` stand in its line of the trail; `settle` is called with its number in the transaction that freezes it, so
    that the request and the release cannot disagree. What it raises keeps the release from being published.
    """

    codes: Mapping[str, trail.Code]
    settle: Callable[[UnitOfWork, int], None]


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a release is made from, read at one instant."""

    counts: tuple[Count, ...]
    units: tuple[Unit, ...]
    earlier: tuple[Release, ...]
    number: int


def release_period(
    backend: Backend,
    actor: Actor,
    *,
    now: datetime,
    period: Period,
    wishes: Wishes,
    progress: Progress | None = None,
    asked: OnBehalf | None = None,
) -> Made:
    """Publish a period that is over. Where too little happened in it, the half-year or year around it is published.

    Whoever may read figures is told. What `progress` raises ends it with nothing published. Raises Forbidden,
    PeriodOpen, PublishedAlready, NotPublishable, MovedMeanwhile, and what `build_release` raises.
    """
    return _publish(backend, actor, now=now, period=period, wishes=wishes, progress=progress, asked=asked)


def correct_release(
    backend: Backend,
    actor: Actor,
    *,
    now: datetime,
    number: int,
    cause: str,
    wishes: Wishes,
    progress: Progress | None = None,
    asked: OnBehalf | None = None,
) -> Made:
    """Publish a new release of the period of an earlier one, with what came late, checked against all earlier ones.

    Raises NotFound, NothingToCorrect, and as `release_period`.
    """
    if cause not in CAUSES:
        raise NotFound
    with backend.reading() as uow:
        row = releases.by_number(uow.session, number)
        if row is None or number in releases.corrected_by(uow.session):
            raise NotFound
    period = Period(row.period_from, row.period_to)
    return _publish(
        backend,
        actor,
        now=now,
        period=period,
        wishes=wishes,
        progress=progress,
        asked=asked,
        corrects=number,
        cause=cause,
    )


def _publish(
    backend: Backend,
    actor: Actor,
    *,
    now: datetime,
    period: Period,
    wishes: Wishes,
    progress: Progress | None,
    asked: OnBehalf | None,
    corrects: int | None = None,
    cause: str | None = None,
) -> Made:
    if not actor.is_system:
        raise Forbidden
    hear = progress or (lambda _what, _done, _of: None)
    move_facts(backend, now=now, everything=True)
    with backend.reading() as uow:
        closed = named(number_of(quarter(now.astimezone(uow.organisation.zone))) - 1)
        _may_publish(uow, period, closed, corrects)
        ground = _ground(uow, period, closed, late=corrects is not None)

    def allowed(longer: Period) -> None:
        with backend.reading() as uow:
            _may_publish(uow, longer, closed, None)

    asking = build.Asked(ground.number, period, wishes.programmes, closed, corrects)
    release, report = _withstanding(ground, wishes, hear, asking, allowed)
    if not report.is_safe:
        _note_refusal(backend, actor, now, release, report)
        raise NotPublishable(report)
    return _freeze(backend, actor, now, release, report, ground, period=period, closed=closed, cause=cause, asked=asked)


def _withstanding(
    ground: _Ground, wishes: Wishes, hear: Progress, asked: build.Asked, allowed: Callable[[Period], None]
) -> tuple[Release, attack.Report]:
    """The release and the attack on it: made coarser as often as the attack finds something, so late but not leaky.

    `allowed` raises where a longer period than asked for came of it that may not be published: before the attack.
    """
    heads = {one.code: one.headcount for one in ground.units if one.headcount is not None}
    tried: list[tuple[Release, attack.Report]] = []

    def make(careful: Mapping[str, int]) -> Release:
        made = build.build_release(
            ground.counts,
            wishes.declaration,
            ground.units,
            wishes.rules,
            ground.earlier,
            hear,
            BUILD_SECONDS,
            asked=asked,
            words=wishes.words,
            careful=careful,
        )
        if made.period != asked.period:
            allowed(made.period)
        return made

    def exposed(release: Release) -> set[str]:
        report = attack.attack(
            [*ground.earlier, release],
            headcounts=heads,
            progress=lambda done, of: hear("attack", done, of),
            time_limit=ATTACK_SECONDS,
        )
        tried.append((release, report))
        return {line.table for line in report.exposed}

    with suppress(StillExposed):
        withstanding(make, exposed)
    return tried[-1]


def _may_publish(uow: UnitOfWork, period: Period, closed: str, corrects: int | None) -> None:
    if number_of(period.last) > number_of(closed):
        raise PeriodOpen(f"{period.last} is not over. Release it once its last day has passed.")
    if corrects is not None:
        if facts.count_late(uow.session, period.quarters) == 0:
            raise NothingToCorrect(
                f"Nothing of {period.first} to {period.last} was recorded after release {corrects}: "
                "it stands as it is, and no correction is needed."
            )
        return
    for row in releases.everything(uow.session):
        if (row.period_from, row.period_to) == (period.first, period.last):
            raise PublishedAlready(
                f"{period.first} to {period.last} was published as release {row.number}. "
                f"If something in it is wrong: trim statistics correct {row.number} --cause late_facts"
            )


def _ground(uow: UnitOfWork, period: Period, closed: str, *, late: bool) -> _Ground:
    """Counts of the whole year, because a quarter with too little in it becomes a half-year or a year."""
    year = [f"{period.first[:4]}-Q{one}" for one in (1, 2, 3, 4)]
    quarters = period.quarters if late else [one for one in year if number_of(one) <= number_of(closed)]
    states = ("open", "counted", "late") if late else ("open", "counted")
    return _Ground(
        tuple(sorted(counts(uow.session, quarters, states=states), key=repr)),
        tuple(units(uow.session, period.last)),
        tuple(from_json(row.body) for row in releases.everything(uow.session)),
        releases.last_number(uow.session) + 1,
    )


def _freeze(
    backend: Backend,
    actor: Actor,
    now: datetime,
    release: Release,
    report: attack.Report,
    ground: _Ground,
    *,
    period: Period,
    closed: str,
    cause: str | None,
    asked: OnBehalf | None,
) -> Made:
    body = to_json(release)
    digest = hashlib.sha256(body).hexdigest()
    late = release.corrects is not None
    with backend.writing() as uow:
        # A fact that is moved on between the count and the mark would be marked as counted and be in no figure.
        facts.hold(uow.session)
        # What came in meanwhile is opened here: facts of the quarter that runs hold nothing up.
        while facts.count_waiting(uow.session):
            move_batch(uow, actor, now=now)
        again = _ground(uow, period, closed, late=late)
        if Counter(again.counts) != Counter(ground.counts) or again.number != ground.number:
            raise MovedMeanwhile(
                "Something was recorded for this period while its figures were worked out. Nothing was published: "
                "run the same command again."
            )
        if not late:
            _may_publish(uow, release.period, closed, None)
        facts.count_open(uow.session, release.period.quarters, late=late)
        uow.session.add(
            ReleaseRow(
                id=uow.new_id(),
                number=release.number,
                kind="correction" if late else "release",
                corrects=release.corrects,
                cause=cause,
                period_from=release.period.first,
                period_to=release.period.last,
                released_at=now,
                released_by=actor.account_id,
                body=body.decode(),
                body_digest=digest,
                report=attack.to_json(report).decode(),
            )
        )
        try:
            uow.session.flush()
        except IntegrityError as error:
            # Two were frozen at the same moment, where the database lets two write at once.
            raise MovedMeanwhile("Another release was published meanwhile. Run the same command again.") from error
        codes: dict[str, trail.Code] = {
            "release": release.number,
            "from": release.period.first,
            "to": release.period.last,
            "body": digest,
            "attacked": len(report.lines),
            **(asked.codes if asked is not None else {}),
        }
        if late:
            _record_correction(uow, actor, now, {**codes, "corrects": release.corrects, "cause": cause})
        else:
            uow.record(actor, now, "statistics.released", chain=trail.ORGANISATION, subject="statistics", codes=codes)
        tell_readers(uow, actor, now=now, number=release.number, corrects=release.corrects)
        if asked is not None:
            asked.settle(uow, release.number)
    return Made(release, report, body, digest)


def _record_correction(uow: UnitOfWork, actor: Actor, now: datetime, codes: Mapping[str, trail.Code]) -> None:
    uow.record(actor, now, "statistics.corrected", chain=trail.ORGANISATION, subject="statistics", codes=codes)


def _note_refusal(backend: Backend, actor: Actor, now: datetime, release: Release, report: attack.Report) -> None:
    with backend.writing() as uow:
        uow.record(
            actor,
            now,
            "statistics.not_released",
            chain=trail.ORGANISATION,
            subject="statistics",
            codes={
                "from": release.period.first,
                "to": release.period.last,
                "attacked": len(report.lines),
                "exposed": len(report.exposed),
            },
        )
