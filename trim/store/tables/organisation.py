"""The organisation: its units, its settings, its installed packs."""

from datetime import datetime

from sqlalchemy import Boolean, UniqueConstraint
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
