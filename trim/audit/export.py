"""Writes the trail to a file that can be checked anywhere; the format is described in `docs/trail-format.md`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from sqlalchemy import Executable, select
from sqlmodel import Session, col

from trim.audit.trail import GENESIS
from trim.audit.verify import HEADER
from trim.store.tables import TrailCheckpoint, TrailEntry, TrailHead, TrailLeaf

#: Rows fetched at a time: memory does not grow with the number of entries.
BATCH = 5_000


def export_trail(session: Session, out: BinaryIO) -> int:
    """Write checkpoints, leaves and chains; gives the number of entries. Call in one read transaction."""
    out.write(HEADER)
    checkpoints = leaves = 0
    for row in session.execute(
        select(TrailCheckpoint.text, TrailCheckpoint.signature).order_by(col(TrailCheckpoint.number))  # type: ignore[call-overload]
    ):
        out.write(f"#checkpoint {row[0]}\t{row[1]}\n".encode())
        checkpoints += 1
    for leaf in _stream(
        session,
        select(TrailLeaf.position, TrailLeaf.chain, TrailLeaf.number, TrailLeaf.hash).order_by(col(TrailLeaf.position)),  # type: ignore[call-overload]
    ):
        out.write("#leaf {}\t{}\t{}\t{}\n".format(*leaf).encode())
        leaves += 1
    entries, chains = _chains(session, out)
    out.write(f"#end {entries} {chains} {leaves} {checkpoints}\n".encode())
    return entries


def _chains(session: Session, out: BinaryIO) -> tuple[int, int]:
    heads = {
        row[0]: (row[1], row[2])
        for row in session.execute(select(TrailHead.chain, TrailHead.number, TrailHead.hash))  # type: ignore[call-overload]
    }
    entries = chains = 0
    current: str | None = None
    for chain, number, text, digest, at, actor, what in _stream(
        session,
        select(  # type: ignore[call-overload]
            TrailEntry.chain,
            TrailEntry.number,
            TrailEntry.text,
            TrailEntry.hash,
            TrailEntry.at,
            TrailEntry.actor_id,
            TrailEntry.what,
        ).order_by(col(TrailEntry.chain), col(TrailEntry.number)),
    ):
        if chain != current:
            if current is not None:
                out.write(_head(heads.pop(current, None)))
            out.write(_beginning(session, chain, number))
            current = chain
            chains += 1
        shown = at.isoformat(timespec="microseconds")
        out.write(f"{digest}\t{text}\t{shown}\t{actor}\t{what}\n".encode())
        entries += 1
    if current is not None:
        out.write(_head(heads.pop(current, None)))
    for chain, (number, digest) in heads.items():
        # A head whose entries are all gone: pruned whole, or cut; the checker tells which.
        base = f"\t{number}\t{digest}" if _covered(session, chain, number) == digest else ""
        out.write(f"#chain {chain}{base}\n".encode())
        out.write(_head((number, digest)))
        chains += 1
    return entries, chains


def _beginning(session: Session, chain: str, first: int) -> bytes:
    digest = _covered(session, chain, first - 1) if first > 1 else None
    return f"#chain {chain}\t{first - 1}\t{digest}\n".encode() if digest else f"#chain {chain}\n".encode()


def _covered(session: Session, chain: str, number: int) -> str | None:
    query = select(TrailLeaf.hash).where(col(TrailLeaf.chain) == chain, col(TrailLeaf.number) == number)  # type: ignore[call-overload]
    found: str | None = session.scalar(query.limit(1))
    return found


def _head(head: tuple[int, str] | None) -> bytes:
    number, digest = head if head is not None else (0, GENESIS)
    return f"#head {number}\t{digest}\n".encode()


def _stream(session: Session, query: Executable) -> Iterator[Any]:
    result = session.connection().execution_options(yield_per=BATCH).execute(query)
    yield from result
