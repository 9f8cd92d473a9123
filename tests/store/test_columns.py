"""Every column says what it holds and why it may stand as it does (law 8, CARE 14)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import LargeBinary
from sqlalchemy.dialects import postgresql, sqlite

from trim.store.columns import UtcInstant
from trim.store.tables import metadata

KINDS = {"identifier", "metadata", "ciphertext", "digest", "fact"}
COLUMNS = [(table, column) for table in metadata.sorted_tables for column in table.columns]

#: Words that promise content: a column so named must be ciphertext, whatever its author says of it.
CONTENT_WORDS = {"note", "notes", "reason", "description", "answers", "score", "plan", "address", "place"}


@pytest.mark.care(14)
@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda one: getattr(one, "name", str(one)))
def test_every_column_is_classified_with_its_reason(table, column):
    assert column.info.get("kind") in KINDS, f"{table.name}.{column.name} does not say what it holds"
    assert len(column.info.get("why", "")) > 3, f"{table.name}.{column.name} does not say why"


def test_a_column_without_a_kind_would_fail():
    from sqlalchemy import Column, MetaData, String, Table

    table = Table("x", MetaData(), Column("free", String))
    assert table.c.free.info.get("kind") not in KINDS


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda one: getattr(one, "name", str(one)))
def test_content_lies_only_in_ciphertext(table, column):
    is_bytes = isinstance(column.type, LargeBinary)
    assert is_bytes == (column.info["kind"] == "ciphertext"), f"{table.name}.{column.name}"
    assert not set(column.name.split("_")) & CONTENT_WORDS - {"digest"} or column.name == "address_digest"


def test_facts_carry_no_key_to_anything():
    fact = metadata.tables["fact"]
    assert not fact.foreign_keys
    assert {column.name for column in fact.columns} == {
        "id",
        "handle",
        "kind",
        "quarter",
        "unit_id",
        "programme",
        "incident_kind",
        "exposure",
        "staff_group",
        "category",
        "mark",
        "weight",
        "state",
    }


def test_constraints_are_named_so_that_migrations_can_find_them():
    for table in metadata.sorted_tables:
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint}"


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])
def test_instants_are_aware_utc_both_ways(dialect):
    kind = UtcInstant()
    paris = timezone(timedelta(hours=2))
    noon = datetime(2026, 7, 1, 12, tzinfo=paris)
    stored = kind.process_bind_param(noon, dialect)
    back = kind.process_result_value(stored, dialect)
    assert back == noon
    assert back.utcoffset() == timedelta(0)
    assert kind.process_bind_param(None, dialect) is None
    assert kind.process_result_value(None, dialect) is None
    with pytest.raises(ValueError, match="without a zone"):
        kind.process_bind_param(datetime(2026, 7, 1), dialect)
    assert kind.process_result_value(noon.astimezone(UTC), dialect) == noon
