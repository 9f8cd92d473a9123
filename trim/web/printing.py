"""A page as PDF, in the language of the request, with the trail's newest checkpoint at its foot."""

from __future__ import annotations

from flask import Response

from trim.documents.pdf import render_pdf
from trim.usecases.oversight.trail_mark import trail_mark
from trim.web import context
from trim.web.i18n import language


def printed(html: str, name: str) -> Response:
    """The PDF of a whole HTML page as a download. `name` says nothing about anybody: it ends up in folders.

    Never call it inside a transaction. Raises PrintingUnavailable.
    """
    with context.backend().reading() as uow:
        mark = trail_mark(uow)
    pdf = render_pdf(html, mark=mark, locale=language())
    return Response(
        pdf, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    )
