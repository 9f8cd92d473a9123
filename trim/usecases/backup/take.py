"""Make a backup while the servers run: database first, then keys, then the list of erasures.

In this order every case of the copy has its key, but for those erased in between, which the list names.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from trim import __version__
from trim.audit import checkpoint, trail
from trim.domain.access import Actor
from trim.domain.errors import Forbidden, TrimError
from trim.settings import Settings
from trim.store import dump
from trim.store.database import sqlite_path
from trim.usecases.backup import archive
from trim.usecases.backup.archive import Manifest
from trim.usecases.unit_of_work import Backend
from trim.vault import private_files
from trim.vault.masters import KEY_BYTES, name_of

#: Wrapped keys are kept in their archive under this name, whichever store they come from.
WRAPPED = "keyring.json"
_TRIES = 5


class KeysMoving(TrimError):
    """The master key was being changed all the while: make the backup when that is over."""


def take_backup(
    backend: Backend, actor: Actor, *, now: datetime, settings: Settings, folder: Path, keys_folder: Path
) -> Manifest:
    """Write a backup; gives its manifest. Raises Forbidden, ProgramMissing, KeysMoving, OSError."""
    if not actor.is_system:
        raise Forbidden
    for place in (folder, keys_folder):
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    with backend.writing() as uow:
        # Said before it is made, so that the copy itself knows.
        uow.record(actor, now, "backup.made", chain=trail.ORGANISATION, subject="backup", codes={"stamp": stamp})
        last = checkpoint.newest(uow.session)
    draft = Manifest(
        stamp=stamp,
        program=__version__,
        database_kind="sqlite" if sqlite_path(settings.database_url) else "postgresql",
        newest_checkpoint=last.number if last is not None else 0,
        holds_master_key=settings.keyholder is None,
        parts={},
    )
    parts = {}
    with tempfile.TemporaryDirectory(dir=folder, prefix=".trim-backup-") as work:
        copy = Path(work) / "database"
        dump.dump(settings.owner_database_url, copy)
        parts[archive.DATABASE] = archive.pack(folder / draft.file(archive.DATABASE), {"database": copy})
    keys = _keys(backend, settings)
    parts[archive.KEYS] = archive.pack(keys_folder / draft.file(archive.KEYS), keys)
    listed = settings.erasures_file.read_bytes() if settings.erasures_file.exists() else b""
    erasures = folder / draft.file(archive.ERASURES)
    private_files.replace(erasures, listed)
    parts[archive.ERASURES] = archive.checksum(erasures)
    made = Manifest(
        draft.stamp, draft.program, draft.database_kind, draft.newest_checkpoint, draft.holds_master_key, parts
    )
    made.write(folder)
    return made


def _keys(backend: Backend, settings: Settings) -> dict[str, bytes | Path]:
    """Every key file and every wrapped key, such that the files unwrap the rows."""
    store = backend.vault.ring.store
    for _ in range(_TRIES):
        files: dict[str, bytes | Path] = {}
        for path in sorted(settings.keys_dir.iterdir()):
            if path.is_file() and not path.name.startswith((".", "keyring.sqlite3")):
                files[path.name] = path.read_bytes()
        rows, master = store.rows(), store.current_master()
        here = {name_of(one) for one in files.values() if isinstance(one, bytes) and len(one) == KEY_BYTES}
        needed = {row[2] for row in rows if row[3] is not None}
        # A change of the master key between the two readings: read both once more.
        if settings.keyholder or needed <= here:
            return {**files, WRAPPED: archive.rows_to_json(rows, master)}
    raise KeysMoving
