"""The witness: an append-only file outside the database that notes each chain's head before a change is acknowledged.

A checkpoint covers what came before it; the witness covers what came since, so that a cut tail is noticed. Its path may
lie on another machine's mount.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from trim.domain.errors import TrimError


class WitnessUnavailable(TrimError):
    """The witness cannot be written: nothing is changed while it is configured and away."""


class Witness:
    """Appends lines of instant, chain, number and hash, each on the disk before the caller goes on."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def require(self) -> None:
        """Raise WitnessUnavailable unless a line could be written now: asked before anything is changed."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))
        except OSError as problem:
            raise WitnessUnavailable(
                f"The witness file cannot be written ({problem.strerror}). Nothing was changed."
            ) from problem

    def note(self, heads: Iterable[tuple[datetime, str, int, str]]) -> None:
        """Append the new heads of one transaction. Raises WitnessUnavailable; the change itself is kept by then."""
        lines = "".join(
            f"{at.astimezone(UTC).isoformat(timespec='microseconds')}\t{chain}\t{number}\t{digest}\n"
            for at, chain, number, digest in heads
        )
        if not lines:
            return
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                # Several processes write one file: a lock keeps their lines apart.
                fcntl.flock(handle, fcntl.LOCK_EX)
                os.write(handle, lines.encode())
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as problem:
            raise WitnessUnavailable(
                f"The witness file cannot be written ({problem.strerror}). The change is kept, but not witnessed."
            ) from problem
