"""Rows as CSV that a spreadsheet opens as text: nothing in a cell can run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

#: What a spreadsheet may take for the beginning of a formula, spaces before it included.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


#: Where a comma stands before the decimals, spreadsheets want a semicolon between cells.
_SEPARATORS = {"fr": ";"}


def csv_bytes(heads: Sequence[str], rows: Iterable[Sequence[str]], locale: str = "en") -> bytes:
    """UTF-8 with its mark, by which spreadsheets know it; a cell that would run gets an apostrophe before it.

    `locale` says whose spreadsheet opens it: a French one puts a line with commas into a single cell.

    Source: OWASP, "CSV Injection".
    """
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n", delimiter=_SEPARATORS.get(locale[:2], ","))
    writer.writerow([harmless(one) for one in heads])
    writer.writerows([harmless(one) for one in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The cell as text that no spreadsheet carries out."""
    return f"'{cell}" if cell.lstrip().startswith(_RUNS) or cell.startswith(("\t", "\r", "\n")) else cell
