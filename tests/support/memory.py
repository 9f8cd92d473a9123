"""A folder in memory, for the many small files of tests that no crash of a machine has to survive."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

#: Linux' file system in memory. Containers often give it 64 MB, which is too little.
MEMORY = Path("/dev/shm")


def memory_with(room: int, *, programs: bool = False) -> Path | None:
    """The folder if it is there and `room` bytes are free; with `programs`, only if programs may be run from it."""
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK)) or shutil.disk_usage(MEMORY).free < room:
        return None
    return None if programs and os.statvfs(MEMORY).f_flag & os.ST_NOEXEC else MEMORY
