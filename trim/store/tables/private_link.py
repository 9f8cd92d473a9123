"""The private link by which a person sees their own ledger: one row for each link that was given out (CARE 15)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Integer
from sqlmodel import SQLModel

from trim.store.columns import digest, identifier, instant, key, link, plain, sealed, word
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table


class PrivateLink(SQLModel, table=True):
    """A link to a case's own ledger. Neither link nor code is kept, only digests; the address is ciphertext."""

    __tablename__ = "private_link"
    __table_args__ = (CheckConstraint("channel IN ('mail','paper')", name="channel"),)

    id: str = key()
    case_id: str = link("support_case.id", "whose ledger it shows")
    token_digest: str = digest("keyed digest of the link's token", unique=True)
    code_digest: str = digest("digest of the code given apart, keyed from the case's key")
    channel: str = word("mail or paper: how the person wanted the link")
    made_at: datetime = instant("when it was made")
    made_by: str = identifier("account that gave it out", 64)
    expires_at: datetime = instant("not valid after")
    sent_at: datetime | None = instant("when the mail left", nullable=True, default=None)
    used_at: datetime | None = instant("when the right code was last given", nullable=True, default=None)
    ended_at: datetime | None = instant("when it was taken back or replaced", nullable=True, default=None)
    failures: int = plain("wrong codes in a row; so many lock it", Integer, default=0)
    asked_at: datetime | None = instant("when a new one was asked for on its page", nullable=True, default=None)
    session_digest: str | None = digest("keyed digest of the open session", unique=True, nullable=True, default=None)
    sealed: bytes = sealed("address that the person chose")
