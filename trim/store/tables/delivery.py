"""What leaves the house later: notices to send, and statistical facts."""

from datetime import datetime

from sqlalchemy import Boolean, Index, Integer, UniqueConstraint
from sqlmodel import SQLModel

from trim.store.columns import fact, identifier, instant, key, link, plain, word
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table


class Notice(SQLModel, table=True):
    """A notice to one account, written with the change that causes it; holds a reference, never content."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("once_key"),
        Index("ix_outbox_recipient_made", "recipient_id", "made_at", "id"),
    )

    id: str = key()
    once_key: str = identifier("says which notice this is, so that it is written once", 200)
    kind: str = word("what kind of thing it tells")
    subject_kind: str = word("case, incident, escalation or referral")
    subject_ref: str = identifier("random reference", 16)
    recipient_id: str = link("account.id", "who is told", index=False)
    urgent: bool = plain("passes quiet hours and digests (CARE 2)", Boolean, default=False)
    made_at: datetime = instant("when it was written")
    sent_at: datetime | None = instant("when it was delivered", nullable=True, default=None)
    attempts: int = plain("deliveries tried", Integer, default=0)


class Fact(SQLModel, table=True):
    """A pseudonymous statistical fact: nothing in it leads to a person, a case or an instant (law 10)."""

    __tablename__ = "fact"
    __table_args__ = (Index("ix_fact_quarter_kind", "quarter", "kind", "unit_id"),)

    id: str = key("random, unrelated to anything")
    kind: str = fact("what happened")
    quarter: str = fact("no finer time")
    unit_id: str = fact("which unit")
    programme: str = fact("which programme")
    incident_kind: str | None = fact("kind of incident", nullable=True, default=None)
    exposure: str | None = fact("how exposed", nullable=True, default=None)
    staff_group: str | None = fact("employee, volunteer, agency, contractor", nullable=True, default=None)
    category: str | None = fact("the answer, band, outcome or rule", nullable=True, default=None)
