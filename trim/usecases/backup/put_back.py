"""Put a backup back: checked whole before anything is touched, erasures replayed before serving (CARE 19)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from trim.audit import anchors, checkpoint, trail
from trim.domain.access import Actor
from trim.domain.errors import Forbidden, TrimError
from trim.settings import Settings, ensure_keys_dir
from trim.store import dump
from trim.store.database import sqlite_path
from trim.usecases.backup import archive
from trim.usecases.backup.archive import Manifest
from trim.usecases.backup.take import WRAPPED
from trim.usecases.opening import open_instance, open_store
from trim.usecases.retention.replay import replay_erasures
from trim.vault import erasure_log, private_files


class SomethingThere(TrimError):
    """There is a database or keys already: they are not overwritten unless somebody says so."""


class OtherDatabase(TrimError):
    """The backup is of the other kind of database than the settings name."""


@dataclass(frozen=True, slots=True)
class PutBack:
    """What was put back: erasures replayed, the newest checkpoint it holds, and the newest that was ever sent out."""

    manifest: Manifest
    replayed: int
    checkpoint: int
    newest_anchor: int

    @property
    def is_older(self) -> bool:
        """Whether checkpoints were made after this backup: what they cover is not here."""
        return self.newest_anchor > self.checkpoint


def put_back(
    actor: Actor, *, now: datetime, settings: Settings, folder: Path, keys_folder: Path, force: bool = False
) -> PutBack:
    """Restore the newest backup of a folder into the place that the settings name; no server may run meanwhile.

    Raises Forbidden, BackupDamaged, SomethingThere, OtherDatabase, ProgramMissing, OSError.
    """
    if not actor.is_system:
        raise Forbidden
    manifest = archive.newest(folder)
    kind = "sqlite" if sqlite_path(settings.database_url) else "postgresql"
    if kind != manifest.database_kind:
        raise OtherDatabase(f"This backup is of {manifest.database_kind}; the settings name {kind}.")
    if not force:
        _require_empty(settings)
    settings.instance.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.instance, prefix=".trim-restore-") as work:
        database, keys = Path(work) / "database", Path(work) / "keys"
        for part, place, target in ((archive.DATABASE, folder, database), (archive.KEYS, keys_folder, keys)):
            archive.unpack(place / manifest.file(part), target, manifest.parts[part])
        listed = folder / manifest.file(archive.ERASURES)
        archive.check(listed, manifest.parts[archive.ERASURES])
        # The list first: from here on a server that is started by mistake replays it before it serves.
        erasure_log.append(settings.erasures_file, erasure_log.read(listed))
        _put_keys(settings, keys)
        dump.load(settings.owner_database_url, settings.database_url, database / "database")
    return _replay(actor, now, settings, manifest)


def _require_empty(settings: Settings) -> None:
    there = [name for name in settings.key_files if (settings.keys_dir / name).exists()]
    if dump.is_there(settings.database_url):
        there.append("the database")
    if settings.keys_database_url:
        store = open_store(settings.keys_database_url)
        there += ["the database of the keys"] if store.rows() else []
        store.close()
    if there:
        raise SomethingThere(f"There is something already: {', '.join(there)}. Nothing was changed.")


def _put_keys(settings: Settings, unpacked: Path) -> None:
    ensure_keys_dir(settings)
    for path in sorted(unpacked.iterdir()):
        if path.name != WRAPPED:
            private_files.replace(settings.keys_dir / path.name, path.read_bytes())
    rows, master = archive.rows_from_json((unpacked / WRAPPED).read_bytes())
    store = open_store(settings.keys_database_url, settings.keys_dir)
    store.put_back(rows, master)
    store.close()


def _replay(actor: Actor, now: datetime, settings: Settings, manifest: Manifest) -> PutBack:
    backend = open_instance(settings)
    try:
        replayed = replay_erasures(backend, actor, now=now)
        anchor = anchors.newest_number(settings.anchors_dir)
        with backend.writing() as uow:
            last = checkpoint.newest(uow.session)
            done = PutBack(manifest, replayed, last.number if last is not None else 0, anchor)
            uow.record(
                actor,
                now,
                "backup.restored",
                chain=trail.ORGANISATION,
                subject="backup",
                codes={
                    "stamp": manifest.stamp,
                    "replayed": replayed,
                    "checkpoint": done.checkpoint,
                    "newest_anchor": anchor,
                },
            )
    finally:
        backend.close()
    return done
