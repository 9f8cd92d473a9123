"""Writes proofs: that one entry stands in the signed trail, and that a later checkpoint only grew from an earlier one.

A proof is a small file for somebody who must not have the whole trail; `trim.audit.check_proof` checks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import func, select
from sqlmodel import Session, col

from trim.audit.check_proof import HEADER
from trim.audit.checkpoint import leaf_text
from trim.audit.merkle import consistency_ranges, inclusion_ranges, leaf_hash, roots_over
from trim.domain.errors import TrimError
from trim.store.tables import TrailCheckpoint, TrailEntry, TrailLeaf

#: Rows fetched at a time.
BATCH = 5_000


class NothingToProve(TrimError):
    """There is no such entry or checkpoint, or no signature covers it yet; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a written proof proves: checkpoints by number, and for an entry how many lines of its chain it shows."""

    checkpoints: tuple[int, ...]
    entries: int = 0


def prove_entry(session: Session, chain: str, number: int, out: BinaryIO, *, checkpoint: int | None = None) -> Proof:
    """Write that entry `number` of `chain` stands under a checkpoint: the first that covers it, or the one named.

    The entries from it to the head that the checkpoint covers are in the file: they lead to what was signed.
    Raises NothingToProve.
    """
    position, covered, digest = _leaf_over(session, chain, number)
    signed = _checkpoint_over(session, position, checkpoint)
    entries = list(
        session.execute(
            select(TrailEntry.hash, TrailEntry.text)  # type: ignore[call-overload]
            .where(col(TrailEntry.chain) == chain, col(TrailEntry.number) >= number, col(TrailEntry.number) <= covered)
            .order_by(col(TrailEntry.number))
        )
    )
    if len(entries) != covered - number + 1:
        raise NothingToProve(f"Entry {number} of {chain} was pruned: its archive holds it.")
    out.write(HEADER)
    out.write(f"#entry {chain}\t{number}\n".encode())
    out.write(f"#checkpoint {signed.text}\t{signed.signature}\n".encode())
    out.write(f"#leaf {position}\t{chain}\t{covered}\t{digest}\n".encode())
    for node in roots_over(_leaves(session, signed.size), inclusion_ranges(position, signed.size)):
        out.write(f"#path {node.hex()}\n".encode())
    for stated, text in entries:
        out.write(f"{stated}\t{text}\n".encode())
    out.write(b"#end\n")
    return Proof((signed.number,), len(entries))


def prove_growth(session: Session, earlier: int, later: int, out: BinaryIO) -> Proof:
    """Write that checkpoint `later` covers all that `earlier` covered, unchanged. Raises NothingToProve."""
    if earlier >= later:
        raise NothingToProve("The first number names the earlier checkpoint.")
    first, second = _checkpoint(session, earlier), _checkpoint(session, later)
    if first.size == 0:
        raise NothingToProve(f"Checkpoint {earlier} covers nothing: there is nothing to keep.")
    out.write(HEADER)
    out.write(f"#growth {earlier}\t{later}\n".encode())
    for signed in (first, second):
        out.write(f"#checkpoint {signed.text}\t{signed.signature}\n".encode())
    for node in roots_over(_leaves(session, second.size), consistency_ranges(first.size, second.size)):
        out.write(f"#path {node.hex()}\n".encode())
    out.write(b"#end\n")
    return Proof((earlier, later))


def _leaf_over(session: Session, chain: str, number: int) -> tuple[int, int, str]:
    """Position, number and hash of the first leaf of a chain at or after an entry."""
    query = (
        select(TrailLeaf.position, TrailLeaf.number, TrailLeaf.hash)  # type: ignore[call-overload]
        .where(col(TrailLeaf.chain) == chain, col(TrailLeaf.number) >= number)
        .order_by(col(TrailLeaf.number))
        .limit(1)
    )
    found = session.execute(query).one_or_none()
    if found is not None and number >= 1:
        return found[0], found[1], found[2]
    newest = session.scalar(select(func.max(TrailEntry.number)).where(col(TrailEntry.chain) == chain))
    if newest is None or not 1 <= number <= newest:
        raise NothingToProve(f"There is no entry {number} in {chain}.")
    raise NothingToProve(f"No checkpoint covers entry {number} of {chain} yet: run `trim audit checkpoint` first.")


def _checkpoint_over(session: Session, position: int, wanted: int | None) -> TrailCheckpoint:
    if wanted is None:
        query = select(TrailCheckpoint).where(col(TrailCheckpoint.size) > position)
        found = session.scalar(query.order_by(col(TrailCheckpoint.number)).limit(1))
        if found is None:
            raise NothingToProve("The trail's leaves lack their checkpoint: check the whole trail.")
        return found
    named = _checkpoint(session, wanted)
    if named.size <= position:
        raise NothingToProve(f"Checkpoint {wanted} does not cover that entry: take a later one.")
    return named


def _checkpoint(session: Session, number: int) -> TrailCheckpoint:
    found = session.get(TrailCheckpoint, number)
    if found is None:
        raise NothingToProve(f"There is no checkpoint {number}.")
    return found


def _leaves(session: Session, size: int) -> Iterator[bytes]:
    query: Any = (
        select(TrailLeaf.chain, TrailLeaf.number, TrailLeaf.hash)  # type: ignore[call-overload]
        .where(col(TrailLeaf.position) < size)
        .order_by(col(TrailLeaf.position))
    )
    for row in session.connection().execution_options(yield_per=BATCH).execute(query):
        yield leaf_hash(leaf_text(*row))
