"""How long things are kept, what stops erasure, and what is left afterwards."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from trim.store.columns import identifier, instant, key, link, sealed, word
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table


class LegalHold(SQLModel, table=True):
    """Stops the erasure of one case or incident, and nothing else (CARE 17)."""

    __tablename__ = "legal_hold"
    __table_args__ = (CheckConstraint("(case_id IS NULL) <> (incident_id IS NULL)", name="one_subject"),)

    id: str = key()
    case_id: str | None = link("support_case.id", "the case that is held", nullable=True)
    incident_id: str | None = link("incident.id", "the incident that is held, with its cases", nullable=True)
    ground: str = word("kind of ground: court, coroner, standards, lawyer, inquiry, other")
    set_at: datetime = instant("since when")
    set_by: str = identifier("account", 64)
    lifted_at: datetime | None = instant("until when", nullable=True, default=None)
    lifted_by: str | None = identifier("account", 64, default=None, nullable=True)
    sealed: bytes = sealed("the reason in words")


class RetentionWarning(SQLModel, table=True):
    """The coordinators were told that something will be erased; new activity moves the day and makes this void."""

    __tablename__ = "retention_warning"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "due_at"),)

    id: str = key()
    subject_kind: str = word("case or incident")
    subject_id: str = identifier("row id of that", 32)
    rule: str = word("rule of retention")
    due_at: datetime = instant("when its time is over")
    warned_at: datetime = instant("when they were told")


class Tombstone(SQLModel, table=True):
    """What is left of something erased: that it existed, when it was erased, under which rule."""

    __tablename__ = "tombstone"
    __table_args__ = (Index("ix_tombstone_unit", "unit_id", "erased_at", "id"),)

    id: str = key()
    kind: str = word("case or incident")
    ref: str = identifier("the random reference it had", 16)
    programme: str = word("the pack's name")
    unit_id: str = link("unit.id", "whose coordinators see that it existed", index=False)
    rule: str = word("rule of retention it was erased under")
    key_owner: str = identifier("whose key is destroyed; also names the chain of the trail", 80, unique=True)
    erased_at: datetime = instant("when its rows were taken away")
    key_destroyed_at: datetime | None = instant(
        "when its key was destroyed; empty: still to be done", index=True, nullable=True, default=None
    )
