"""The files of a release without a request: for commands, with the words, charts and templates that pages use."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from flask import Flask

from trim.documents.pdf import TrailMark, render_pdf
from trim.usecases.statistics.read_releases import Published
from trim.web.i18n import init_i18n, instant
from trim.web.statistics_files import FORMATS, face_of, file_of, printed_html
from trim.web.templating import init_templating


def files_of(
    published: Published, *, at: datetime, by: str, zone: ZoneInfo, locale: str, mark: TrailMark, pdf: bool = True
) -> dict[str, bytes]:
    """Name and bytes of each file of a release, in one language. Raises PrintingUnavailable where PDF cannot be made.

    `json` in the canonical form, without a face: its name and digest say which release it is.
    """
    app = Flask("trim", template_folder=None, static_folder=None)
    init_templating(app)
    init_i18n(app, lambda: locale)
    number = published.listed.number
    made = {f"release-{number}.json": published.body}
    with app.app_context():
        face = face_of(published, at=at, by=by, say=partial(_instant, zone))
        for made_as, (_kind, ending) in FORMATS.items():
            if made_as in ("json", "pdf"):
                continue
            name = "definitions" if made_as == "dictionary" else "statistics"
            made[f"{name}-{number}.{ending}"] = file_of(published, face, made_as, locale, at)
        if pdf:
            html = printed_html(published, face, locale)
            made[f"statistics-{number}.pdf"] = render_pdf(html, mark=mark, locale=locale)
    return made


def _instant(zone: ZoneInfo, at: datetime) -> str:
    return instant(at, zone)
