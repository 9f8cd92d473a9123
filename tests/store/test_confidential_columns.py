"""Every column of the database, and every piece of what is sealed, has its line in the table of confidentiality."""

from __future__ import annotations

from trim.domain.confidentiality import SEALED, TABLE
from trim.store.tables import metadata

NAMED = {column: (row.record, row.field) for row in TABLE for column in row.columns}


def test_every_column_has_its_line():
    missing = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if not _named(table.name, column.name, ciphertext=column.info["kind"] == "ciphertext")
    ]
    assert not missing, "who sees it, who changes it: say so in trim/domain/confidentiality.py"


def test_the_table_names_no_column_that_is_not_there():
    there = {f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.columns}
    gone = [one for one in NAMED if not one.endswith(".*") and one.partition(":")[0] not in there]
    assert not gone
    assert not [one for one in NAMED if one.endswith(".*") and one[:-2] not in metadata.tables]


def test_what_is_sealed_is_never_covered_by_a_whole_table():
    """A line for the rest of a table is about what stands in clear; ciphertext is decided piece by piece."""
    ciphertext = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.info["kind"] == "ciphertext"
    }
    assert {one.partition(".")[2] for one in ciphertext} == SEALED
    assert {one.partition(":")[0] for one in NAMED} >= ciphertext


def _named(table: str, column: str, *, ciphertext: bool) -> bool:
    own = f"{table}.{column}"
    if ciphertext:
        return any(one.partition(":")[0] == own for one in NAMED)
    return own in NAMED or f"{table}.*" in NAMED
