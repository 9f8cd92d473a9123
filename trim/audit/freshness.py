"""Whether a database is older than what left it: a backup was put back, or somebody took the newest part away.

Anchors and witness lie outside the database; either may know of something that the database does not.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session, col

from trim.audit.anchors import name_of, newest_number
from trim.store.tables import TrailCheckpoint, TrailEntry, TrailHead

#: How much of the witness's end is read, in bytes: some hundred lines, so any backup older than a few minutes shows.
WITNESS_TAIL = 1 << 16

#: Chain to number and hash of the newest entry that the witness saw.
Seen = dict[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Freshness:
    """What lies outside against what the database holds; checkpoints by number, 0 for none."""

    checkpoint: int
    anchor: int
    #: The anchor of the database's newest checkpoint is another one.
    contradicted: bool
    #: Chains of which the witness saw an entry that is not here.
    behind: tuple[str, ...]

    @property
    def is_older(self) -> bool:
        """Whether something outside is newer than the database, or of another history."""
        return self.anchor > self.checkpoint or self.contradicted or bool(self.behind)

    def cause(self) -> str:
        """What is wrong, in a line; empty when nothing is."""
        said = []
        if self.anchor > self.checkpoint:
            said.append(f"it ends with checkpoint {self.checkpoint}, and checkpoint {self.anchor} was sent out")
        if self.contradicted:
            said.append(f"its checkpoint {self.checkpoint} is not the one that was sent out")
        if self.behind:
            said.append(f"the witness saw entries of {len(self.behind)} chains that are not here")
        return f"The database is older than what left it, or another one: {'; '.join(said)}." if said else ""


def seen_by_witness(witness: Path | None) -> Seen:
    """The newest entry of each chain in the last lines of the witness; call it before the database is read."""
    seen: Seen = {}
    for line in _tail(witness) if witness is not None else ():
        parts = line.split("\t")
        if len(parts) == 4 and parts[2].isdecimal():
            seen[parts[1]] = (int(parts[2]), parts[3])
    return seen


def freshness(session: Session, anchors: Path, seen: Seen) -> Freshness:
    """Hold a database against its anchors and what its witness saw."""
    checkpoint = session.scalar(select(func.max(TrailCheckpoint.number))) or 0
    row = session.get(TrailCheckpoint, checkpoint)
    sent = anchors / f"{name_of(checkpoint)}.txt"
    return Freshness(
        checkpoint=checkpoint,
        anchor=newest_number(anchors),
        contradicted=row is not None and sent.exists() and sent.read_text(encoding="utf-8") != row.text,
        behind=tuple(sorted(chain for chain, mark in seen.items() if not _has(session, chain, *mark))),
    )


def _has(session: Session, chain: str, number: int, digest: str) -> bool:
    head = session.get(TrailHead, chain)
    if head is None or head.number < number:
        return False
    query = select(TrailEntry.hash).where(col(TrailEntry.chain) == chain, col(TrailEntry.number) == number)  # type: ignore[call-overload]
    found = session.scalar(query)
    # No such entry below the head: it was pruned, which the check of the whole trail looks into.
    return found is None or found == digest


def _tail(witness: Path) -> Iterator[str]:
    try:
        with witness.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - WITNESS_TAIL, 0))
            lines = file.read().split(b"\n")
    except FileNotFoundError:
        return
    # The first may be cut by where we began, the last by a power cut.
    for line in lines[1 if size > WITNESS_TAIL else 0 : -1]:
        yield line.decode(errors="replace")
