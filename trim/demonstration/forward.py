"""Plays the calendar of a demonstration forward, through the very worker that runs elsewhere (CARE 34)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from trim.domain.access import system_actor
from trim.jobs.tasks import Kit
from trim.jobs.tick import Clock, prepare, tick
from trim.settings import Settings
from trim.store import deadlines
from trim.usecases.people.demonstration import put_clock_forward
from trim.usecases.unit_of_work import Backend

#: The longest leap: mails have hours of the day, and the night has its work.
LEAP = timedelta(hours=6)
#: The shortest: what is due at one instant and the next second is done together.
LEAST = timedelta(minutes=1)
PLAYER = system_actor("demonstration")


def play_forward(
    backend: Backend,
    settings: Settings,
    *,
    wall: datetime,
    until: datetime,
    progress: Callable[[datetime, int], None] = lambda _, __: None,
) -> int:
    """Let the worker live through every instant up to `until` at which something is wanted; gives how much it did.

    `wall` is the instant on the wall; the clock stays ahead by what is played. Raises Forbidden unless this is a
    demonstration and `until` lies ahead of its clock: nothing is changed then.
    """
    with backend.reading() as uow:
        at = wall + timedelta(seconds=uow.organisation.clock_ahead_seconds)
    # First, so that nothing is done under a clock that may not be put forward, and every line is marked.
    backend.database.simulated = True
    with backend.writing() as uow:
        put_clock_forward(uow, PLAYER, now=at, ahead=until - wall)
    kit = Kit(backend, settings, "demonstration")
    prepare(kit)
    done = 0
    while True:
        done += tick(kit, _standing(at)).total
        progress(at, done)
        if at >= until:
            return done
        with backend.reading() as uow:
            wanted = deadlines.next_instant(uow.session, at)
        at = min(until, at + LEAP, max(wanted or until, at + LEAST))


def _standing(at: datetime) -> Clock:
    """A clock that stands still while a tick goes on."""
    return lambda: at
