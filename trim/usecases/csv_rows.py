"""Read a CSV file row by row, as spreadsheets write them, and say of each row that cannot be read where and why.

Nothing here knows what the columns mean, and nothing is kept: a file larger than the memory is read all the same.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TextIO

from trim.domain.errors import TrimError

#: What may stand between two cells; a spreadsheet of a country that writes 1,5 uses the semicolon.
SEPARATORS = (",", ";", "\t")

NOT_UTF8 = "this line is not UTF-8 text: save the file as “CSV UTF-8” and import it again"


class UnreadableFile(TrimError):
    """The file as a whole cannot be read as a table; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: the line of the file it begins on, and its cells by column name, trimmed; absent columns are blank."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken: the line it begins on, and each reason."""

    line: int
    reasons: tuple[str, ...]


class CsvTable:
    """A CSV file whose first line names the columns; each call of `rows` reads it from the beginning."""

    def __init__(self, path: Path, *, required: Collection[str], optional: Collection[str] = ()) -> None:
        """Read the header. Raises UnreadableFile without one, or when a required column is missing or doubled."""
        self.path = path
        self._known = frozenset({*required, *optional})
        with _opened(path) as file:
            first = next((line for line in file if line.strip()), "")
        self._separator, self.columns = _header(first, self._known, str(path))
        missing = [name for name in required if name not in self.columns]
        if missing:
            raise UnreadableFile(
                f"{path} has no column {' and no column '.join(missing)}: its first line must name the columns, and "
                f"names {', '.join(filter(None, self.columns))}."
            )

    @property
    def unused(self) -> list[str]:
        """Columns of the file that this table does not ask for: probably misspelt, so the user is told."""
        return [name for name in self.columns if name not in self._known]

    def rows(self) -> Iterator[CsvRow | BadRow]:
        """Every row with anything in it, in order; those that cannot be read as BadRow."""
        with _opened(self.path) as file:
            yield from self._read(file)

    def _read(self, lines: Iterable[str]) -> Iterator[CsvRow | BadRow]:
        lines = iter(lines)
        skipped = 0
        for line in lines:
            if line.strip():
                lines = chain([line], lines)
                break
            skipped += 1
        reader = csv.reader(lines, delimiter=self._separator, strict=True)
        header_seen = False
        while True:
            begins = reader.line_num + skipped + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield BadRow(begins, (_plain(error, begins, reader.line_num + skipped),))
                continue
            if not header_seen:
                header_seen = True
            elif any(cell.strip() for cell in cells):
                yield self._row(begins, cells)

    def _row(self, line: int, cells: list[str]) -> CsvRow | BadRow:
        if len(cells) != len(self.columns):
            reason = f"it has {len(cells)} cells and the header has {len(self.columns)}"
            if len(cells) > len(self.columns):
                reason += f"; a cell that holds “{self._separator.strip() or 'a tab'}” must stand in quotation marks"
            return BadRow(line, (reason,))
        whole = "".join(cells)
        if not (whole.isascii() and whole.isprintable()):
            if _undecoded(whole):
                return BadRow(line, (NOT_UTF8,))
            if _unprintable(whole):
                return BadRow(line, ("it holds control characters, which no text has",))
            cells = [unicodedata.normalize("NFC", cell) for cell in cells]
        return CsvRow(line, {name: cell.strip() for name, cell in zip(self.columns, cells, strict=True)})


def _opened(path: Path) -> TextIO:
    """The file as text. Bytes that are no UTF-8 are kept marked, so that the row they stand in can be named."""
    if not path.is_file():
        raise UnreadableFile(f"{path} is not a file." if path.exists() else f"{path} is not there.")
    try:
        return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be opened: {error.strerror}.") from error


def _header(first: str, known: frozenset[str], name: str) -> tuple[str, list[str]]:
    """The separator under which the first line names the most columns we know, and the columns."""
    if not first:
        raise UnreadableFile(f"{name} is empty.")
    if _undecoded(first) or "\0" in first:
        raise UnreadableFile(f"{name} is not UTF-8 text: save it as “CSV UTF-8” and import it again.")
    readings = {separator: _columns(first, separator) for separator in SEPARATORS}
    separator = max(SEPARATORS, key=lambda one: (len(known & set(readings[one])), one == ","))
    columns = readings[separator]
    doubled = sorted({column for column in columns if column in known and columns.count(column) > 1})
    if doubled:
        raise UnreadableFile(f"{name} has the column {' and the column '.join(doubled)} twice.")
    return separator, columns


def _columns(first: str, separator: str) -> list[str]:
    try:
        cells = next(csv.reader([first], delimiter=separator, strict=True))
    except csv.Error:
        return []
    return ["_".join(cell.casefold().split()) for cell in cells]


def _plain(error: csv.Error, begins: int, ends: int) -> str:
    """What a message of the csv module means for somebody who looks at the file."""
    message = str(error)
    if "field limit" in message:
        return "a cell is longer than 131,072 characters: perhaps a quotation mark is opened and never closed"
    if "unexpected end" in message or "newline inside string" in message:
        return f"a quotation mark is opened and not closed; nothing up to line {max(begins, ends)} can be read"
    if "expected after" in message:
        return "a quotation mark stands within a cell; inside a quoted cell it must be doubled"
    return f"it is no CSV ({message})"


def _undecoded(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _unprintable(text: str) -> bool:
    return any(unicodedata.category(character) == "Cc" and character not in "\n\r\t" for character in text)
