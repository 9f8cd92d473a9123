"""CSV that a spreadsheet shows and never carries out."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from trim.documents.table import csv_bytes, harmless


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "  @x", "|cmd", "%0A", "\u00a0=1"],
)
def test_what_would_run_becomes_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Pat", "C-7K3M2PA", "2026-11-21 03:00:00+01:00", "Case closed → Closed", "’=1"])
def test_plain_text_stays(cell: str) -> None:
    assert harmless(cell) == cell


def test_cells_come_back_as_they_were() -> None:
    rows = [["Who", 'Wh"at'], ["Émile, O’Neil", "two\nlines; one, cell"], ["=HYPERLINK(1)", ""]]
    data = csv_bytes(rows[0], rows[1:])
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))
    assert read == [*rows[:2], ["'=HYPERLINK(1)", ""]]


def test_a_french_spreadsheet_finds_its_semicolons() -> None:
    assert (
        csv_bytes(["Nombre", "Pour 100"], [["12", "2,4"]], "fr").decode("utf-8-sig")
        == '"Nombre";"Pour 100"\r\n"12";"2,4"\r\n'
    )
