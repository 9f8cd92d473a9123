"""Runs `trim import` on an instance of a test, and writes the files for it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from sqlalchemy import func, select

from tests.support.databases import DatabaseUrls
from tests.support.organisation import Organisation, make_organisation
from trim.cli.main import main


@dataclass
class Instance:
    """A small organisation with its files in `folder`, on which the command runs as its administrator would run it."""

    folder: Path
    urls: DatabaseUrls
    organisation: Organisation

    def run(self, *arguments: str | Path) -> Result:
        """`trim import` with these arguments."""
        environ = {
            "TRIM_INSTANCE": str(self.folder),
            "TRIM_DATABASE_URL": self.urls.url,
            "TRIM_DATABASE_OWNER_URL": self.urls.owner_url,
        }
        return CliRunner(env=environ).invoke(main, ["import", *map(str, arguments)])

    def answers(self, *arguments: str | Path) -> dict[str, Any]:
        """What the command answers to a program."""
        result = self.run(*arguments, "--json")
        assert result.exit_code in (0, 1), result.output
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer

    def file(self, name: str, content: str | bytes) -> Path:
        """A file with that content beside the instance."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def table(self, name: str, rows: Iterable[Mapping[str, object]]) -> Path:
        """A CSV file of these rows, all with the columns of the first."""
        listed = list(rows)
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(listed[0]))
            writer.writeheader()
            writer.writerows(listed)
        return path

    def count(self, table: Any) -> int:
        """How many rows a table has."""
        with self.organisation.backend.reading() as uow:
            return uow.session.scalar(select(func.count()).select_from(table)) or 0

    def rows(self, table: Any) -> list[Any]:
        """All rows of a table."""
        with self.organisation.backend.reading() as uow:
            return list(uow.session.scalars(select(table)))


@contextmanager
def instance_in(folder: Path, urls: DatabaseUrls) -> Iterator[Instance]:
    """The small organisation of the tests, set up in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    organisation = make_organisation(urls, folder)
    try:
        yield Instance(folder, urls, organisation)
    finally:
        organisation.backend.close()
