"""`trim keyholder`: hold the master key in a process of its own, under a user of its own."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

import click

from trim.cli.messages import CommandFailed
from trim.vault.keyholder import PER_MINUTE, Bucket, KeyHolder, serve, write_log
from trim.vault.masters import LocalMasters, MasterKeyMissing


@click.command("keyholder")
@click.option("--folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where master.key is.")
@click.option("--socket", "path", required=True, type=click.Path(path_type=Path), help="Where to listen.")
@click.option("--user", "users", required=True, multiple=True, help="User that Trim runs as; repeatable.")
@click.option("--per-minute", type=click.IntRange(1), default=PER_MINUTE, show_default=True, help="Keys each may ask.")
@click.option("--log", type=click.Path(dir_okay=False, path_type=Path), help="Log file; standard error without.")
@click.option("--create", is_flag=True, help="Make the master key of a new instance if there is none.")
def command(folder: Path, path: Path, users: tuple[str, ...], per_minute: int, log: Path | None, create: bool) -> None:
    """Hold the master key and wrap and unwrap keys for other users of this machine, until it is stopped.

    Start it as a user of its own, to whom FOLDER belongs. Trim then runs as another one, with TRIM_KEYHOLDER set to the
    socket and without a master.key. Linux only: the kernel must say who is asking.

    \b
    Example:
      sudo -u trimkeys trim keyholder --folder /var/lib/trimkeys --socket /run/trimkeys/keys.sock --user trim
    """
    import pwd

    try:
        allowed = frozenset(pwd.getpwnam(name).pw_uid for name in users)
    except KeyError as problem:
        raise CommandFailed(f"There is no such user: {problem}.", "Name the user that `trim serve` runs as.") from None
    try:
        masters = LocalMasters(folder, create=create)
    except MasterKeyMissing as problem:
        raise CommandFailed(
            f"The master key is missing or damaged: {problem}.",
            "Move instance/keys/master.key there, or give --create for a new instance.",
        ) from problem
    signal.signal(signal.SIGTERM, _stop)
    with log.open("a", encoding="utf-8") if log else sys.stderr as stream:
        holder = KeyHolder(masters, allowed, Bucket(per_minute), write_log(stream))
        try:
            serve(path, holder, ready=lambda: click.echo(f"The key holder listens at {path}."))
        except OSError as problem:
            raise CommandFailed(f"Cannot listen at {path}: {problem.strerror or problem}.") from problem


def _stop(*_: Any) -> None:
    raise SystemExit(0)
