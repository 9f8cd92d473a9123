"""`trim demo --until DATE`: a demonstration lives through the weeks to come, by the real worker."""

from __future__ import annotations

import sys
from datetime import date, datetime, time

import click

from trim.cli.messages import CommandFailed, print_json
from trim.cli.opened import opened
from trim.domain.errors import Forbidden
from trim.settings import Settings

#: The hour of the day to which it is played: the day's work is done by then.
EVENING = time(18, 0)


def play(settings: Settings, day: date, *, as_json: bool) -> None:
    """Play forward and say what the worker did. Raises CommandFailed anywhere but in a demonstration."""
    from trim.app import utc_now
    from trim.demonstration.forward import play_forward
    from trim.demonstration.ground import ground_of
    from trim.store import migrate

    if migrate.state(settings.owner_database_url) == "missing" or ground_of(settings.database_url) != "finished":
        raise CommandFailed(
            "Only a demonstration has a clock that can be put forward, and there is none here. Nothing was changed.",
            "Build one in a folder of its own: TRIM_INSTANCE=demonstration trim demo",
        )
    with opened(settings) as backend:
        with backend.reading() as uow:
            zone = uow.organisation.zone
        until = datetime.combine(day, EVENING, zone)

        def show(at: datetime, done: int) -> None:
            if not as_json and sys.stderr.isatty():
                click.echo(f"\r  {at.astimezone(zone):%Y-%m-%d}  {done:,} done", err=True, nl=False)

        try:
            done = play_forward(backend, settings, wall=utc_now(), until=until, progress=show)
        except Forbidden as problem:
            raise CommandFailed(
                "The clock of a demonstration goes forward only, and that day is behind it. Nothing was changed.",
                "Give a later day, as 2027-01-15.",
            ) from problem
    if as_json:
        print_json({"until": until.isoformat(), "done": done})
        return
    click.echo(f"It is {day.isoformat()} in this demonstration now. The worker did {done:,} things on the way.")
    click.echo("Start trim serve and trim worker anew: they take the clock over at their start.")
