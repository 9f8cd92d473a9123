"""`trim backup`: copy database and keys, apart, while the servers run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.cli.opened import opened
from trim.domain.access import system_actor
from trim.settings import Settings
from trim.usecases.backup import archive
from trim.usecases.backup.take import take_backup


@click.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keys", "keys_folder", type=click.Path(file_okay=False, path_type=Path), help="Where the keys go.")
@as_json_option
def command(folder: Path, keys_folder: Path | None, as_json: bool) -> None:
    """Copy the database and the keys into FOLDER, each in an archive of its own; nothing has to stop.

    Whoever has both archives can read everything: send the keys to another place with --keys. An erased case is
    readable from a backup that is older than its erasure, so throw old backups of the keys away.

    \b
    Example:
      trim backup /backups/trim --keys /safe/trim-keys
    """
    settings = Settings.from_environment()
    place = keys_folder or folder
    try:
        with opened(settings) as backend:
            made = take_backup(
                backend,
                system_actor("backup"),
                now=datetime.now(UTC),
                settings=settings,
                folder=folder,
                keys_folder=place,
            )
    except OSError as problem:
        raise CommandFailed(f"The backup could not be written: {problem}.") from problem
    if as_json:
        print_json({"stamp": made.stamp, "parts": dict(made.parts), "holds_master_key": made.holds_master_key})
        return
    click.echo(f"{folder / made.file(archive.DATABASE)}\n{place / made.file(archive.KEYS)}")
    if place == folder:
        click.echo("Both lie in one folder: whoever has them can read everything. --keys puts the keys elsewhere.")
    if not made.holds_master_key:
        click.echo("The master key is with the key holder: back its folder up as well.")
