"""`trim audit watch`: from where on a pattern of access is shown to the auditor."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import click

from trim.cli.messages import as_json_option, print_json
from trim.cli.opened import opened
from trim.domain.access import system_actor
from trim.domain.watch import LIMITS, Watch
from trim.settings import Settings
from trim.usecases.oversight.watch_trail import set_watch


def _figure(name: str, text: str) -> click.Option:
    least, most = LIMITS[name]
    return click.Option([f"--{name.replace('_', '-')}"], type=click.IntRange(least, most), help=text)


@click.command(
    "watch",
    params=[
        _figure("many_cases", "Different cases opened by one account in one day."),
        _figure("at_night", "Different cases opened by one account in one night."),
        _figure("night_from", "The hour at which a night begins, on the organisation's clock."),
        _figure("night_until", "The hour at which it ends."),
        _figure("many_refusals", "Pages refused to one account in one day."),
        _figure("many_searches", "Searches for people by one account in one day."),
    ],
)
@as_json_option
def watch(as_json: bool, **figures: int | None) -> None:
    """Show from where on a pattern of access is worth a look for the auditor, or set it.

    \b
    Example:
      trim audit watch
      trim audit watch --many-cases 30 --night-from 23
    """
    given = {name: value for name, value in figures.items() if value is not None}
    with opened(Settings.from_environment()) as backend, backend.writing() as uow:
        found: Watch = (
            set_watch(uow, system_actor("audit"), now=datetime.now(UTC), values=given)
            if given
            else uow.organisation.watch
        )
    if as_json:
        print_json(asdict(found))
        return
    for name, value in asdict(found).items():
        click.echo(f"{name.replace('_', '-'):15} {value}")
