"""`trim retention`: how long things are kept, and the nightly erasure by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.cli.opened import opened
from trim.domain import retention
from trim.domain.access import system_actor
from trim.settings import Settings
from trim.usecases.disclosure.forget import forget_requests
from trim.usecases.oversight.link_days import FEWEST, MOST, set_link_days
from trim.usecases.retention.erase_due import erase_due
from trim.usecases.retention.set_periods import retention_of, set_period


@click.group("retention")
def command() -> None:
    """Erase what has been kept long enough.

    \b
    Example:
      trim retention rules
      trim retention set supported P7Y
      trim retention run
    """


@command.command("run")
@as_json_option
def run(as_json: bool) -> None:
    """Warn of what will be erased, erase what was warned of long enough ago, finish what was broken off.

    Run it every night, by cron or a timer; running it once more does no harm.

    \b
    Example:
      trim retention run
    """
    with opened(Settings.from_environment()) as backend:
        now = datetime.now(UTC)
        done, requests = erase_due(backend, now=now), forget_requests(backend, now=now)
        erased, keys = done.erased + requests, done.keys_destroyed + requests
    if as_json:
        print_json({"warned": done.warned, "erased": erased, "keys_destroyed": keys})
    else:
        click.echo(f"{done.warned} announced, {erased} erased, {keys} keys destroyed.")


@command.command("rules")
@as_json_option
def rules(as_json: bool) -> None:
    """Say how long what is kept after its end; the first rule that fits counts.

    \b
    Example:
      trim retention rules --json
    """
    with opened(Settings.from_environment()) as backend, backend.reading() as uow:
        found = retention_of(uow)
    if as_json:
        print_json(
            {
                "warn_before": found.warn_before,
                "rules": [
                    {
                        "name": rule.name,
                        "kind": rule.kind,
                        "keep": rule.keep,
                        "states": sorted(rule.states),
                        "outcomes": sorted(rule.outcomes),
                    }
                    for rule in found.rules
                ],
            }
        )
        return
    for rule in found.rules:
        narrowed = ", ".join(sorted(rule.states | rule.outcomes)) or "whatever ended"
        click.echo(f"{rule.name:<14} {rule.kind:<9} {rule.keep or 'kept until somebody decides':<28} {narrowed}")
    click.echo(f"Coordinators are told {found.warn_before} before.")


@command.command("set")
@click.argument("name")
@click.argument("period")
def change(name: str, period: str) -> None:
    """Keep what the rule NAME is for so long: PERIOD is an ISO 8601 duration from the last activity, or "never".

    NAME `warning` sets how long before erasure the coordinators are told.

    \b
    Example:
      trim retention set supported P7Y
      trim retention set died never
      trim retention set warning P30D
    """
    try:
        with opened(Settings.from_environment()) as backend, backend.writing() as uow:
            set_period(uow, system_actor("retention"), now=datetime.now(UTC), name=name, period=period)
    except ValueError as problem:
        names = ", ".join(rule.name for rule in retention.DEFAULTS)
        raise CommandFailed(f"Cannot set {name} to {period}.", f"Rules: {names}, warning. {problem}") from problem
    click.echo(f"{name}: {period}")


@command.command("links")
@click.argument("days", type=click.IntRange(FEWEST, MOST))
def links(days: int) -> None:
    """Let private links that are made from now on work for so many DAYS (30 until it is set).

    \b
    Example:
      trim retention links 14
    """
    with opened(Settings.from_environment()) as backend, backend.writing() as uow:
        set_link_days(uow, system_actor("retention"), now=datetime.now(UTC), days=days)
    click.echo(f"New private links work for {days} days.")
