"""What a demonstration would be built on, and what it must not be built on."""

from __future__ import annotations

from typing import Literal

from trim.domain import organisation
from trim.store import settings
from trim.store.database import Database
from trim.store.emptiness import is_empty
from trim.usecases.people.demonstration import SETTING

#: empty: nothing is there; finished: a demonstration; unfinished: its building was broken off; real: anything else.
Ground = Literal["empty", "finished", "unfinished", "real"]


def ground_of(database_url: str) -> Ground:
    """What a migrated database holds. Raises DatabaseUnavailable."""
    database = Database(database_url)
    try:
        with database.reading() as session:
            if is_empty(session):
                return "empty"
            stored = settings.read_all(session)
    finally:
        database.close()
    if not organisation.from_settings(stored).demonstration:
        return "real"
    # The sign-ins are written last.
    return "finished" if SETTING in stored else "unfinished"
