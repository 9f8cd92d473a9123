"""`trim statistics rules`: by which rules the next releases are made."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.cli.opened import opened
from trim.settings import Settings

_ROUNDING: dict[str, dict[str, Any] | None] = {
    "none": None,
    "as-well": {"base": 5},
    "instead": {"base": 5, "instead": True},
}


@click.command("rules")
@click.option("--threshold", type=int, help="Counts of 1 to this are hidden: 5, 7 or 10.")
@click.option("--incidents", type=int, help="A figure needs so many incidents behind it; 3 at least.")
@click.option("--width", type=int, help="The bounds of a hidden figure stay so far apart; 4 at least.")
@click.option("--least-headcount", type=int, help="Units of fewer people have no row of their own.")
@click.option("--most-hidden", type=int, help="A table with more hidden, in per cent, is made coarser.")
@click.option("--zeros", type=click.Choice(["shown", "hidden"]), help="Zeros of what is not sensitive.")
@click.option("--rounding", type=click.Choice([*_ROUNDING]), help="Round to base 5: beside hiding, or instead of it.")
@click.option("--bands", type=click.Choice(["whole", "by-unit"]), help="Whether bands name the unit from now on.")
@as_json_option
def command(as_json: bool, **given: Any) -> None:
    """Say by which rules releases are made; with options, change them for the next ones.

    What is published keeps the rules that it was published by. The trail names each change.

    \b
    Example:
      trim statistics rules
      trim statistics rules --threshold 10 --rounding as-well
    """
    from trim.store import settings as stored
    from trim.usecases.statistics.move_facts import SYSTEM
    from trim.usecases.statistics.set_rules import set_rules
    from trim.usecases.statistics.wishes import BANDS_BY_UNIT, SETTING, UnusableRules, rules

    changes = _changes(given)
    with opened(Settings.from_environment()) as backend:
        try:
            if changes:
                with backend.writing() as uow:
                    set_rules(uow, SYSTEM, now=datetime.now(UTC), changes=changes)
            with backend.reading() as uow:
                said = stored.read(uow.session, SETTING, {})
            holds = rules(said)
        except UnusableRules as problem:
            raise CommandFailed(str(problem), "Nothing was changed. See: trim statistics rules --help") from problem
    rounding = None if holds.rounding is None else "instead" if holds.rounding.instead else "as-well"
    told = {
        "threshold": holds.threshold,
        "incidents": holds.incidents,
        "width": holds.width,
        "least_headcount": holds.least_headcount,
        "most_hidden": holds.most_hidden,
        "zeros": "shown" if holds.zeros_shown else "hidden",
        "rounding": rounding or "none",
        "bands": "by-unit" if said.get(BANDS_BY_UNIT) else "whole",
    }
    if as_json:
        print_json(told)
        return
    for name, value in told.items():
        click.echo(f"{name.replace('_', '-')}: {value}")


def _changes(given: dict[str, Any]) -> dict[str, Any]:
    """What was typed, as the setting has it."""
    changes = {name: value for name, value in given.items() if value is not None}
    if "zeros" in changes:
        changes["zeros_shown"] = changes.pop("zeros") == "shown"
    if "rounding" in changes:
        changes["rounding"] = _ROUNDING[changes["rounding"]]
    if "bands" in changes:
        changes["bands_by_unit"] = changes.pop("bands") == "by-unit"
    return changes
