"""Sheets of plain values as XLSX. The only place that knows XlsxWriter.

Nothing that is handed in can run: texts are written as texts, never as formulas or links, and there are no formulas, so
no cached result either. Rows go to the disk as they come: memory does not grow with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook

from trim.documents.table import harmless

#: What a cell can hold; None is an empty cell.
Value = str | int | float | None
#: What Excel forbids in the name of a sheet, and how long it may be.
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
NAME_LENGTH = 31
WIDEST = 90


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its heads, its rows; `widths` in characters."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = ()


def spreadsheet(sheets: Iterable[Sheet], *, title: str, subject: str, made_at: datetime) -> bytes:
    """A workbook of these sheets. `title` and `subject` stand in its properties; nothing else does, no name of ours."""
    out = BytesIO()
    book = Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "in_memory": False,
        },
    )
    book.set_properties({"title": title, "subject": subject, "created": made_at.replace(tzinfo=None)})
    head, body = (
        book.add_format({"text_wrap": True, "valign": "top", **more}) for more in ({"bold": True, "bottom": 1}, {})
    )
    whole, fraction = (book.add_format({"num_format": one, "valign": "top"}) for one in ("#,##0", "#,##0.0"))
    names: set[str] = set()
    for sheet in sheets:
        page = book.add_worksheet(_name(sheet.name, names))
        for at, width in enumerate(sheet.widths):
            page.set_column(at, at, min(width, WIDEST))
        for at, text in enumerate(sheet.heads):
            page.write_string(0, at, harmless(text), head)
        page.freeze_panes(1, 0)
        for line, row in enumerate(sheet.rows, 1):
            for at, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(line, at, harmless(value), body)
                elif value is not None:
                    page.write_number(line, at, value, whole if isinstance(value, int) else fraction)
    book.close()
    return out.getvalue()


def _name(wanted: str, taken: set[str]) -> str:
    """A name that Excel accepts and that no other sheet has."""
    base = " ".join(wanted.translate(_FORBIDDEN).split())[:NAME_LENGTH] or "Sheet"
    name, number = base, 2
    while name.lower() in taken:
        end = f" {number}"
        name, number = base[: NAME_LENGTH - len(end)] + end, number + 1
    taken.add(name.lower())
    return name
