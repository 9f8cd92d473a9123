"""An instance opened for a command, and files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from trim.cli.db import require_current
from trim.cli.messages import CommandFailed
from trim.settings import Settings
from trim.usecases.opening import open_instance
from trim.usecases.unit_of_work import Backend
from trim.vault.masters import MasterKeyMissing


@contextmanager
def opened(settings: Settings, *, as_owner: bool = False) -> Iterator[Backend]:
    """The instance, as the application or as the owner of the tables. Raises CommandFailed when it does not fit."""
    require_current(settings)
    try:
        backend = open_instance(settings, as_owner=as_owner)
    except MasterKeyMissing as problem:
        raise CommandFailed(
            f"A key file is missing or damaged: {problem}.",
            "Put the keys folder back from its backup, or have its holders run `trim keys recover`.",
        ) from problem
    try:
        yield backend
    finally:
        backend.close()


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes its name, and is on the disk, only when everything is in it."""
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb", buffering=1 << 20) as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
        # The name must be on the disk too: what is archived is removed elsewhere right afterwards.
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        draft.unlink(missing_ok=True)
