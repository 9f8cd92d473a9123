"""`trim calendar`: zone, country, region and closing days, on which every clock runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.cli.opened import opened
from trim.domain.access import system_actor
from trim.domain.errors import InvalidInput
from trim.domain.working_days import read_days
from trim.settings import Settings

if TYPE_CHECKING:
    from trim.usecases.oversight.clock_moves import Moves
    from trim.usecases.oversight.set_calendar import OwnCalendar


@click.group("calendar")
def command() -> None:
    """Say where and when the organisation works: every deadline runs on it.

    \b
    Example:
      trim calendar show
      trim calendar set --country FR --region 6AE --closing-day 2026-12-24 --look
    """


@command.command("show")
@as_json_option
def show(as_json: bool) -> None:
    """Say what is set.

    \b
    Example:
      trim calendar show --json
    """
    from trim.usecases.oversight.set_calendar import own_calendar

    with opened(Settings.from_environment()) as backend, backend.reading() as uow:
        _say(own_calendar(uow, system_actor("calendar")), as_json)


@command.command("set")
@click.option("--zone", help="Time zone, such as Europe/Paris.")
@click.option("--country", help='Two letters, such as GB, FR or CA, for public holidays; "" for none.')
@click.option("--region", help='Region with holidays of its own, such as QC or 6AE; "" for none.')
@click.option(
    "--closing-day",
    "closing_days",
    multiple=True,
    metavar="DAY",
    help="An own closing day, as 2026-12-24; repeatable. These take the place of those set before.",
)
@click.option("--no-closing-days", is_flag=True, help="Take all own closing days away.")
@click.option("--look", is_flag=True, help="Only say what would move.")
@as_json_option
def change(
    zone: str | None,
    country: str | None,
    region: str | None,
    closing_days: tuple[str, ...],
    no_closing_days: bool,
    look: bool,
    as_json: bool,
) -> None:
    """Set it, and move every running deadline onto it; what is not named stays.

    Another country without --region takes the region away. Coordinators and leads are told.

    \b
    Example:
      trim calendar set --zone America/Toronto --country CA --region ON --look
    """
    from dataclasses import replace

    from trim.usecases.oversight.set_calendar import own_calendar, preview_calendar, set_calendar

    actor, now = system_actor("calendar"), datetime.now(UTC)
    try:
        days = read_days("\n".join(closing_days))
        with opened(Settings.from_environment()) as backend, backend.writing(alone=not look) as uow:
            wanted = own_calendar(uow, actor)
            if country is not None:
                wanted = replace(wanted, country=country, region="")
            if zone is not None:
                wanted = replace(wanted, zone_name=zone)
            if region is not None:
                wanted = replace(wanted, region=region)
            if days or no_closing_days:
                wanted = replace(wanted, closing_days=days)
            if look:
                moves = preview_calendar(uow, actor, now=now, wanted=wanted).moves
            else:
                moves = set_calendar(uow, actor, now=now, wanted=wanted)
                wanted = own_calendar(uow, actor)
    except InvalidInput as problem:
        cause = " ".join(reason.en for reason in problem.problems.values())
        raise CommandFailed(cause, "Nothing was changed.") from problem
    _say(wanted, as_json, moves, look=look)


def _say(calendar: OwnCalendar, as_json: bool, moves: Moves | None = None, *, look: bool = False) -> None:
    days = [day.isoformat() for day in calendar.closing_days]
    if as_json:
        counts = {} if moves is None else {"done": not look, **_counts(moves)}
        print_json(
            {
                "zone": calendar.zone_name,
                "country": calendar.country,
                "region": calendar.region,
                "closing_days": days,
                **counts,
            }
        )
        return
    place = " ".join(one for one in (calendar.country, calendar.region) if one) or "no country: no public holidays"
    click.echo(f"{calendar.zone_name}, {place}, closed on: {', '.join(days) or 'no days of its own'}.")
    if moves is not None:
        found = _counts(moves)
        would = "Would move" if look else "Moved"
        click.echo(
            f"{would}: {found['steps']} deadlines on {found['cases']} cases, {found['escalations']} escalations."
        )
        click.echo(f"Overdue by it: {found['overdue']}; no longer overdue: {found['not_overdue']}.")


def _counts(moves: Moves) -> dict[str, int]:
    return {
        "steps": moves.steps,
        "cases": moves.cases,
        "escalations": moves.escalations,
        "overdue": moves.overdue,
        "not_overdue": moves.not_overdue,
    }
