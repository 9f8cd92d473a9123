"""What earlier imports brought in, so that a second run adds nothing."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import Session, col

from trim.store.tables import Incident

#: How many values one question may name: SQLite takes 32,766, and short questions keep their plan.
AT_ONCE = 500


def known_keys(session: Session, keys: Collection[str]) -> set[str]:
    """Those of the keys whose incident is here already."""
    wanted, found = list(keys), set()
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        found |= set(session.scalars(select(Incident.import_key).where(col(Incident.import_key).in_(part))))  # type: ignore[call-overload]
    return found
