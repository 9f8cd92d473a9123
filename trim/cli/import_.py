"""`trim import`: bring in people, or incidents of the past, from a CSV file."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.settings import Settings

if TYPE_CHECKING:
    from trim.usecases.csv_rows import BadRow
    from trim.usecases.unit_of_work import Backend

A_FILE = click.Path(path_type=Path)

_UNITS = (
    "CSV with the columns unit, region, name: what the file calls a unit, and its name in Trim. A line without a unit "
    "holds for the whole region."
)
_KINDS = (
    "CSV with the columns cause, kind, severity: what the file calls an event, and its kind in the pack. Causes of the "
    "shipped example are known without it."
)
_SHARED: tuple[Any, ...] = (
    click.argument("file", type=A_FILE),
    click.option("--units", type=A_FILE, help=_UNITS),
    click.option("--create-units", is_flag=True, help="Make units that are not there yet."),
    click.option("--under", metavar="UNIT", help="The unit below which they are made, where several are on top."),
    click.option("--skip-bad", is_flag=True, help="Leave bad rows out and bring in the others."),
    click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing."),
    as_json_option,
)


@click.group("import")
def command() -> None:
    """Bring in people, or incidents of the past, from a CSV file.

    The first line of the file names the columns. Commas, semicolons and tabs are taken as separators, text as UTF-8.
    Every row is looked at before anything is stored. A second run of the same file adds nothing.

    \b
    Example:
      trim import people staff.csv --create-units
      trim import incidents log.csv --units units.csv --kinds kinds.csv
    """


def _shared_options(function: Any) -> Any:
    for option in reversed(_SHARED):
        function = option(function)
    return function


@command.command("incidents")
@_shared_options
@click.option("--kinds", type=A_FILE, help=_KINDS)
@click.option("--programme", default="trim", show_default=True, help="The programme whose history it is.")
def import_incidents(
    file: Path,
    units: Path | None,
    create_units: bool,
    under: str | None,
    skip_bad: bool,
    dry_run: bool,
    as_json: bool,
    kinds: Path | None,
    programme: str,
) -> None:
    """Bring in incidents of the past: they are counted and found again, start no clock and send nothing.

    \b
    Columns (the first line names them, in any order):
      occurred_on    day, as 2016-07-03                     required
      unit           where it happened                      required
      kind or cause  a kind of the pack, or a word that --kinds maps to one
      occurred_time  time, as 14:30; without it the day is kept as such
      region         tells units of one name apart
      severity, source, place, description, reference

    Do not put names of people into a log: descriptions are stored encrypted, but are read by coordinators.

    Rows alike in all columns become one incident with a count; a reference of your own tells them apart. It is
    written in portions: a run that was broken off is finished by the next.

    \b
    Example:
      trim import incidents log.csv --create-units --dry-run
      trim import incidents log.csv --units units.csv --skip-bad
    """
    from trim.resources import examples_dir
    from trim.usecases.intake import import_incidents as intake

    shipped = examples_dir() / "line_of_duty_kinds.csv"
    wishes = intake.Wishes(
        units=units,
        kinds=[path for path in (kinds, shipped) if path is not None],
        create_units=create_units,
        under=under,
        skip_bad=skip_bad,
        dry_run=dry_run,
        programme=programme,
    )
    with _opened("Nothing was imported. `trim import incidents --help` names the columns.") as backend:
        outcome = intake.import_incidents(
            backend, _importer(), now=_now(), path=file, wishes=wishes, progress=_progress(as_json)
        )
    _finish(
        file,
        outcome,
        as_json=as_json,
        dry_run=dry_run,
        numbers={
            "rows": outcome.rows,
            "incidents": outcome.incidents,
            "imported": outcome.imported,
            "imported_rows": outcome.imported_rows,
            "already_imported": outcome.already,
            "units_made": outcome.units_made,
        },
        lines=[
            ("Incidents imported", outcome.imported, _stand_for(outcome.imported, outcome.imported_rows)),
            ("Already imported", outcome.already, ""),
            ("Bad rows", len(outcome.bad), "left out" if outcome.bad else ""),
            ("Units made", outcome.units_made, ""),
        ],
        closing="They are history: no clock was started and nobody was written to.",
    )


@command.command("headcounts")
@click.argument("file", type=A_FILE)
@as_json_option
def headcounts(file: Path, as_json: bool) -> None:
    """Bring in how many people each unit has, for rates in the statistics.

    \b
    Columns (the first line names them): unit, quarter (from which it holds, as 2025-Q1), people (those of the unit
    itself, without units below it). A published quarter keeps the numbers it was published with.

    \b
    Example:
      trim import headcounts staff.csv
    """
    from trim.usecases.statistics.import_headcounts import import_headcounts

    help_with_file = "Nothing was imported. `trim import headcounts --help` names the columns."
    with _opened(help_with_file) as backend, backend.writing() as uow:
        done = import_headcounts(uow, _importer(), now=_now(), path=file)
    if as_json:
        print_json({"changed": done.changed, "same": done.same})
    else:
        click.echo(f"{done.changed} head-counts brought in, {done.same} stood already.")


@command.command("people")
@_shared_options
def import_people(
    file: Path,
    units: Path | None,
    create_units: bool,
    under: str | None,
    skip_bad: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring in the people of the organisation; a newer list changes what it says otherwise, and removes nobody.

    \b
    Columns (the first line names them, in any order):
      name           as colleagues know the person          required
      staff_number   by which the person is known again     required
      unit           where they work                        required
      region         tells units of one name apart
      staff_group    employee (if empty), volunteer, agency or contractor
      line_manager   staff number; "none" for somebody who has none. Empty means that nobody has said: then
                     whoever is asked to support this person is asked about it first.

    \b
    Example:
      trim import people staff.csv --create-units --dry-run
      trim import people staff.csv --units units.csv
    """
    from trim.usecases.people import import_people as directory

    wishes = directory.Wishes(units=units, create_units=create_units, under=under, skip_bad=skip_bad, dry_run=dry_run)
    with _opened("Nobody was imported. `trim import people --help` names the columns.") as backend:
        outcome = directory.import_people(backend, _importer(), now=_now(), path=file, wishes=wishes)
    _finish(
        file,
        outcome,
        as_json=as_json,
        dry_run=dry_run,
        numbers={
            "rows": outcome.rows,
            "added": outcome.added,
            "changed": outcome.changed,
            "unchanged": outcome.unchanged,
            "units_made": outcome.units_made,
            "namesakes": len(outcome.namesakes),
        },
        lines=[
            ("People added", outcome.added, ""),
            ("People changed", outcome.changed, ""),
            ("Unchanged", outcome.unchanged, ""),
            ("Bad rows", len(outcome.bad), "left out" if outcome.bad else ""),
            ("Units made", outcome.units_made, ""),
        ],
        closing=_namesakes(outcome.namesakes),
    )


def _namesakes(names: list[str]) -> str:
    if not names:
        return "Nobody was written to."
    shown = ", ".join(sorted(names)[:10]) + (" …" if len(names) > 10 else "")
    return f"In the directory already, without a staff number; perhaps the same people, perhaps not: {shown}."


def _stand_for(incidents: int, rows: int) -> str:
    return f"from {rows:,} rows: rows alike are one incident" if rows != incidents else ""


@contextmanager
def _opened(help_with_file: str) -> Iterator[Backend]:
    """The instance, while a file is brought in; what is wrong with the file is said with `help_with_file`."""
    from trim.cli.serve import require_ready
    from trim.domain.errors import InvalidInput
    from trim.usecases.csv_rows import UnreadableFile
    from trim.usecases.opening import open_instance

    settings = Settings.from_environment()
    require_ready(settings)
    with closing(open_instance(settings)) as backend:
        try:
            yield backend
        except UnreadableFile as problem:
            raise CommandFailed(str(problem), help_with_file) from problem
        except InvalidInput as invalid:
            reasons = " ".join(reason.en for reason in invalid.problems.values())
            raise CommandFailed(reasons, "Nothing was imported.") from invalid


def _importer() -> Any:
    from trim.domain.access import system_actor

    return system_actor("import")


def _now() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def _progress(as_json: bool) -> Any:
    """Shows how far it is, on a terminal only."""

    def show(done: int, of: int) -> None:
        if not as_json and sys.stderr.isatty():
            click.echo(f"\r{done:,} of {of:,}", err=True, nl=done >= of)

    return show


def _finish(
    file: Path,
    outcome: Any,
    *,
    as_json: bool,
    dry_run: bool,
    numbers: dict[str, int],
    lines: Iterable[tuple[str, int, str]],
    closing: str,
) -> None:
    """Say what was found and done, bad rows first; exit status 1 when nothing was imported because of them."""
    bad: list[BadRow] = outcome.bad
    if as_json:
        print_json(
            {
                "file": str(file),
                "refused": outcome.refused,
                "dry_run": dry_run,
                **numbers,
                "bad_rows": [{"line": row.line, "reasons": list(row.reasons)} for row in bad],
                "unused_columns": outcome.unused_columns,
            }
        )
    else:
        for row in bad:
            click.echo(f"{file}, line {row.line}: {'; '.join(row.reasons)}", err=True)
        if outcome.unused_columns:
            click.echo(f"Columns that were not read: {', '.join(outcome.unused_columns)}.", err=True)
    if outcome.refused:
        if not as_json:
            raise CommandFailed(
                f"{len(bad):,} of {outcome.rows:,} rows are bad. Nothing was imported.",
                "Mend them, or leave them out with --skip-bad.",
            )
        raise SystemExit(1)
    if not as_json:
        click.echo(f"{file}: {outcome.rows:,} rows." + (" Nothing was changed; this would happen:" if dry_run else ""))
        for name, number, remark in lines:
            click.echo(f"  {name:<20}{number:>8,}" + (f"  {remark}" if remark else ""))
        if not dry_run:
            click.echo(closing)
