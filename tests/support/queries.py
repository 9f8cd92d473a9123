"""Counts what is sent to the database: a page must not ask more when there is more to show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from trim.usecases.unit_of_work import Backend


@contextmanager
def counted(backend: Backend) -> Iterator[list[str]]:
    """The statements sent while it is open, in their order."""
    sent: list[str] = []

    def keep(_connection, _cursor, statement, *_rest) -> None:
        sent.append(statement)

    event.listen(backend.database.engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(backend.database.engine, "before_cursor_execute", keep)
