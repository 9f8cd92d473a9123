"""Files that only their owner may read, written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_once(path: Path, content: bytes) -> bool:
    """Write a new file of mode 0600, on the disk on return; False when another process was first: its file stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _draft(path, content)
    try:
        # Linked in place: two processes that start together agree on one file, and nobody reads half of it.
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    sync_folder(path.parent)
    return True


def replace(path: Path, content: bytes) -> None:
    """Put a file of mode 0600 in the place of the one that is there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _draft(path, content).replace(path)
    sync_folder(path.parent)


def wipe(path: Path) -> None:
    """Overwrite a file and remove it; on drives that move their blocks about this is a wish, not a proof."""
    if not path.exists():
        return
    handle = os.open(path, os.O_WRONLY)
    try:
        os.write(handle, secrets.token_bytes(path.stat().st_size))
        os.fsync(handle)
    finally:
        os.close(handle)
    path.unlink()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, not only the content of its files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft
