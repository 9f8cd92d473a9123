"""`trim audit prove`, `prove-growth`, `check-proof`: a part of the trail, for somebody who must not have the whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trim.audit import check_proof as checker
from trim.audit.proofs import prove_entry, prove_growth
from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.cli.opened import opened, whole_file
from trim.domain.access import system_actor
from trim.settings import Settings
from trim.usecases.oversight.give_out_trail import note_entry_proof, note_growth_proof

_OUT = click.Path(dir_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("prove")
@click.argument("chain")
@click.argument("number", type=click.IntRange(min=1))
@click.argument("file", type=_OUT)
@click.option(
    "--checkpoint", type=click.IntRange(min=1), help="Prove it under this one; else the first that covers it."
)
def prove(chain: str, number: int, file: Path, checkpoint: int | None) -> None:
    """Write to FILE that entry NUMBER of CHAIN stands in the signed trail.

    FILE also shows the entries of that chain that come after it, up to the one that the checkpoint covers: ids and code
    words, no case content.

    \b
    Example:
      trim audit prove organisation 12 entry.proof
    """
    with opened(Settings.from_environment()) as backend, backend.reading() as uow, whole_file(file) as out:
        made = prove_entry(uow.session, chain, number, out, checkpoint=checkpoint)
        # Named in the trail before the file has its name.
        with backend.writing() as noting:
            note_entry_proof(noting, system_actor("audit"), now=datetime.now(UTC), chain=chain, number=number)
    click.echo(f"{file} proves entry {number} of {chain} under checkpoint {made.checkpoints[0]}.")
    click.echo(f"It shows {made.entries} entries of that chain.", err=True)


@click.command("prove-growth")
@click.argument("earlier", metavar="FROM", type=click.IntRange(min=1))
@click.argument("later", metavar="TO", type=click.IntRange(min=1))
@click.argument("file", type=_OUT)
def prove_grown(earlier: int, later: int, file: Path) -> None:
    """Write to FILE that checkpoint TO keeps, unchanged, all that checkpoint FROM covered.

    \b
    Example:
      trim audit prove-growth 30 61 growth.proof
    """
    with opened(Settings.from_environment()) as backend, backend.reading() as uow, whole_file(file) as out:
        prove_growth(uow.session, earlier, later, out)
        with backend.writing() as noting:
            note_growth_proof(noting, system_actor("audit"), now=datetime.now(UTC), earlier=earlier, later=later)
    click.echo(f"{file} proves that checkpoint {later} keeps all that checkpoint {earlier} covered.")


@click.command("check-proof")
@click.argument("file", type=_FILE)
@click.option("--public-key", "key", required=True, type=_FILE)
@click.option(
    "--anchors", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of your own checkpoints."
)
@as_json_option
def check(file: Path, key: Path, anchors: Path | None, as_json: bool) -> None:
    """Check a proof; exit status 0 when it is proven, 1 when it is not.

    Needs the proof and the public key alone: `python -m trim.audit.check_proof` does the same without the rest of Trim.

    \b
    Example:
      trim audit check-proof entry.proof --public-key trail.pub
    """
    try:
        outcome = checker.check_proof(file, key, anchors=anchors)
    except (OSError, ValueError) as problem:
        raise CommandFailed(f"The proof could not be checked: {problem}.") from problem
    if as_json:
        print_json(outcome.as_json())
    else:
        click.echo("\n".join(outcome.lines()))
    if not outcome.proven:
        raise SystemExit(1)
