"""A trail of any length, made by the real writer's own text, and an export that can be tampered with line by line."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, update
from sqlmodel import col

from tests.support.organisation import MONDAY
from trim.audit import trail
from trim.audit.checkpoint import make_checkpoint, public_pem
from trim.audit.export import export_trail
from trim.audit.findings import Report
from trim.audit.verify import verify
from trim.store.database import Database
from trim.store.tables import TrailEntry, TrailHead


@dataclass
class LongTrail:
    """A filled trail: `witness` lines are what a witness would have noted."""

    database: Database
    key: Ed25519PrivateKey
    folder: Path
    witness: list[str]
    at: datetime = MONDAY

    def checkpoint(self) -> None:
        """Sign a checkpoint now."""
        with self.database.writing() as session:
            make_checkpoint(session, self.key, at=self.at)

    def export(self) -> list[bytes]:
        """The export as lines."""
        out = BytesIO()
        with self.database.reading() as session:
            export_trail(session, out)
        return out.getvalue().splitlines(keepends=True)

    def check(self, lines: list[bytes], *, witness: bool = False, columns: bool = False, **more: Path) -> Report:
        """Check lines as an export."""
        export, public = self.folder / "trail.txt", self.folder / "trail.pub"
        export.write_bytes(b"".join(lines))
        public.write_bytes(public_pem(self.key))
        seen = self.folder / "witness.log"
        seen.write_text("".join(self.witness))
        return verify(export, public, witness=seen if witness else None, columns=columns, **more)


def entries_of(
    chain: str, count: int, at: datetime, first: int = 1, before: str = trail.GENESIS
) -> list[dict[str, object]]:
    """`count` rows of a chain, linked as the writer links them."""
    rows = []
    for number in range(first, first + count):
        instant = at + timedelta(seconds=number)
        text = trail.canonical(
            {
                "v": 1,
                "chain": chain,
                "n": number,
                "prev": before,
                "at": instant.isoformat(timespec="microseconds"),
                "actor": "a" * 32,
                "what": "case.read",
                "subject": chain,
                "codes": {"step": "follow_up"},
                "digests": {"values": hashlib.sha256(f"{chain}{number}".encode()).hexdigest()},
            }
        )
        before = hashlib.sha256(text.encode()).hexdigest()
        rows.append(
            {
                "chain": chain,
                "number": number,
                "text": text,
                "hash": before,
                "at": instant,
                "actor_id": "a" * 32,
                "what": "case.read",
            }
        )
    return rows


def fill(made: LongTrail, chains: int, length: int, prefix: str = "case:") -> None:
    """Add `chains` chains of `length` entries each."""
    heads = []
    with made.database.writing() as session:
        connection = session.connection()
        for number in range(chains):
            chain = f"{prefix}{number:06d}"
            rows = entries_of(chain, length, made.at)
            connection.execute(insert(TrailEntry), rows)
            heads.append({"chain": chain, "number": length, "hash": rows[-1]["hash"], "sealed_number": 0})
            made.witness.append(f"{made.at.isoformat()}\t{chain}\t{length}\t{rows[-1]['hash']}\n")
        connection.execute(insert(TrailHead), heads)


def grow(made: LongTrail, chain: str, count: int) -> None:
    """Add `count` entries to a chain that is there."""
    with made.database.writing() as session:
        head = session.get(TrailHead, chain)
        assert head is not None
        rows = entries_of(chain, count, made.at, head.number + 1, head.hash)
        connection = session.connection()
        connection.execute(insert(TrailEntry), rows)
        for row in rows:
            moved = update(TrailHead).where(col(TrailHead.chain) == chain)
            connection.execute(moved.values(number=row["number"], hash=row["hash"]))
