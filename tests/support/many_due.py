"""Many cases with one due step each, copied row by row from one real case: for workers and for measuring them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, insert, select
from sqlalchemy.engine import Connection

from trim.store.tables import metadata

_CASES, _STEPS = metadata.tables["support_case"], metadata.tables["step"]
#: Rows of one statement.
AT_ONCE = 5_000


def copy_case(engine: Engine, case_ref: str, step: str, number: int, *, acts_at: datetime) -> None:
    """Add `number` copies of a case, each with a copy of its step of that name that wants something at `acts_at`.

    The content of the copies does not open: it is sealed to the row that was copied. A reminder never opens it.
    """
    with engine.begin() as connection:
        case = _row(connection, select(_CASES).where(_CASES.c.ref == case_ref))
        of_case = select(_STEPS).where(_STEPS.c.case_id == case["id"], _STEPS.c.name == step)
        due = _row(connection, of_case)
        for first in range(0, number, AT_ONCE):
            cases, steps = [], []
            for place in range(first, min(first + AT_ONCE, number)):
                row_id = uuid4().hex
                cases.append({**case, "id": row_id, "ref": f"K-{place:010d}"})
                steps.append({**due, "id": uuid4().hex, "subject_id": row_id, "case_id": row_id, "acts_at": acts_at})
            connection.execute(insert(_CASES), cases)
            connection.execute(insert(_STEPS), steps)


def _row(connection: Connection, query: Any) -> dict[str, Any]:
    return dict(connection.execute(query).mappings().one())
