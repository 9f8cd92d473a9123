"""`trim demo`: build an invented organisation with two years of cases, and say how to sign in."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from trim.usecases.people.demonstration import DemonstrationSignIn
    from trim.usecases.unit_of_work import Backend

DEFAULT_CASES = 90
FEWEST_CASES = 60

_ANOTHER_FOLDER = "Nothing was changed. Build it in another folder: TRIM_INSTANCE=demonstration trim demo"
#: A password that can be read out: two of these and four digits.
_WORDS = (
    "anchor", "beacon", "bramble", "candle", "cedar", "harbour", "heather", "kestrel", "lantern", "meadow", "orchard",
    "pebble", "quarry", "saffron", "thimble", "walnut",
)  # fmt: skip


@click.command("demo")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number tells another story.")
@click.option(
    "--cases",
    type=click.IntRange(FEWEST_CASES),
    default=DEFAULT_CASES,
    show_default=True,
    help="How many cases; the organisation grows with them.",
)
@click.option("--if-missing", is_flag=True, help="Keep a demonstration that is there and only say how to sign in.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Play the calendar of the demonstration that is here forward to the evening of this day.",
)
@as_json_option
def command(seed: int, cases: int, if_missing: bool, until: datetime | None, as_json: bool) -> None:
    """Build a demonstration: an invented organisation and what happened in it during the two years before today.

    Every person in it is generated, and it is marked as a demonstration for ever: it never holds real people. It is
    built in an empty instance only.

    \b
    Example:
      trim demo && trim serve
      TRIM_INSTANCE=large trim demo --seed 7 --cases 2000
      trim demo --until 2027-01-15
    """
    settings = Settings.from_environment()
    if until is not None:
        from trim.cli.demo_forward import play

        play(settings, until.date(), as_json=as_json)
        return
    if not _is_there(settings, if_missing):
        _build(settings, seed, cases, _progress(as_json))
    _say(settings, as_json, served=if_missing)


def _is_there(settings: Settings, if_missing: bool) -> bool:
    """Whether there is a finished demonstration to keep; CommandFailed when what is there forbids building one."""
    from trim.cli.db import CURE, MEANING
    from trim.demonstration.ground import ground_of
    from trim.store import migrate

    state = migrate.state(settings.owner_database_url)
    if state == "newer":
        raise CommandFailed(MEANING[state], CURE[state])
    if state == "missing":
        return False
    migrate.upgrade(settings.owner_database_url, settings.database_url)
    ground = ground_of(settings.database_url)
    if ground == "real":
        raise CommandFailed("There is an organisation here already, and it is no demonstration.", _ANOTHER_FOLDER)
    if ground == "unfinished":
        raise CommandFailed(
            "The demonstration here was broken off while it was built.",
            f"Delete the folder {settings.instance} (or empty the database) and run this again.",
        )
    if ground == "finished" and not if_missing:
        raise CommandFailed("There is a demonstration here already.", "Keep it with --if-missing. " + _ANOTHER_FOLDER)
    return ground == "finished"


def _build(settings: Settings, seed: int, cases: int, progress: Callable[[int, int], None]) -> None:
    from trim.app import utc_now
    from trim.demonstration.build import Wishes, build
    from trim.domain.vocabulary import VOCABULARY
    from trim.engine.loader import load_pack
    from trim.resources import examples_dir, workflows_dir
    from trim.web.sign_in.passwords import hashed

    password = f"{'-'.join(secrets.SystemRandom().sample(_WORDS, 2))}-{secrets.randbelow(9000) + 1000}"
    wishes = Wishes(seed, cases, password, hashed(password))
    pack, beside = (load_pack(workflows_dir() / name, VOCABULARY) for name in ("trim", "straw"))
    with _new_instance(settings) as backend:
        build(
            backend,
            now=utc_now(),
            pack=pack,
            examples=examples_dir(),
            wishes=wishes,
            progress=progress,
            beside=beside,
        )


@contextmanager
def _new_instance(settings: Settings) -> Iterator[Backend]:
    """Tables and keys to build in; when the building fails, whatever was made here is taken away again."""
    from trim.settings import ensure_keys_dir
    from trim.store import migrate
    from trim.store.database import sqlite_path
    from trim.usecases.opening import open_instance

    keys = settings.keys_dir
    if _key_files(keys):
        raise CommandFailed(
            f"There are keys in {keys} already, and no organisation that they belong to.",
            "They may open the content of a database that is elsewhere. " + _ANOTHER_FOLDER,
        )
    database = sqlite_path(settings.database_url)
    was_there = database is None or database.exists()
    ensure_keys_dir(settings)
    migrate.upgrade(settings.owner_database_url, settings.database_url)
    backend = open_instance(settings, create_keys=True)
    try:
        yield backend
    except BaseException:
        backend.close()
        # Made a moment ago by this command, holding invented people only. A database that was there is left.
        if not was_there and database is not None:
            for path in (*database.parent.glob(f"{database.name}*"), *_key_files(keys)):
                path.unlink()
        raise
    finally:
        backend.close()


def _key_files(keys: Path) -> list[Path]:
    from trim.settings import KEY_FILES

    return [path for name in KEY_FILES for path in keys.glob(f"{name}*")] if keys.is_dir() else []


def _progress(as_json: bool) -> Callable[[int, int], None]:
    """Counts the cases on a terminal; elsewhere a line now and then."""
    live = sys.stderr.isatty()
    if not as_json:
        click.echo("Building two years of an invented organisation; this takes a minute or two ...", err=True)

    def show(done: int, of: int) -> None:
        if as_json:
            return
        if live:
            click.echo(f"\r  case {min(done, of):,} of {of:,}", err=True, nl=done == of)
        elif done % 250 == 0:
            click.echo(f"  case {done:,} of {of:,}", err=True)

    return show


def _say(settings: Settings, as_json: bool, *, served: bool) -> None:
    """How to sign in, and what to do next unless it is `served` at once, as by `make run`."""
    from trim.usecases.opening import open_instance
    from trim.usecases.people.demonstration import demonstration_sign_ins

    backend = open_instance(settings)
    try:
        with backend.reading() as uow:
            name, shown = uow.organisation.name, demonstration_sign_ins(uow)
    finally:
        backend.close()
    if as_json:
        signs = [asdict(one) for one in shown]
        print_json({"organisation": name, "demonstration": True, "sign_ins": signs})
        return
    click.echo(f"{name}: a demonstration. Everybody in it is invented; never enter real people.")
    for one in shown:
        click.echo(_line(one))
    if not served:
        click.echo("Next: trim serve")


def _line(one: DemonstrationSignIn) -> str:
    of = f"  (of {one.unit} alone)" if one.unit else ""
    return f"  {one.role.replace('_', ' '):<15} {one.email:<29} password {one.password}{of}"
