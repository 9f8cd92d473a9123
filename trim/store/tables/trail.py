"""The trail: entries in chains, and the head of each chain; append-only in the database itself."""

from datetime import datetime

from sqlalchemy import Index, Integer
from sqlmodel import SQLModel

from trim.store.columns import identifier, instant, plain, word
from trim.store.columns import text as long_text
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table


class TrailEntry(SQLModel, table=True):
    """One line of the trail: the canonical text that was hashed, and columns drawn from it."""

    __tablename__ = "trail_entry"
    __table_args__ = (
        Index("ix_trail_entry_actor", "actor_id", "at"),
        Index("ix_trail_entry_at", "at", "chain", "number"),
        # What lists of one kind of entry and patterns of access are answered from alone.
        Index("ix_trail_entry_what", "what", "at", "chain", "number", "actor_id"),
    )

    chain: str = identifier("case:, incident:, account: or organisation", 80, primary_key=True)
    number: int = plain("1, 2, 3 ... in its chain", Integer, primary_key=True)
    text: str = long_text("canonical JSON: ids, code words, keyed digests; no content")
    hash: str = word("SHA-256 of the text, which names the one before")
    at: datetime = instant("when")
    actor_id: str = identifier("account, or the system", 64)
    what: str = word("code word of what happened")


class TrailHead(SQLModel, table=True):
    """The newest entry of each chain; apart from the case, so that a read never makes an open form stale (law 7)."""

    __tablename__ = "trail_head"

    chain: str = identifier("which chain", 80, primary_key=True)
    number: int = plain("number of the newest entry", Integer)
    hash: str = word("its hash")
    sealed_number: int = plain("number of the newest entry that a signed checkpoint covers", Integer, default=0)


class TrailSubject(SQLModel, table=True):
    """What else one entry is about: a list names many cases in one entry, and each case's ledger finds it."""

    __tablename__ = "trail_subject"
    __table_args__ = (Index("ix_trail_subject_subject", "subject", "chain", "number"),)

    chain: str = identifier("chain of the entry", 80, primary_key=True)
    number: int = plain("number of the entry", Integer, primary_key=True)
    subject: str = identifier("case: or incident: and row id", 80, primary_key=True)


class TrailLeaf(SQLModel, table=True):
    """A leaf of the signed tree: the head of a chain when a checkpoint was made."""

    __tablename__ = "trail_leaf"
    __table_args__ = (Index("ix_trail_leaf_chain", "chain", "number"),)

    position: int = plain("0, 1, 2 ... in the tree", Integer, primary_key=True)
    chain: str = identifier("which chain", 80)
    number: int = plain("number of its newest entry then", Integer)
    hash: str = word("hash of that entry")


class TrailCheckpoint(SQLModel, table=True):
    """A signed checkpoint over all heads, naming the one before."""

    __tablename__ = "trail_checkpoint"

    number: int = plain("1, 2, 3 ...", Integer, primary_key=True)
    at: datetime = instant("when it was made")
    size: int = plain("leaves under it", Integer)
    text: str = long_text("canonical JSON that was signed")
    signature: str = word("Ed25519 over the text, in base64", 100)
    frontier: str = long_text("roots of the full subtrees, so that the tree can go on growing")
