"""`trim keys`: look after the keys that open case content."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.cli.opened import opened
from trim.domain.access import system_actor
from trim.domain.errors import ContentDamaged
from trim.settings import Settings
from trim.usecases.oversight.check_content import check_content
from trim.usecases.oversight.rotate_keys import rotate_keys
from trim.usecases.retention.sweep_keys import sweep_keys
from trim.vault.escrow import SharesDoNotFit, has_escrow, make_escrow, open_escrow
from trim.vault.masters import load_key
from trim.vault.private_files import write_once

#: Keys that the holders of shares can bring back; the others are made anew.
ESCROWED = ("master", "index")


@click.group("keys")
def command() -> None:
    """Look after the keys that open case content.

    \b
    Example:
      trim keys state
      trim keys rotate
    """


@command.command("state")
@as_json_option
def show_state(as_json: bool) -> None:
    """Say how many keys there are, and which master key wraps them.

    \b
    Example:
      trim keys state --json
    """
    settings = Settings.from_environment()
    with opened(settings) as backend:
        state = backend.vault.ring.store.state()
    waiting = sum(count for master, count in state.living.items() if master != state.current)
    escrow = has_escrow(settings.keys_dir)
    if as_json:
        found = {"master": state.current, "keys": sum(state.living.values()), "to_rewrap": waiting}
        print_json({**found, "destroyed": state.destroyed, "escrow": escrow})
        return
    click.echo(f"Master key {state.current or '(none yet)'} wraps {sum(state.living.values()) - waiting} keys.")
    if waiting:
        click.echo(f"{waiting} keys are still wrapped by another one: run `trim keys rotate` to finish the change.")
    click.echo(f"{state.destroyed} keys were destroyed by erasure.")
    if not settings.keyholder:
        click.echo("A lost master key can be had back from its holders." if escrow else NO_ESCROW)


NO_ESCROW = "Nobody can restore a lost master key: losing it is final. `trim keys escrow` shares a recovery key."


@command.command("check")
@as_json_option
def check(as_json: bool) -> None:
    """Open the content of every case and compare interviews with their digests in the trail; names rows, no content.

    Exit status 1 when something does not open, or is another version than the trail says.

    \b
    Example:
      trim keys check
    """
    with opened(Settings.from_environment()) as backend, backend.writing() as uow:
        wrong = check_content(uow, system_actor("keys"), now=datetime.now(UTC))
    if as_json:
        print_json([{"table": one.table, "id": one.row_id, "problem": one.problem} for one in wrong])
    elif not wrong:
        click.echo("All content opens and is what the trail says.")
    for one in [] if as_json else wrong:
        said = "does not open" if one.problem == "damaged" else "is not the version that the trail names"
        click.echo(f"{one.table} {one.row_id} {said}.")
    if wrong:
        raise SystemExit(1)


@command.command("sweep")
@as_json_option
def sweep(as_json: bool) -> None:
    """Destroy keys older than a day whose case or incident never came; never a younger one.

    \b
    Example:
      trim keys sweep
    """
    with opened(Settings.from_environment()) as backend:
        done = sweep_keys(backend, system_actor("keys"), now=datetime.now(UTC))
    if as_json:
        print_json({"swept": done.swept, "keys": done.keys})
    else:
        click.echo(f"{done.swept} of {done.keys} keys were orphans and are destroyed.")


@command.command("escrow")
@click.option("--holders", required=True, type=click.IntRange(2, 16), help="How many people get a share.")
@click.option("--needed", required=True, type=click.IntRange(2, 16), help="How many of them must come together.")
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Of a key holder.")
def escrow(holders: int, needed: int, folder: Path | None) -> None:
    """Split a recovery key among people, so that a lost master key can be had back.

    Each share (33 words, SLIP-39) is shown once, here, and kept nowhere. The shares stay good when the master key is
    changed; making an escrow anew ends the earlier one. The sealed keys lie in the keys folder and in its backups:
    shares alone open nothing.

    \b
    Example:
      trim keys escrow --holders 5 --needed 3
    """
    if needed > holders:
        raise CommandFailed("More are needed than there are.", "Give --needed at most the number of --holders.")
    settings = Settings.from_environment()
    keys = folder or settings.keys_dir
    kept = {name: load_key(keys / f"{name}.key") for name in ESCROWED if (keys / f"{name}.key").exists()}
    if "master" not in kept:
        raise CommandFailed(
            f"There is no master key in {keys}.", "With a key holder, give its folder with --folder, as its user."
        )
    for number, share in enumerate(make_escrow(keys, kept, holders=holders, needed=needed), start=1):
        click.echo(f"Share {number} of {holders}, any {needed} of which are needed:\n{share}\n")
    click.echo("Give each to its holder on paper and clear this screen. Back the keys folder up: it holds the rest.")


@command.command("recover")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Of a key holder.")
def recover(folder: Path | None) -> None:
    """Put back a lost master key and index key from shares, read from standard input, one a line.

    Needs the files escrow.pub and escrow.sealed of the keys folder or of its backup. What is there is not overwritten.

    \b
    Example:
      trim keys recover < shares.txt
    """
    settings = Settings.from_environment()
    keys = folder or settings.keys_dir
    click.echo("One share a line, an empty line at the end:", err=True)
    shares = list(iter(lambda: sys.stdin.readline().strip(), ""))
    try:
        found = open_escrow(keys, shares)
    except SharesDoNotFit as problem:
        raise CommandFailed(
            f"The shares do not open the escrow in {keys} ({problem}).",
            "Check that enough of them are there, each on one line, none mistyped, all of the newest escrow.",
        ) from problem
    except FileNotFoundError as problem:
        raise CommandFailed(
            f"There is no escrow in {keys}.", "Put escrow.pub and escrow.sealed back from a backup of the keys folder."
        ) from problem
    files = {"master": "master.key", "index": "index.key"}
    if "master.before" in found:
        # A change of the master key was under way: keys may need either, and `trim keys rotate` goes on with it.
        files |= {"master.before": "master.key", "master": "master.next"}
    put = [files[name] for name, key in found.items() if name in files and write_once(keys / files[name], key)]
    click.echo(f"Put back: {', '.join(put)}." if put else "All keys are there; nothing was changed.")
    if "master.next" in put:
        click.echo("A change of the master key had been broken off: run `trim keys rotate` to finish it.")


@command.command("rotate")
@as_json_option
def rotate(as_json: bool) -> None:
    """Make a new master key and wrap every key anew; servers go on meanwhile.

    When it is broken off, run it again: it goes on where it was. Make a backup of the keys afterwards.

    \b
    Example:
      trim keys rotate
    """
    try:
        with opened(Settings.from_environment()) as backend:
            done = rotate_keys(backend, system_actor("keys"), now=datetime.now(UTC))
    except ContentDamaged as problem:
        raise CommandFailed(
            f"The key of {problem} does not open, so the old master key is kept beside the new one.",
            "Restore the key store from its backup, then run `trim keys rotate` again.",
        ) from problem
    if as_json:
        print_json({"master": done.master, "rewrapped": done.rewrapped})
    else:
        click.echo(f"Master key {done.master} is in force; {done.rewrapped} keys were wrapped anew.")
        click.echo("Back the keys up now: `trim backup`.")
