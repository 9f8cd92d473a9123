"""What a backup is: a manifest that names its parts with their checksums, the database, the keys, the list of erasures.

The manifest is written last: without it there is no backup. Keys lie in an archive of their own, maybe elsewhere.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from trim.domain.errors import TrimError
from trim.vault import private_files

PREFIX = "trim-"
DATABASE = "database"
KEYS = "keys"
ERASURES = "erasures"


class BackupDamaged(TrimError):
    """A part of the backup is missing or is not what was written."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup: when, of what kind, up to which checkpoint of the trail, and the SHA-256 of each part."""

    stamp: str
    program: str
    database_kind: str
    newest_checkpoint: int
    holds_master_key: bool
    parts: Mapping[str, str]

    def file(self, part: str) -> str:
        """Name of a part's file."""
        ending = "log" if part == ERASURES else "tar.gz"
        return f"{PREFIX}{self.stamp}-{part}.{ending}"

    def write(self, folder: Path) -> Path:
        """Write it beside its parts."""
        path = folder / f"{PREFIX}{self.stamp}.json"
        private_files.replace(path, json.dumps(asdict(self), indent=2).encode())
        return path


def newest(folder: Path) -> Manifest:
    """The newest backup of a folder. Raises BackupDamaged."""
    found = sorted(folder.glob(f"{PREFIX}*.json"))
    if not found:
        raise BackupDamaged(f"There is no backup in {folder}.")
    try:
        return Manifest(**json.loads(found[-1].read_text()))
    except (ValueError, TypeError) as problem:
        raise BackupDamaged(f"{found[-1]} cannot be read.") from problem


def pack(path: Path, files: Mapping[str, bytes | Path]) -> str:
    """Write files into a new archive of mode 0600; gives its SHA-256."""
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    with tarfile.open(draft, "w:gz", compresslevel=6) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.mode = 0o600
            if isinstance(content, Path):
                entry.size = content.stat().st_size
                with content.open("rb") as stream:
                    archive.addfile(entry, stream)
            else:
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    draft.replace(path)
    private_files.sync_folder(path.parent)
    return checksum(path)


def unpack(path: Path, folder: Path, expected: str) -> None:
    """Unpack an archive into an empty folder. Raises BackupDamaged unless it is what was written."""
    check(path, expected)
    try:
        with tarfile.open(path, "r:gz") as archive:
            for entry in archive:
                # Plain files by name: nothing in an archive decides where it is written.
                stream = archive.extractfile(entry)
                if stream is not None:
                    private_files.replace(folder / Path(entry.name).name, stream.read())
    except (tarfile.TarError, OSError) as problem:
        raise BackupDamaged(f"{path} cannot be unpacked.") from problem


def check(path: Path, expected: str) -> None:
    """Raise BackupDamaged unless the file is there with this SHA-256."""
    if not path.is_file():
        raise BackupDamaged(f"{path} is missing.")
    if checksum(path) != expected:
        raise BackupDamaged(f"{path} is damaged: it is not what was written. Nothing was changed.")


def checksum(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def rows_to_json(rows: list[tuple[Any, ...]], master: str | None) -> bytes:
    """Wrapped keys as one text."""
    plain = [[*row[:3], None if row[3] is None else row[3].hex(), *row[4:]] for row in rows]
    return json.dumps({"master": master, "rows": plain}).encode()


def rows_from_json(text: bytes) -> tuple[list[tuple[Any, ...]], str | None]:
    """Wrapped keys out of that text, and the name of the master key in force."""
    found = json.loads(text)
    rows = [(*row[:3], None if row[3] is None else bytes.fromhex(row[3]), *row[4:]) for row in found["rows"]]
    return rows, found["master"]
