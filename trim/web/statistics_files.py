"""Files of a release: CSV, XLSX, JSON and the HTML of its PDF, each with its face; made from published cells alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from flask import render_template
from flask_babel import gettext as _

from trim.documents.spreadsheet import Sheet, spreadsheet
from trim.documents.table import csv_bytes
from trim.statistics.model import TOTAL, Release, Words
from trim.statistics.shown.charts import bars
from trim.statistics.shown.files import (
    DEFINITION_HEADS,
    TOTALS_HEADS,
    Face,
    definitions,
    heads,
    json_with_face,
    notes,
    rows,
    sheet_heads,
    sheet_rows,
    texts,
    totals_rows,
)
from trim.statistics.shown.laid_out import chooses_unit, lay_out, rates
from trim.statistics.shown.narrative import narrative, period_words
from trim.usecases.statistics.causes import CAUSES
from trim.usecases.statistics.read_releases import Published
from trim.web.letters import embedded_fonts

#: The formats in which a release is given out, with the type and the ending of each file.
FORMATS = {
    "csv": ("text/csv; charset=utf-8", "csv"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "json": ("application/json", "json"),
    "pdf": ("application/pdf", "pdf"),
    "dictionary": ("text/csv; charset=utf-8", "csv"),
}


def face_of(published: Published, *, at: datetime, by: str, say: Callable[[datetime], str]) -> Face:
    """What a file of this release says of where it comes from; `say` words an instant for people."""
    listed = published.listed
    return Face(
        at=say(at),
        by=by,
        number=listed.number,
        digest=listed.digest,
        released_at=say(listed.released_at),
        corrected_by=listed.corrected_by,
        cause=CAUSES.get(listed.cause or ""),
    )


def file_of(published: Published, face: Face, made_as: str, locale: str, made_at: datetime) -> bytes:
    """The bytes of a file, for every format but PDF. Raises KeyError for another one."""
    release = published.release
    if made_as == "json":
        return json_with_face(release, face)
    if made_as == "csv":
        return csv_bytes(heads(locale), rows(release, face, locale), locale)
    if made_as == "dictionary":
        lines = [[name, "", "", "", value] for name, value in notes(release, face, locale)]
        return csv_bytes(texts(DEFINITION_HEADS, locale), [*definitions(release, locale), *lines], locale)
    if made_as == "xlsx":
        when = period_words(release.period.first, release.period.last).of(locale)
        title = _("Statistics, release %(number)s", number=release.number)
        return spreadsheet(_sheets(release, face, locale), title=title, subject=when, made_at=made_at)
    raise KeyError(made_as)


def _sheets(release: Release, face: Face, locale: str) -> Iterator[Sheet]:
    """Notes first, so that nobody sees a figure before its rules; then each table; then the definitions.

    Tables that are no more than their sum share a sheet: in a small organisation they are most of them.
    """
    yield Sheet(
        _("Notes"),
        [_("About this file"), _("What it says")],
        [*notes(release, face, locale), *((_("In words"), one.of(locale)) for one in narrative(release))],
        (28, 90),
    )
    if alone := list(totals_rows(release, locale)):
        yield Sheet(_("Totals"), texts(TOTALS_HEADS, locale), alone, (60, 10, 10))
    for table in (one for one in release.tables if one.dimensions):
        widths = (*(30 for _one in table.dimensions), 10, 10, 12, 12)
        yield Sheet(
            table.title.of(locale), sheet_heads(release, table, locale), sheet_rows(release, table, locale), widths
        )
    yield Sheet(_("Definitions"), texts(DEFINITION_HEADS, locale), definitions(release, locale), (16, 40, 24, 40, 90))


def printed_html(published: Published, face: Face, locale: str) -> str:
    """The release as a document to print, in the language of this request."""
    release = published.release
    laid = [
        (table, lay_out(table, TOTAL if chooses_unit(table) else None), rates(release, table), bars(table))
        for table in release.tables
    ]
    return render_template(
        "letters/statistics.html",
        release=release,
        laid=laid,
        notes=notes(release, face, locale),
        narrative=narrative(release),
        when=period_words(release.period.first, release.period.last),
        hidden=Words("hidden", "masqué"),
        **embedded_fonts(),
    )
