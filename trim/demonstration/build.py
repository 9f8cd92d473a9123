"""Build the demonstration: the organisation, then two years of what happens to it, then what the sign-in page shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from trim.demonstration.beside import beside_stories
from trim.demonstration.cast import BUILDER, TURN, Casting, Size, put_turn
from trim.demonstration.events import SPAN, Chronicle, read_log
from trim.demonstration.figures import publish_figures
from trim.demonstration.playwright import Playwright
from trim.demonstration.stage import Stage
from trim.demonstration.straw import found_straw, straw_stories
from trim.engine.definition import Pack
from trim.store.haste import not_waiting_for_the_disk
from trim.usecases.delivery.told_before import count_as_told
from trim.usecases.unit_of_work import Backend

#: The smallest demonstration that shows every state.
LEAST_CASES = 60
#: Weeks for which the duty rota is filled ahead.
ROTA_AHEAD = 6
#: What was written in the last hour is left to the worker.
STILL_TO_SEND = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be built: `hashed` is the hash of `password`, with which everybody signs in."""

    seed: int
    cases: int
    password: str
    hashed: str


def build(
    backend: Backend,
    *,
    now: datetime,
    pack: Pack,
    examples: Path,
    wishes: Wishes,
    progress: Callable[[int, int], None] | None = None,
    beside: Pack | None = None,
) -> Stage:
    """Fill an empty database. The same seed and instant tell the same story; ids and keys are new each time.

    `beside` is the pack of the second programme, where one is to be shown as well.
    """
    begins = now - SPAN - timedelta(days=1)
    casting = Casting(
        backend,
        seed=wishes.seed,
        size=Size.for_cases(wishes.cases),
        at=begins,
        until=now,
        password=wishes.password,
        hashed=wishes.hashed,
    )
    with not_waiting_for_the_disk(backend.database):
        casting.found(pack)
        casting.hire()
        casting.engage()
        if beside is not None:
            found_straw(backend, casting.cast, pack=beside, at=begins, until=now)
        stage = _played(backend, casting, begins, now, pack, examples, wishes, progress, beside is not None)
        publish_figures(backend, casting.cast, now=now, begins=begins, pack=pack, seed=wishes.seed)
        casting.show_sign_ins()
        with backend.writing() as uow:
            count_as_told(uow, BUILDER, now=now, before=now - STILL_TO_SEND)
    return stage


def _played(
    backend: Backend,
    casting: Casting,
    begins: datetime,
    now: datetime,
    pack: Pack,
    examples: Path,
    wishes: Wishes,
    progress: Callable[[int, int], None] | None,
    with_straw: bool,
) -> Stage:
    with backend.reading() as uow:
        zone = uow.organisation.zone
    stage = Stage(backend, pack, zone, casting.cast, wishes.seed, now=begins, until=now)
    if progress is not None:
        stage.on_case = lambda done: progress(done, wishes.cases)
    _fill_rota(stage)
    play = Playwright(stage, Chronicle(read_log(examples), wishes.seed, now, zone), wishes.cases)
    for story in play.stories():
        story.begin()
    taken = play.met()
    if with_straw:
        for other in straw_stories(stage, taken):
            other.begin()
    for beside in beside_stories(stage, taken):
        beside.begin()
    stage.play()
    return stage


def _fill_rota(stage: Stage) -> None:
    """A turn for every week, put down some weeks before; the last ones lie ahead of today."""
    monday = stage.now.astimezone(stage.zone).date() - timedelta(days=stage.now.weekday())
    begins = datetime.combine(monday, time(8), stage.zone)

    def put(at: datetime) -> None:
        with stage.backend.writing() as uow:
            put_turn(uow, stage.cast, now=stage.now, begins=at)

    while begins < stage.until + ROTA_AHEAD * TURN:
        stage.at(begins - ROTA_AHEAD * TURN, lambda at=begins: put(at))  # type: ignore[misc] # bound at once
        # By the calendar, so that a turn begins at eight in summer and in winter.
        begins = datetime.combine(begins.date() + TURN, time(8), stage.zone)
