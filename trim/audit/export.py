"""Writes the trail to a file that can be checked anywhere; the format is described in `docs/trail-format.md`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import Executable, func, select
from sqlmodel import Session, col

from trim.audit.trail import GENESIS
from trim.audit.verify import HEADER
from trim.store.tables import TrailCheckpoint, TrailEntry, TrailHead, TrailLeaf

#: Rows fetched at a time: memory does not grow with the number of entries.
BATCH = 5_000

#: Number and hash of the newest entry of each chain that is written.
Heads = dict[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Written:
    """What an export holds."""

    entries: int
    chains: int
    leaves: int
    checkpoints: int


def export_trail(session: Session, out: BinaryIO) -> Written:
    """Write checkpoints, leaves and all chains. Call in one read transaction."""
    out.write(HEADER)
    return _write(session, out, None)


def export_archive(session: Session, out: BinaryIO, checkpoint: TrailCheckpoint) -> Written:
    """Write what a checkpoint covers and nothing after it: a file that can be checked like a whole trail."""
    out.write(HEADER)
    out.write(f"#archive {checkpoint.number}\n".encode())
    return _write(session, out, checkpoint)


def _write(session: Session, out: BinaryIO, upto: TrailCheckpoint | None) -> Written:
    checkpoints = _checkpoints(session, out, upto)
    leaves, heads = _leaves(session, out, upto)
    if upto is None:
        heads = {
            row[0]: (row[1], row[2])
            for row in session.execute(select(TrailHead.chain, TrailHead.number, TrailHead.hash))  # type: ignore[call-overload]
        }
    entries, chains = _chains(session, out, heads, upto)
    out.write(f"#end {entries} {chains} {leaves} {checkpoints}\n".encode())
    return Written(entries, chains, leaves, checkpoints)


def _checkpoints(session: Session, out: BinaryIO, upto: TrailCheckpoint | None) -> int:
    query = select(TrailCheckpoint.text, TrailCheckpoint.signature).order_by(col(TrailCheckpoint.number))  # type: ignore[call-overload]
    if upto is not None:
        query = query.where(col(TrailCheckpoint.number) <= upto.number)
    written = 0
    for text, signature in session.execute(query):
        out.write(f"#checkpoint {text}\t{signature}\n".encode())
        written += 1
    return written


def _leaves(session: Session, out: BinaryIO, upto: TrailCheckpoint | None) -> tuple[int, Heads]:
    query = select(TrailLeaf.position, TrailLeaf.chain, TrailLeaf.number, TrailLeaf.hash)  # type: ignore[call-overload]
    if upto is not None:
        query = query.where(col(TrailLeaf.position) < upto.size)
    written = 0
    heads: Heads = {}
    for position, chain, number, digest in _stream(session, query.order_by(col(TrailLeaf.position))):
        out.write(f"#leaf {position}\t{chain}\t{number}\t{digest}\n".encode())
        heads[chain] = (number, digest)
        written += 1
    return written, heads


def _chains(session: Session, out: BinaryIO, heads: Heads, upto: TrailCheckpoint | None) -> tuple[int, int]:
    entries = chains = 0
    current: str | None = None
    for chain, number, text, digest, at, actor, what in _stream(session, _entries(upto)):
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


def _entries(upto: TrailCheckpoint | None) -> Executable:
    query = select(  # type: ignore[call-overload]
        TrailEntry.chain,
        TrailEntry.number,
        TrailEntry.text,
        TrailEntry.hash,
        TrailEntry.at,
        TrailEntry.actor_id,
        TrailEntry.what,
    )
    if upto is not None:
        newest = (
            select(TrailLeaf.chain, func.max(TrailLeaf.number).label("covered"))  # type: ignore[call-overload]
            .where(col(TrailLeaf.position) < upto.size)
            .group_by(TrailLeaf.chain)
            .subquery()
        )
        fits = (newest.c.chain == col(TrailEntry.chain)) & (col(TrailEntry.number) <= newest.c.covered)
        query = query.join(newest, fits)
    ordered: Executable = query.order_by(col(TrailEntry.chain), col(TrailEntry.number))
    return ordered


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
