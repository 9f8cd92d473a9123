"""The list of erasures, kept apart from database and keys: replayed at every restore before serving (CARE 19).

One line each: instant, owner of the destroyed key, rule. Lines are only ever added.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FIELDS = 3


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure: when, whose key, under which rule."""

    at: datetime
    owner: str
    rule: str

    def line(self) -> str:
        """As it is written."""
        return f"{self.at.astimezone(UTC).isoformat(timespec='seconds')}\t{self.owner}\t{self.rule}\n"


def read(path: Path) -> list[Erasure]:
    """All erasures of a list, the first first; a list that is not there is empty."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    found: dict[str, Erasure] = {}
    # A line without its end was cut off by a crash before its key was destroyed: it was or will be written again.
    for line in text[: text.rfind("\n") + 1].splitlines():
        parts = line.split("\t")
        if len(parts) == FIELDS:
            found.setdefault(parts[1], Erasure(datetime.fromisoformat(parts[0]), parts[1], parts[2]))
    return list(found.values())


def append(path: Path, erasures: Iterable[Erasure]) -> None:
    """Add what is not in the list yet; on the disk on return. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        known = {one.owner for one in read(path)}
        lines = "".join(one.line() for one in erasures if one.owner not in known)
        if lines:
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                lines = "\n" + lines
            os.write(handle, lines.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
