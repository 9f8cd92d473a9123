"""`trim restore`: put a backup back, replay erasures, and say when it is older than what is known of the trail."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.domain.access import system_actor
from trim.settings import Settings
from trim.usecases.backup.put_back import PutBack, SomethingThere, put_back


@click.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--keys", "keys_folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Of the keys."
)
@click.option("--force", is_flag=True, help="Overwrite the database and the keys that are there.")
@as_json_option
def command(folder: Path, keys_folder: Path | None, force: bool, as_json: bool) -> None:
    """Put the newest backup of FOLDER back into the place that the settings name. Stop all servers first.

    What was erased since is erased again before anything is served: keep the list of erasures (TRIM_ERASURES) and the
    anchors (TRIM_ANCHORS) apart from the machine whose loss you prepare for.

    \b
    Example:
      trim restore /backups/trim --keys /safe/trim-keys
    """
    settings = Settings.from_environment()
    try:
        done = put_back(
            system_actor("restore"),
            now=datetime.now(UTC),
            settings=settings,
            folder=folder,
            keys_folder=keys_folder or folder,
            force=force,
        )
    except SomethingThere as problem:
        raise CommandFailed(
            str(problem), "Restore into an empty place (TRIM_INSTANCE), or overwrite with --force."
        ) from problem
    except OSError as problem:
        raise CommandFailed(f"The backup could not be put back: {problem}.") from problem
    if as_json:
        print_json(_found(done))
        return
    click.echo(f"The backup of {done.manifest.stamp} is back; {done.replayed} erasures were replayed.")
    if not done.manifest.holds_master_key:
        click.echo("The master key is not in this backup: the key holder must have it.")
    if done.is_older:
        click.echo(
            f"This backup is older than the trail's newest anchor: it ends at checkpoint {done.checkpoint}, anchor "
            f"{done.newest_anchor} was sent out. What happened in between is missing. Tell your auditor; it is in the "
            "trail. `trim serve` asks for --accept-older-database.",
            err=True,
        )


def _found(done: PutBack) -> dict[str, object]:
    return {
        "stamp": done.manifest.stamp,
        "replayed": done.replayed,
        "checkpoint": done.checkpoint,
        "newest_anchor": done.newest_anchor,
        "older": done.is_older,
    }
