"""Columns that say what they hold and why it may stand in clear: the schema test reads it back.

Kinds: identifier (names somebody or something), metadata (what the work-lists need in clear), ciphertext,
digest (keyed), fact (statistics). A column without a kind fails the test (law 8).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Integer, LargeBinary, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field

ID_LENGTH = 32


class UtcInstant(TypeDecorator[datetime]):
    """An aware UTC instant; a naive one is refused, and SQLite's naive answer is made aware again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive instant; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Hand back aware UTC, whatever the database kept."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _column(kind: str, why: str, sa_type: Any, **options: Any) -> Any:
    return Field(sa_type=sa_type, sa_column_kwargs={"info": {"kind": kind, "why": why}}, **options)


def key(why: str = "row id, random") -> Any:
    """The primary key: 32 hexadecimal digits, made by the program so that content can be sealed to its row."""
    return _column("identifier", why, String(ID_LENGTH), primary_key=True)


def link(target: str, why: str, *, index: bool = True, nullable: bool = False, unique: bool = False) -> Any:
    """A foreign key to `table.id`."""
    options: dict[str, Any] = {"default": None} if nullable else {}
    return _column(
        "identifier",
        why,
        String(ID_LENGTH),
        foreign_key=target,
        index=index,
        nullable=nullable,
        unique=unique,
        **options,
    )


def identifier(why: str, length: int = 200, **options: Any) -> Any:
    """Text that names somebody or something."""
    return _column("identifier", why, String(length), **options)


def word(why: str, length: int = 64, **options: Any) -> Any:
    """A code word out of a closed set: states, kinds, roles, outcomes."""
    return _column("metadata", why, String(length), **options)


def text(why: str, **options: Any) -> Any:
    """Text without content about anybody: settings, compiled packs."""
    return _column("metadata", why, Text(), **options)


def instant(why: str, **options: Any) -> Any:
    """An aware UTC instant."""
    return _column("metadata", why, UtcInstant(), **options)


def plain(why: str, sa_type: Any, **options: Any) -> Any:
    """A number, day or truth value in clear."""
    return _column("metadata", why, sa_type, **options)


def json_metadata(why: str, **options: Any) -> Any:
    """Code words as JSON."""
    return _column("metadata", why, JSON(), **options)


def sealed(why: str, *, nullable: bool = False) -> Any:
    """Content under its case's or incident's key (AES-256-GCM)."""
    options: dict[str, Any] = {"default": None} if nullable else {}
    return _column("ciphertext", why, LargeBinary(), nullable=nullable, **options)


def digest(why: str, **options: Any) -> Any:
    """A keyed digest: compares, never opens."""
    return _column("digest", why, String(64), **options)


def fact(why: str, **options: Any) -> Any:
    """A category of a statistical fact."""
    return _column("fact", why, String(64), **options)


def fact_number(why: str, **options: Any) -> Any:
    """A small whole number of a statistical fact."""
    return _column("fact", why, Integer(), **options)
