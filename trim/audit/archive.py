"""Sealed years leave the database: what an archive holds, and the removal of exactly that from the trail.

Only entries that a signed checkpoint covers, and only when the archive shows each of them under its own hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select
from sqlmodel import Session, col

from trim.audit.verify import verify
from trim.domain.errors import TrimError
from trim.store import append_only
from trim.store.tables import TrailCheckpoint, TrailEntry, TrailSubject


class ArchiveUnfit(TrimError):
    """The archive does not hold what would be removed, or is broken: nothing was removed."""


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive file that was checked: it is whole up to `checkpoint`."""

    path: Path
    checkpoint: int
    sealed_at: datetime
    sha256: str


@dataclass
class ArchivedChain:
    """One chain of an archive: `hashes` are those of the entries after `base`."""

    name: str
    base: int = 0
    hashes: list[str] = field(default_factory=list)

    @property
    def last(self) -> int:
        """Number of the newest entry in the archive."""
        return self.base + len(self.hashes)


def last_before(session: Session, at: datetime) -> TrailCheckpoint | None:
    """The newest checkpoint made before an instant."""
    query = select(TrailCheckpoint).where(col(TrailCheckpoint.at) < at)
    return session.scalar(query.order_by(col(TrailCheckpoint.number).desc()).limit(1))


def read_archive(path: Path, public_key: Path) -> Archive:
    """Check an archive file whole. Raises ArchiveUnfit, OSError, ValueError when the key is none."""
    digest = _digest_of(path)
    report = verify(path, public_key)
    if not report.is_whole:
        raise ArchiveUnfit(f"{path} is broken: {report.findings[0].line()}. Nothing was removed.")
    if not report.archive:
        raise ArchiveUnfit(f"{path} is no archive: make one with `trim audit archive`. Nothing was removed.")
    return Archive(path, report.archive, datetime.fromisoformat(report.vouched_at), digest)


def remove_archived(session: Session, archive: Archive) -> int:
    """Remove from the trail what the archive holds; gives the number of entries. Needs the tables' owner.

    Raises ArchiveUnfit when the database holds an entry up to that checkpoint which the archive does not show.
    """
    signed = session.get(TrailCheckpoint, archive.checkpoint)
    with archive.path.open("rb", buffering=1 << 20) as lines:
        if signed is None or not any(line.startswith(b"#checkpoint " + signed.text.encode() + b"\t") for line in lines):
            raise ArchiveUnfit(f"{archive.path} is the archive of another trail. Nothing was removed.")
    removed = 0
    with append_only.lifted(session.connection()):
        for chain in archived_chains(archive.path):
            removed += _remove(session, chain)
    if _digest_of(archive.path) != archive.sha256:
        raise ArchiveUnfit(f"{archive.path} was changed meanwhile. Nothing was removed.")
    return removed


def archived_chains(path: Path) -> Iterator[ArchivedChain]:
    """The chains of a checked archive, one at a time."""
    chain: ArchivedChain | None = None
    with path.open("rb", buffering=1 << 20) as lines:
        for line in lines:
            if line.startswith(b"#chain "):
                name, _, base = line[7:].rstrip(b"\n").partition(b"\t")
                chain = ArchivedChain(name.decode(), int(base.partition(b"\t")[0] or 0))
            elif line.startswith(b"#head ") and chain is not None:
                yield chain
                chain = None
            elif chain is not None:
                chain.hashes.append(line[:64].decode())


def _remove(session: Session, chain: ArchivedChain) -> int:
    here = (col(TrailEntry.chain) == chain.name, col(TrailEntry.number) <= chain.last)
    found = session.execute(select(TrailEntry.number, TrailEntry.text).where(*here)).all()  # type: ignore[call-overload]
    for number, text in found:
        if number <= chain.base:
            raise ArchiveUnfit(f"The archive begins after entry {number} of {chain.name}. Nothing was removed.")
        if hashlib.sha256(text.encode()).hexdigest() != chain.hashes[number - chain.base - 1]:
            raise ArchiveUnfit(
                f"Entry {number} of {chain.name} is not the one in the archive: check the whole trail. "
                "Nothing was removed."
            )
    if found:
        options = {"synchronize_session": False}
        named = (col(TrailSubject.chain) == chain.name, col(TrailSubject.number) <= chain.last)
        session.execute(delete(TrailSubject).where(*named), execution_options=options)
        session.execute(delete(TrailEntry).where(*here), execution_options=options)
    return len(found)


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
