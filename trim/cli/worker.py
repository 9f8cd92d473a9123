"""`trim worker`: does what nobody has to be there for: reminders, escalations, mails, and the work of the night."""

from __future__ import annotations

import logging
import os
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING

import click

from trim.cli.messages import CommandFailed
from trim.cli.older import require_fresh
from trim.cli.opened import opened
from trim.cli.serve import require_ready, stop_with
from trim.settings import Settings

if TYPE_CHECKING:
    from trim.jobs.tick import Ticked


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then end: for cron, or to catch up by hand.")
@click.option("--distributed", is_flag=True, help="One of several, on PostgreSQL: each tick is done by one of them.")
@click.option("--inside", type=int, hidden=True, help="Number of the server process that this worker belongs to.")
def command(once: bool, distributed: bool, inside: int | None) -> None:
    """Send reminders and mails, take what is overdue to somebody else, and do the work of the night.

    It ends in order on Ctrl-C or SIGTERM, after the task that runs. Started twice it does no harm. `trim jobs` shows
    how it goes. TRIM_TICK_SECONDS says how often it looks (60).

    \b
    Example:
      trim worker
      trim worker --once
      trim worker --distributed
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    settings = Settings.from_environment()
    if inside is not None:
        stop_with(inside, signal.SIGTERM)
    require_ready(settings)
    # An older copy of the database would remind of what was done long ago.
    require_fresh(settings, accepted=False)
    if distributed:
        _distributed(settings, once=once)
    else:
        _embedded(settings, once=once, kind="embedded" if inside is None else "serving")


def _embedded(settings: Settings, *, once: bool, kind: str) -> None:
    from trim.app import utc_now
    from trim.jobs.embedded import Embedded, worker_name
    from trim.jobs.tasks import Kit
    from trim.usecases.people.demonstration import clock_of

    with opened(settings) as backend:
        kit = Kit(backend, settings, worker_name())
        worker = Embedded(kit, clock_of(backend, utc_now), settings.tick_seconds, kind=kind, told=_say)

        def stop(_: int, __: FrameType | None) -> None:
            worker.stop()

        if not once:
            for which in (signal.SIGTERM, signal.SIGINT):
                signal.signal(which, stop)
            click.echo(f"Worker {os.getpid()} looks every {settings.tick_seconds} seconds (Ctrl-C stops it).", err=True)
        worker.run(once=once)
    if once and worker.failed:
        raise CommandFailed(
            f"Not everything could be done: {', '.join(worker.failed)}.", "See `trim jobs` for what failed and why."
        )


def _distributed(settings: Settings, *, once: bool) -> None:
    if not settings.database_url.startswith("postgresql"):
        raise CommandFailed(
            "Several workers share their work through PostgreSQL, and this instance has its database in a file.",
            "On one machine start `trim worker`; for several set TRIM_DATABASE_URL to a PostgreSQL database.",
        )
    from trim.app import utc_now
    from trim.usecases.people.demonstration import clock_of

    try:
        from trim.jobs import distributed
    except ModuleNotFoundError as problem:
        raise CommandFailed(
            "The package procrastinate is not installed.", "Install Trim with it: pip install 'trim[distributed]'."
        ) from problem
    with opened(settings) as backend:
        distributed.run(backend, settings, clock=clock_of(backend, utc_now), once=once)


def _say(ticked: Ticked) -> None:
    if ticked.did:
        logging.getLogger("trim.worker").info(
            "%s", ", ".join(f"{name} {number}" for name, number in ticked.did.items())
        )
