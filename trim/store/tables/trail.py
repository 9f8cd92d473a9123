"""The trail: entries in chains, and the head of each chain; append-only in the database itself."""

from datetime import datetime

from sqlalchemy import Index, Integer
from sqlmodel import SQLModel

from trim.store.columns import identifier, instant, plain, text, word
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table


class TrailEntry(SQLModel, table=True):
    """One line of the trail: the canonical text that was hashed, and columns drawn from it."""

    __tablename__ = "trail_entry"
    __table_args__ = (
        Index("ix_trail_entry_actor", "actor_id", "at"),
        Index("ix_trail_entry_at", "at", "chain", "number"),
    )

    chain: str = identifier("case:, incident:, account: or organisation", 80, primary_key=True)
    number: int = plain("1, 2, 3 ... in its chain", Integer, primary_key=True)
    text: str = text("canonical JSON: ids, code words, keyed digests; no content")
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
