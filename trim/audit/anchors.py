"""Anchors: copies of signed checkpoints in a folder apart from the database, which may be write-once.

Whoever holds them can tell an older or rewritten database from the true one.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path

from trim.audit.checkpoint import Sealed


class AnchorContradicts(Exception):
    """A different checkpoint of the same number was sent out before: the database is not the one that made it."""


def name_of(number: int) -> str:
    """`checkpoint-000012`: sorts as it counts."""
    return f"checkpoint-{number:06d}"


def write_anchor(folder: Path, sealed: Sealed) -> Path:
    """Write text and signature of a checkpoint; gives the text's path. Never writes over what is there.

    Raises AnchorContradicts when another text stands there under its number, OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name_of(sealed.number)}.txt"
    _once(path, sealed.text.encode())
    _once(path.with_suffix(".sig"), base64.b64decode(sealed.signature))
    return path


def newest_number(folder: Path) -> int:
    """Number of the newest anchor in a folder; 0 when there is none."""
    numbers = (path.stem.removeprefix("checkpoint-") for path in folder.glob("checkpoint-*.txt"))
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def _once(path: Path, content: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    except FileExistsError as problem:
        if path.read_bytes() != content:
            raise AnchorContradicts(path.name) from problem
        return
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
