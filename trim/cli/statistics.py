"""`trim statistics`: publish figures of a closed period, attack them, show the tables, look after the facts."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.cli.opened import opened, whole_file
from trim.cli.serve import require_ready, stop_with
from trim.cli.statistics_rules import command as rules_command
from trim.settings import Settings

if TYPE_CHECKING:
    from trim.statistics.attack import Report
    from trim.usecases.statistics.release_period import Made
    from trim.usecases.unit_of_work import Backend

_OUT = click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write the files to.")
_LANGUAGE = click.option("--language", type=click.Choice(["en", "fr"]), default="en", show_default=True)


@click.group("statistics")
def command() -> None:
    """Publish figures from which nobody can work out a colleague.

    \b
    Example:
      trim statistics tables
      trim statistics release --from 2025-01 --to 2025-03 --out figures
      trim statistics attack figures
    """


command.add_command(rules_command)


@command.command("release")
@click.option("--from", "first", required=True, metavar="MONTH", help="First month, such as 2025-01.")
@click.option("--to", "last", required=True, metavar="MONTH", help="Last month, such as 2025-03.")
@_OUT
@_LANGUAGE
@as_json_option
def release(first: str, last: str, out: Path | None, language: str, as_json: bool) -> None:
    """Publish a quarter, a half-year or a year that is over.

    Every hidden figure is attacked first with all that was ever published; unless each is proven safe, nothing is
    published. Where too little happened, the half-year or the year around it is published instead. What is published
    never changes.

    \b
    Example:
      trim statistics release --from 2025-01 --to 2025-03 --out figures
    """
    from trim.usecases.statistics.release_period import release_period
    from trim.usecases.statistics.wishes import wishes

    settings = Settings.from_environment()
    period = _period(first, last)
    with opened(settings) as backend:
        with backend.reading() as uow:
            wished = wishes(uow, settings.instance)
        made = _made(
            lambda: release_period(
                backend, _operator(), now=_now(), period=period, wishes=wished, progress=_progress(as_json)
            )
        )
        _finish(backend, made, out, language, as_json=as_json)


@command.command("correct")
@click.argument("number", type=int)
@click.option("--cause", type=click.Choice(["late_facts", "wrong_entry", "definition"]), required=True)
@_OUT
@_LANGUAGE
@as_json_option
def correct(number: int, cause: str, out: Path | None, language: str, as_json: bool) -> None:
    """Publish a new release in the place of release NUMBER; it says so, and the old one can still be read.

    \b
    Example:
      trim statistics correct 3 --cause late_facts --out figures
    """
    from trim.usecases.statistics.release_period import correct_release
    from trim.usecases.statistics.wishes import wishes

    settings = Settings.from_environment()
    with opened(settings) as backend:
        with backend.reading() as uow:
            wished = wishes(uow, settings.instance)
        made = _made(
            lambda: correct_release(
                backend,
                _operator(),
                now=_now(),
                number=number,
                cause=cause,
                wishes=wished,
                progress=_progress(as_json),
            )
        )
        _finish(backend, made, out, language, as_json=as_json)


@command.command("make")
@click.option("--inside", type=int, hidden=True, help="Number of the worker's process that this one belongs to.")
@click.option("--as", "name", hidden=True, help="In whose name requests are claimed.")
@as_json_option
def make(inside: int | None, name: str | None, as_json: bool) -> None:
    """Make the releases that were asked for on the pages, one after the other, then end.

    The worker starts this by itself. By hand it serves where releases are to be made on a machine of their own; begun
    twice it does no harm. Ctrl-C or SIGTERM puts off what has begun.

    \b
    Example:
      trim statistics make
    """
    from trim.app import utc_now
    from trim.jobs.embedded import worker_name
    from trim.jobs.make_releases import make_waiting
    from trim.usecases.people.demonstration import clock_of

    if inside is not None:
        stop_with(inside, signal.SIGTERM)
        # An hour of reckoning, in the background: pages and reminders come first.
        os.nice(10)
    settings = Settings.from_environment()
    require_ready(settings)
    with _stopped_by_signals() as stopped, opened(settings) as backend:
        made = make_waiting(
            backend,
            worker=name or worker_name(),
            clock=clock_of(backend, utc_now),
            instance=settings.instance,
            stopping=stopped.is_set,
        )
    numbers = {state: made.count(state) for state in ("published", "refused", "asked")}
    if as_json:
        print_json(numbers)
    elif made or inside is None:
        click.echo("{published} published, {refused} refused, {asked} put off.".format(**numbers), err=bool(inside))


@command.command("attack")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@as_json_option
def attack(folder: Path, as_json: bool) -> None:
    """Try to work out every hidden figure of the releases in FOLDER; exit status 1 when one is exposed.

    Needs nothing but the files release-*.json: anybody who has them can do this on any machine.

    \b
    Example:
      trim statistics attack figures
    """
    from trim.statistics import attack as adversary
    from trim.statistics.model_json import NotARelease, from_json

    paths = sorted(folder.glob("release-*.json"))
    if not paths:
        raise CommandFailed(
            f"There is no release-*.json in {folder}.", "`trim statistics release --out FOLDER` writes them."
        )
    try:
        found = sorted((from_json(path.read_bytes()) for path in paths), key=lambda one: one.number)
        report = adversary.attack(found, progress=lambda done, of: _hear(as_json, "attack", done, of))
    except (OSError, NotARelease, adversary.Malformed, adversary.Contradiction) as error:
        raise CommandFailed(f"The releases cannot be attacked: {error}") from error
    if as_json:
        print_json(_told(report))
    else:
        click.echo(adversary.in_words(report), nl=False)
    if not report.is_safe:
        raise SystemExit(1)


@command.command("tables")
@as_json_option
def tables(as_json: bool) -> None:
    """Say which tables a release holds, what each counts, and how many figures it has before anything is merged.

    \b
    Example:
      trim statistics tables --json
    """
    from trim.usecases.statistics.counts import units
    from trim.usecases.statistics.wishes import wishes

    settings = Settings.from_environment()
    with opened(settings) as backend, backend.reading() as uow:
        wished = wishes(uow, settings.instance)
        number = len(units(uow.session, "9999-Q4"))
    declared = wished.declaration
    cells = declared.most_cells(number, {name: len(words) for name, words in wished.words.items()})
    if as_json:
        print_json(
            [
                {
                    "name": one.name,
                    "title": one.title.en,
                    "by": [*(["unit"] if one.by_unit else []), *one.dimensions],
                    "cells": cells[one.name],
                    "definition": one.definition.en,
                }
                for one in declared.tables
            ]
        )
        return
    for one in declared.tables:
        by = ", ".join([*(["unit"] if one.by_unit else []), *one.dimensions]) or "nothing"
        click.echo(f"{one.name}: {one.title.en}; by {by}; {cells[one.name]} figures at most")
    rules = wished.rules
    click.echo(f"Hidden: 1 to {rules.threshold}, and figures with fewer than {rules.incidents} incidents behind them.")


@command.command("facts")
@click.option("--rebuild", is_flag=True, help="Tell the facts of unpublished quarters anew from what is there.")
@as_json_option
def facts(rebuild: bool, as_json: bool) -> None:
    """Move on the facts that came in, mixed; with --rebuild tell those of unpublished quarters anew.

    The worker moves them every night. Only numbers are shown.

    \b
    Example:
      trim statistics facts
      trim statistics facts --rebuild --json
    """
    from trim.usecases.statistics.move_facts import move_facts
    from trim.usecases.statistics.rebuild_facts import rebuild_facts

    with opened(Settings.from_environment()) as backend:
        if rebuild:
            told = rebuild_facts(backend, now=_now())
            numbers = {
                "cases": told.cases,
                "incidents": told.incidents,
                "before": told.before,
                "after": told.after,
            }
            words = (
                f"{told.cases} cases and {told.incidents} incidents: {told.before} facts before, {told.after} after."
            )
        else:
            moved = move_facts(backend, now=_now())
            numbers = {"moved": moved.moved, "waiting": moved.waiting}
            words = f"{moved.moved} facts moved on, {moved.waiting} wait for company."
    print_json(numbers) if as_json else click.echo(words)


def _made(make: Any) -> Made:
    """Run it; what the heart of statistics refuses becomes one line with cause and cure."""
    from trim.statistics.attack import Contradiction, Malformed
    from trim.statistics.build import PeriodTooSmall, TablesInConflict
    from trim.statistics.rounding import CannotBeRounded

    try:
        done: Made = make()
    except (PeriodTooSmall, TablesInConflict, CannotBeRounded, Malformed, Contradiction) as error:
        raise CommandFailed(str(error), "Nothing was published.") from error
    return done


def _finish(backend: Backend, made: Made, out: Path | None, language: str, *, as_json: bool) -> None:
    written = _write(backend, made.release.number, out, language) if out is not None else []
    period = made.release.period
    if as_json:
        print_json(
            {
                "release": made.release.number,
                "from": period.first,
                "to": period.last,
                "corrects": made.release.corrects,
                "sha256": made.digest,
                "tables": len(made.release.tables),
                "figures": sum(len(one.cells) for one in made.release.tables),
                "hidden": sum(one.hidden for one in made.release.tables),
                "attacked": len(made.report.lines),
                "files": written,
            }
        )
        return
    figures = sum(len(one.cells) for one in made.release.tables)
    hidden = sum(one.hidden for one in made.release.tables)
    click.echo(f"Release {made.release.number} of {period.first} to {period.last} is published.")
    click.echo(f"{hidden} of {figures} figures are hidden; the attack on {len(made.report.lines)} of them failed.")
    for name in written:
        click.echo(f"Written: {name}")


def _write(backend: Backend, number: int, out: Path, language: str) -> list[str]:
    """Every file of a release, with the line in the trail committed before."""
    from trim.documents.pdf import PrintingUnavailable
    from trim.store import releases
    from trim.usecases.oversight.trail_mark import trail_mark
    from trim.usecases.statistics.read_releases import export_release
    from trim.web.statistics_apart import files_of

    now = _now()
    with backend.writing() as uow:
        one = export_release(uow, _operator(), now=now, number=number, made_as="all")
    with backend.reading() as uow:
        zone, mark = uow.organisation.zone, trail_mark(uow)
        row = releases.by_number(uow.session, number)
    common: dict[str, Any] = {"at": now, "by": _operator().name, "zone": zone, "locale": language, "mark": mark}
    try:
        files = files_of(one, **common)
    except PrintingUnavailable as missing:
        click.echo(f"No PDF: {missing.what} is missing. {missing.cure}", err=True)
        files = files_of(one, **common, pdf=False)
    assert row is not None
    files[f"attack-{number}.json"] = row.report.encode()
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with whole_file(out / name) as target:
            target.write(content)
    return sorted(files)


def _told(report: Report) -> Mapping[str, Any]:
    import json

    from trim.statistics.attack import to_json

    said: Mapping[str, Any] = json.loads(to_json(report))
    return said


def _period(first: str, last: str) -> Any:
    """Quarters from months. Raises CommandFailed for months that bound no quarter, half-year or year."""
    from trim.statistics.periods import NotAPeriod, Period

    try:
        (year, month), (end_year, end_month) = (map(int, one.split("-")) for one in (first, last))
        if month % 3 != 1 or end_month % 3 != 0 or not 1 <= month <= 12 or not 1 <= end_month <= 12:
            raise NotAPeriod("months do not begin and end a quarter")
        return Period(f"{year:04}-Q{(month + 2) // 3}", f"{end_year:04}-Q{end_month // 3}")
    except (ValueError, NotAPeriod) as error:
        raise CommandFailed(
            f"{first} to {last} is not a quarter, a half-year or a calendar year.",
            "Write months, such as --from 2025-01 --to 2025-03.",
        ) from error


def _progress(as_json: bool) -> Any:
    return lambda what, done, of: _hear(as_json, what, done, of)


def _hear(as_json: bool, what: str, done: int, of: int) -> None:
    """Progress on standard error, every tenth part of it; none where a machine reads."""
    if not as_json and of and (done == of or done % max(1, of // 10) == 0):
        click.echo(f"{what or 'figures'}: {done} of {of}", err=True)


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """Set by SIGTERM and Ctrl-C: what has begun is given back at the next sign of progress."""
    stopped = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        stopped.set()

    before = {which: signal.signal(which, stop) for which in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stopped
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)


def _operator() -> Any:
    from trim.usecases.statistics.move_facts import SYSTEM

    return SYSTEM


def _now() -> datetime:
    return datetime.now(UTC)
