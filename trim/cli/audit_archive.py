"""`trim audit archive` and `prune`: sealed years leave the database for a file that can be checked by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from sqlalchemy.exc import ProgrammingError

from trim.audit.archive import ArchiveUnfit, read_archive
from trim.audit.checkpoint import public_pem, signing_key
from trim.cli.messages import CommandFailed
from trim.cli.opened import opened, whole_file
from trim.domain.access import system_actor
from trim.settings import Settings
from trim.usecases.oversight.archive_trail import note_archiving, prune_trail, write_archive

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("archive")
@click.option("--before", "year", required=True, type=int, metavar="YEAR", help="Years before this one.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def archive(year: int, file: Path) -> None:
    """Write to FILE what the last checkpoint before YEAR covers; nothing is removed.

    FILE can be checked by itself: `trim audit verify FILE --public-key trail.pub`. Keep several copies of it.

    \b
    Example:
      trim audit archive --before 2026 trail-2025.txt
    """
    if file.exists():
        raise CommandFailed(f"{file} is there already.", "An archive is never written over: choose another name.")
    now = datetime.now(UTC)
    with opened(Settings.from_environment()) as backend:
        with backend.writing() as uow:
            checkpoint = note_archiving(uow, system_actor("audit"), now=now, before_year=year)
        with backend.reading() as uow, whole_file(file) as out:
            written = write_archive(uow, out, now=now, before_year=year)
    click.echo(f"{written.entries} entries, up to checkpoint {checkpoint}, written to {file}.")


@click.command("prune")
@click.option("--before", "year", required=True, type=int, metavar="YEAR", help="Years before this one.")
@click.option("--archive", "file", required=True, type=_FILE, help="The archive that holds what is removed.")
@click.option("--public-key", "key", type=_FILE, help="Check the archive by this key; else by this instance's own.")
def prune(year: int, file: Path, key: Path | None) -> None:
    """Remove from the database what an archive holds, after checking that it does.

    Works as the owner of the tables (PostgreSQL: TRIM_DATABASE_OWNER_URL). All or nothing: a prune that is stopped at
    any point has removed nothing. Seal the trail afterwards.

    \b
    Example:
      trim audit prune --before 2026 --archive trail-2025.txt
      trim audit checkpoint
    """
    settings = Settings.from_environment()
    with TemporaryDirectory() as folder:
        if key is None:
            key = Path(folder) / "trail.pub"
            key.write_bytes(public_pem(signing_key(settings.checkpoint_key_file)))
        try:
            checked = read_archive(file, key)
        except (OSError, ValueError) as problem:
            raise CommandFailed(f"The archive could not be checked: {problem}. Nothing was removed.") from problem
        except ArchiveUnfit as problem:
            raise CommandFailed(str(problem)) from problem
    with opened(settings, as_owner=True) as backend:
        try:
            with backend.writing() as uow:
                removed = prune_trail(
                    uow, system_actor("audit"), now=datetime.now(UTC), before_year=year, archive=checked
                )
        except ProgrammingError as problem:
            raise CommandFailed(
                "Only the owner of the tables can remove anything from the trail. Nothing was removed.",
                "Set TRIM_DATABASE_OWNER_URL to the address with the owning role.",
            ) from problem
    click.echo(f"{removed} entries removed; they are in {file} (SHA-256 {checked.sha256}).")
    click.echo("Run `trim audit checkpoint` now, so that this is sealed too.", err=True)
