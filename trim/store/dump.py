"""Copies of the whole database while it is in use: SQLite by its own backup, PostgreSQL by pg_dump and pg_restore."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from trim.domain.errors import TrimError
from trim.store import migrate
from trim.store.database import sqlite_path


class ProgramMissing(TrimError):
    """pg_dump or pg_restore is not installed, or failed; the message says which and why."""


def dump(url: str, target: Path) -> None:
    """Write one consistent copy to `target`, readable by its owner alone. Raises ProgramMissing, OSError."""
    source = sqlite_path(url)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if source is None:
        _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
        return
    running = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    with closing(running), closing(sqlite3.connect(target)) as out:
        running.backup(out)
        # One file without a log beside it: what is archived is all there is.
        out.execute("PRAGMA journal_mode = DELETE")


def load(owner_url: str, url: str, source: Path) -> None:
    """Put a copy in the place of the database, and bring its tables to this version. Raises ProgramMissing, OSError."""
    target = sqlite_path(owner_url)
    if target is None:
        options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        _run("pg_restore", owner_url, *options, str(source))
    else:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = target.with_name(f".{target.name}.restored")
        shutil.copyfile(source, draft)
        draft.chmod(0o600)
        for left in ("-wal", "-shm"):
            # The log of the database that was here would be played into the one that is put here.
            target.with_name(target.name + left).unlink(missing_ok=True)
        draft.replace(target)
    migrate.upgrade(owner_url, url)


def is_there(url: str) -> bool:
    """Whether there are tables already."""
    return migrate.state(url) != "missing"


def _run(program: str, url: str, *options: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise ProgramMissing(
            f"{program} is not installed, so this PostgreSQL database can be neither copied nor put back. "
            "Install the client programs of your server's version (Debian: postgresql-client)."
        )
    parsed = make_url(url)
    # The password goes through the environment: arguments can be read by everybody on the machine.
    environment = {**os.environ, **({"PGPASSWORD": str(parsed.password)} if parsed.password else {})}
    plain = parsed.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 - a program found by its name, with our own arguments
        [found, f"--dbname={plain}" if program == "pg_restore" else plain, *options],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise ProgramMissing(f"{program} failed: {said[-1] if said else done.returncode}")
