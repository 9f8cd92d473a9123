"""The organisation: its units, its settings, its installed packs."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Integer, UniqueConstraint
from sqlmodel import SQLModel

from trim.store.columns import identifier, instant, key, link, plain, text, word
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table


class Unit(SQLModel, table=True):
    """A part of the organisation, in a tree."""

    __tablename__ = "unit"

    id: str = key()
    name: str = identifier("name of a unit, not of a person", unique=True)
    parent_id: str | None = link("unit.id", "the unit above", nullable=True)
    active: bool = plain("whether new incidents may name it", Boolean, default=True)


class Setting(SQLModel, table=True):
    """One setting of the organisation, by name."""

    __tablename__ = "setting"

    name: str = word("name of the setting", primary_key=True)
    value: str = text("value of the setting as JSON; no setting holds content about anybody")


class PackVersion(SQLModel, table=True):
    """An installed workflow pack, compiled; a case keeps the version it began with (law 2)."""

    __tablename__ = "pack_version"
    __table_args__ = (UniqueConstraint("name", "behaviour_hash", "wording_hash"),)

    id: str = key()
    name: str = word("name of the pack, such as trim", index=True)
    version: str = word("version the pack gives itself")
    behaviour_hash: str = word("SHA-256 of what the pack does")
    wording_hash: str = word("SHA-256 of what the pack says")
    compiled: str = text("canonical JSON of the pack")
    installed_at: datetime = instant("when it was installed")
    current: bool = plain("whether new cases begin on it", Boolean, default=True)
    turn: int = plain("which change of this pack made it current last: the newest wording of a behaviour", Integer)


class PackProposal(SQLModel, table=True):
    """A version that changes who acts, who is told or what is asked: it waits for a second person (CARE 12)."""

    __tablename__ = "pack_proposal"
    __table_args__ = (CheckConstraint("(decided_at IS NULL) = (outcome IS NULL)", name="decided_with_outcome"),)

    id: str = key()
    name: str = word("name of the pack", index=True)
    version: str = word("version the pack gives itself")
    compiled: str = text("canonical JSON of the pack that is proposed")
    base_id: str = link("pack_version.id", "the version it was compared with when it was proposed", index=False)
    proposed_at: datetime = instant("when it was proposed")
    proposed_by: str = link("account.id", "whose proposal it is; that account cannot confirm it", index=False)
    decided_at: datetime | None = instant("when it was confirmed, turned down or replaced", nullable=True, default=None)
    decided_by: str | None = identifier(
        "the second person; the system where a newer proposal replaced it", 64, default=None
    )
    outcome: str | None = word("confirmed, turned_down or replaced", nullable=True, default=None)
