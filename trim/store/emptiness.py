"""Whether a database holds nothing yet: the one question before a demonstration may be built in it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select
from sqlmodel import Session

from trim.store.tables import Account, Incident, PackVersion, Person, Setting, TrailEntry, Unit

#: Whatever anybody ever did leaves a row in at least one of these.
TELLING: tuple[Any, ...] = (Setting, Unit, Account, Person, Incident, PackVersion, TrailEntry)


def is_empty(session: Session) -> bool:
    """Whether no table that anything begins in has a row."""
    return not any(session.scalar(select(exists().select_from(table))) for table in TELLING)
