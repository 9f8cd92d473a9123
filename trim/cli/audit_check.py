"""`trim audit check`: verify the trail of this instance, and write down when it was found whole."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from trim.audit import verify as checker
from trim.audit.checkpoint import public_pem, signing_key
from trim.audit.export import export_trail
from trim.audit.findings import Report
from trim.cli.messages import as_json_option, print_json
from trim.cli.opened import opened, whole_file
from trim.domain.access import system_actor
from trim.settings import Settings
from trim.usecases.oversight.check_trail import note_check
from trim.usecases.unit_of_work import Backend


@click.command("check")
@as_json_option
def check(as_json: bool) -> None:
    """Verify the trail of this instance against its checkpoints, anchors and witness; run it each night.

    The outcome is written into the trail, and the pages that show a trail say when it was last verified. Exit status 1
    when it is broken. Somebody who rules this machine rules this check too: what proves the trail to others is
    `trim audit verify` on another machine, with a public key and anchors that were kept apart.

    \b
    Example:
      trim audit checkpoint && trim audit check
    """
    settings = Settings.from_environment()
    with opened(settings) as backend:
        report = verified(backend, settings)
        with backend.writing() as uow:
            found = note_check(uow, system_actor("audit"), now=datetime.now(UTC), report=report)
    if as_json:
        print_json(report.as_json())
    else:
        click.echo("\n".join(report.lines()))
    if not found.is_whole:
        raise SystemExit(1)


def verified(backend: Backend, settings: Settings) -> Report:
    """What the stand-alone verifier says of an export made now, with what lies outside the database."""
    with tempfile.TemporaryDirectory(dir=settings.instance, prefix=".check-") as folder:
        file, key = Path(folder) / "trail.txt", Path(folder) / "trail.pub"
        # Copied before the database is read: work goes on meanwhile, and what is newer outside would look cut off here.
        witness = _copied(settings.witness, Path(folder) / "witness") if settings.witness is not None else None
        anchors = _copied(settings.anchors_dir, Path(folder) / "anchors")
        with backend.reading() as uow, whole_file(file) as out:
            export_trail(uow.session, out)
        key.write_bytes(public_pem(signing_key(settings.checkpoint_key_file, create=True)))
        return checker.verify(file, key, witness=witness, anchors=anchors, columns=True)


def _copied(source: Path, to: Path) -> Path | None:
    if source.is_dir():
        return Path(shutil.copytree(source, to))
    return Path(shutil.copyfile(source, to)) if source.exists() else None
