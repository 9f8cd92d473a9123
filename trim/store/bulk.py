"""Many rows in one statement: PostgreSQL takes them as one JSON text, SQLite row by row inside one call.

A statement for each row costs PostgreSQL several times what the row itself does; SQLite lies in this process and has
no such price.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, Text, bindparam, cast, func, insert, select, text, update
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

Rows = Sequence[Mapping[str, Any]]

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def insert_many(session: Session, table: Table, rows: Rows) -> None:
    """Insert rows that all name the same columns. Raises IntegrityError as a single one would."""
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), list(rows))
        return
    names = list(rows[0])
    columns = ", ".join(f'"{one}"' for one in names)
    # Names of tables and columns are our own, never anybody's input; values go as a parameter.
    _run(connection, rows, f'INSERT INTO "{table.name}" ({columns}) SELECT * FROM {_given(table, names)}')  # noqa: S608


def update_many(session: Session, table: Table, key: str, rows: Rows) -> None:
    """Set the other columns that the rows name where `key` is theirs; no two rows may have one key."""
    if not rows:
        return
    connection = session.connection()
    names = list(rows[0])
    if connection.dialect.name != "postgresql":
        changed: dict[str, Any] = {one: bindparam(f"to_{one}") for one in names if one != key}
        connection.execute(
            update(table).where(table.c[key] == bindparam(f"to_{key}")).values(changed),
            [{f"to_{name}": row[name] for name in names} for row in rows],
        )
        return
    sets = ", ".join(f'"{one}" = given."{one}"' for one in names if one != key)
    _run(
        connection,
        rows,
        f'UPDATE "{table.name}" SET {sets} FROM {_given(table, names)} '  # noqa: S608 - as above
        f'WHERE "{table.name}"."{key}" = given."{key}"',
    )


def among(session: Session, column: Any, values: Collection[str]) -> ColumnElement[bool]:
    """That a column is one of these, as one parameter: a hundred of them make each statement's text long and new."""
    listed = bindparam(None, json.dumps(list(values)), Text())
    if session.get_bind().dialect.name == "postgresql":
        return column.in_(select(func.jsonb_array_elements_text(cast(listed, postgresql.JSONB))))  # type: ignore[no-any-return]
    each = func.json_each(listed).table_valued("value")
    return column.in_(select(each.c.value))  # type: ignore[no-any-return]


def _given(table: Table, names: Sequence[str]) -> str:
    """The rows as PostgreSQL reads them out of the text, each value in its column's type."""
    typed = ", ".join(f'"{one}" {table.c[one].type.compile(dialect=_DIALECT)}' for one in names)
    return f"jsonb_to_recordset(CAST(:rows AS jsonb)) AS given({typed})"


def _run(connection: Connection, rows: Rows, statement: str) -> None:
    connection.execute(text(statement), {"rows": json.dumps(list(rows), default=datetime.isoformat)})
