"""A test organisation made once a session and copied for each test: making it anew costs more than most tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlmodel import SQLModel

from tests.support import databases
from tests.support.databases import DatabaseUrls
from tests.support.organisation import Organisation, make_organisation
from tests.support.postgresql import PostgreSQL
from trim.usecases.opening import open_backend

Row = TypeVar("Row", bound=SQLModel)


@dataclass(frozen=True)
class Prepared:
    """What is copied: the keys and rows of an organisation whose database nobody opens any more."""

    made: Organisation
    folder: Path

    def copy(self, urls: DatabaseUrls, folder: Path) -> Organisation:
        """The same organisation over a copy of its database."""
        shutil.copytree(self.folder / "keys", folder / "keys")
        backend = open_backend(urls.url, folder / "keys", owner_url=urls.owner_url)
        made = self.made
        return Organisation(
            backend, made.now, _copied(made.units), _copied(made.people), _copied(made.accounts), folder
        )


def prepare_sqlite(template: Path, folder: Path) -> Prepared:
    """The organisation on SQLite."""
    urls = databases.copy_of_sqlite(template, folder)
    made = make_organisation(urls, folder)
    made.backend.close()
    databases.fold_log(folder / "trim.sqlite3")
    return Prepared(made, folder)


@contextmanager
def prepared_postgresql(server: PostgreSQL, template: str, folder: Path) -> Iterator[tuple[str, Prepared]]:
    """The organisation in a database to be copied, and its name."""
    with databases.new_postgresql(server, "prepared", template=template) as urls:
        made = make_organisation(urls, folder)
        made.backend.close()
        yield databases.name_in(urls), Prepared(made, folder)


def _copied(rows: dict[str, Row]) -> dict[str, Row]:
    """Rows of their own, so that one test cannot change those of the next."""
    return {name: type(row)(**row.model_dump()) for name, row in rows.items()}
