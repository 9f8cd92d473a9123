"""What is due is found through an index of its own, however much there is that is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from tests.support.organisation import Organisation
from trim.store import deadlines


@pytest.fixture
def database_kind() -> str:
    """PostgreSQL reads small tables whole, and chooses by itself when they grow."""
    return "sqlite"


@pytest.mark.parametrize(
    ("kind", "index"),
    [("step", "ix_step_acts"), ("escalation", "ix_escalation_acts"), ("notice", "ix_outbox_unweighed")],
)
def test_a_claim_reads_the_index_of_what_is_due_and_no_table(organisation: Organisation, kind: str, index: str) -> None:
    made = organisation
    asked: list[tuple[str, Any]] = []
    event.listen(
        made.backend.database.engine,
        "before_cursor_execute",
        lambda _, __, statement, values, *___: asked.append((statement, values)),
    )
    with made.backend.database.writing() as session:
        deadlines.claim_due(session, kind, worker="one", now=made.now, until=made.now + timedelta(minutes=2))
        [(statement, values)] = [one for one in asked if "INTO claim" in one[0]]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        [found, *_] = [row[3] for row in plan]
    assert f"INDEX {index} " in found
