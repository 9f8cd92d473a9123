"""`trim audit`: seal the trail, write it out, and check it on this or any other machine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trim.audit import verify as checker
from trim.audit.checkpoint import public_pem, signing_key
from trim.audit.export import export_trail
from trim.cli import audit_archive, audit_check, audit_proofs, audit_sending, audit_watch
from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.cli.opened import opened, whole_file
from trim.domain.access import system_actor
from trim.settings import Settings
from trim.usecases.oversight.give_out_trail import note_export


@click.group("audit")
def command() -> None:
    """Seal, export and check the trail.

    \b
    Example:
      trim audit checkpoint
      trim audit export trail.txt
      trim audit public-key > trail.pub
      trim audit verify trail.txt --public-key trail.pub
    """


@command.command("public-key")
def public_key() -> None:
    """Print the public key that checkpoints are checked with; keep it apart from this machine.

    \b
    Example:
      trim audit public-key > trail.pub
    """
    settings = Settings.from_environment()
    click.echo(public_pem(signing_key(settings.checkpoint_key_file, create=True)).decode(), nl=False)


@command.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write the whole trail to FILE; it holds no case content.

    \b
    Example:
      trim audit export trail.txt
    """
    with opened(Settings.from_environment()) as backend:
        with backend.writing() as uow:
            note_export(uow, system_actor("audit"), now=datetime.now(UTC))
        with backend.reading() as uow, whole_file(file) as out:
            written = export_trail(uow.session, out)
    click.echo(f"{written.entries} entries written to {file}.")


@command.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--public-key", "key", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--witness", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File of the witness.")
@click.option("--anchors", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of anchors.")
@click.option("--columns", is_flag=True, help="Also compare the shown columns with the text.")
@as_json_option
def verify(file: Path, key: Path, witness: Path | None, anchors: Path | None, columns: bool, as_json: bool) -> None:
    """Check an exported trail; exit status 0 when it is whole, 1 when it is broken.

    Needs the export and the public key alone: `python -m trim.audit.verify` does the same without the rest of Trim.

    \b
    Example:
      trim audit verify trail.txt --public-key trail.pub --witness witness.log --anchors anchors/
    """
    try:
        report = checker.verify(file, key, witness=witness, anchors=anchors, columns=columns)
    except (OSError, ValueError) as problem:
        raise CommandFailed(f"The trail could not be checked: {problem}.") from problem
    if as_json:
        print_json(report.as_json())
    else:
        click.echo("\n".join(report.lines()))
    if not report.is_whole:
        raise SystemExit(1)


for _part in (
    audit_check.check,
    audit_sending.checkpoint,
    audit_sending.send,
    audit_sending.mail_to,
    audit_proofs.prove,
    audit_proofs.prove_grown,
    audit_proofs.check,
    audit_archive.archive,
    audit_archive.prune,
    audit_watch.watch,
):
    command.add_command(_part)
