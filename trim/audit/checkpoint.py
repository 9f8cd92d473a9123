"""Signed checkpoints: a Merkle root over the heads of all chains, each checkpoint naming the one before.

The tree only grows: a chain that moved since the last checkpoint adds a leaf with its head. What a checkpoint covers
cannot be changed, cut or put in another order without the root, and so the signature, ceasing to fit.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session, col

from trim.audit.merkle import Frontier, leaf_hash
from trim.audit.trail import GENESIS
from trim.store.tables import TrailCheckpoint, TrailHead, TrailLeaf

#: Rows that are moved at a time, so that memory does not grow with the number of chains.
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Sealed:
    """A checkpoint as it is sent out: the text and its signature in base64."""

    number: int
    text: str
    signature: str

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits in groups of four, short enough for the foot of a page."""
        digest = hashlib.sha256(self.text.encode()).hexdigest()[:16].upper()
        return " ".join(digest[place : place + 4] for place in range(0, 16, 4))


def signing_key(path: Path, *, create: bool = False) -> Ed25519PrivateKey:
    """The key that signs checkpoints (PEM); made once with `create`. Raises FileNotFoundError, ValueError."""
    if create and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(pem)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # Another process was first; its key is the one.
        finally:
            draft.unlink()
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 key")
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """The public half, as everybody who checks the trail needs it."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def newest(session: Session) -> TrailCheckpoint | None:
    """The newest checkpoint."""
    return session.scalar(select(TrailCheckpoint).order_by(col(TrailCheckpoint.number).desc()).limit(1))


def sealed(row: TrailCheckpoint) -> Sealed:
    """A stored checkpoint as it is sent out."""
    return Sealed(row.number, row.text, row.signature)


def make_checkpoint(session: Session, key: Ed25519PrivateKey, *, at: datetime) -> Sealed:
    """Cover every chain that moved since the last checkpoint; two makers at once meet at the number, and one fails."""
    before = newest(session)
    frontier = Frontier()
    if before is not None:
        frontier = Frontier(before.size, [bytes.fromhex(one) for one in json.loads(before.frontier)])
    _add_leaves(session, frontier)
    number = before.number + 1 if before is not None else 1
    text = json.dumps(
        {
            "v": 1,
            "number": number,
            "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
            "size": frontier.size,
            "root": frontier.root().hex(),
            "previous": hashlib.sha256(before.text.encode()).hexdigest() if before is not None else GENESIS,
        },
        separators=(",", ":"),
    )
    signature = base64.b64encode(key.sign(text.encode())).decode()
    session.add(
        TrailCheckpoint(
            number=number,
            at=at,
            size=frontier.size,
            text=text,
            signature=signature,
            frontier=json.dumps([root.hex() for root in frontier.roots]),
        )
    )
    session.flush()
    return Sealed(number, text, signature)


def leaf_text(chain: str, number: int, digest: str) -> bytes:
    """What is hashed for a leaf: chain, number and hash of its head, between tabs."""
    return f"{chain}\t{number}\t{digest}".encode()


def _add_leaves(session: Session, frontier: Frontier) -> None:
    last = ""
    while True:
        moved = session.execute(
            select(TrailHead.chain, TrailHead.number, TrailHead.hash)  # type: ignore[call-overload]
            .where(col(TrailHead.number) > col(TrailHead.sealed_number), col(TrailHead.chain) > last)
            .order_by(col(TrailHead.chain))
            .limit(BATCH)
        ).all()
        if not moved:
            return
        last = moved[-1][0]
        leaves, covered = [], []
        for chain, number, digest in moved:
            leaves.append({"position": frontier.size, "chain": chain, "number": number, "hash": digest})
            covered.append({"the_chain": chain, "covered": number})
            frontier.append(leaf_hash(leaf_text(chain, number, digest)))
        session.execute(insert(TrailLeaf), leaves)
        session.connection().execute(
            update(TrailHead)
            .where(col(TrailHead.chain) == bindparam("the_chain"))
            .values(sealed_number=bindparam("covered")),
            covered,
        )
