"""A digest of each table, to show that nothing was changed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from sqlalchemy import select

from trim.store.tables import metadata
from trim.usecases.unit_of_work import Backend

#: Tables that reading writes to: the trail, and nothing else.
TRAIL = frozenset({"trail_entry", "trail_head", "trail_subject"})


def digests(backend: Backend, *, without: Collection[str] = TRAIL) -> dict[str, str]:
    """A digest of the rows of every table, by name."""
    found = {}
    with backend.reading() as uow:
        for table in metadata.sorted_tables:
            if table.name not in without:
                rows = uow.session.execute(select(table).order_by(*table.primary_key.columns)).all()
                found[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found
