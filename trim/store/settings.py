"""The organisation's settings, one row each, as JSON."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from trim.store.tables import Setting


def read_all(session: Session) -> dict[str, Any]:
    """Every setting by name."""
    return {row.name: json.loads(row.value) for row in session.scalars(select(Setting))}


def read(session: Session, name: str, default: Any = None) -> Any:
    """One setting, or `default`."""
    value = session.scalar(select(Setting.value).where(col(Setting.name) == name))  # type: ignore[call-overload]
    return default if value is None else json.loads(value)


def write(session: Session, name: str, value: Any) -> None:
    """Set one setting."""
    row = session.get(Setting, name)
    text = json.dumps(value, ensure_ascii=False)
    if row is None:
        session.add(Setting(name=name, value=text))
    else:
        row.value = text
    session.flush()


def lock(session: Session, name: str) -> None:
    """Keep everybody else from writing one setting until the end of the transaction, where it is there already."""
    session.get(Setting, name, with_for_update=True)
