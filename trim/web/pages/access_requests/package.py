"""The package: made and locked outside any transaction, its passphrase shown once, the file for its reviewer alone."""

from __future__ import annotations

import json

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from trim.documents.locked import lock_pdf, new_passphrase
from trim.documents.pdf import PrintingUnavailable, render_pdf
from trim.domain.access import Can
from trim.usecases.disclosure import package as packing
from trim.usecases.oversight.trail_mark import trail_mark
from trim.web import context
from trim.web.access import allowed
from trim.web.letters import package_html
from trim.web.pages.access_requests.review import PressForm
from trim.web.pages.access_requests.room import bp

#: The data beside the readable pages, inside the lock.
DATA = "package.json"


@bp.post("/access-requests/<ref>/make")
@allowed(Can.OVERSEE_CASES)
def make(ref: str) -> ResponseReturnValue:
    """Make and lock the package; the answer is the only page that ever shows its passphrase."""
    actor, now, form = context.signed_in_actor(), context.now(), PressForm()
    form.is_accepted()
    with context.backend().writing() as uow:
        content = packing.gather_package(uow, actor, now=now, ref=ref, version=form.version.data)
        mark = trail_mark(uow)
    passphrase = new_passphrase()
    try:
        with force_locale(content.language):
            pdf = render_pdf(package_html(content), mark=mark, locale=content.language)
    except PrintingUnavailable as missing:
        return make_response(render_template("access_requests/no_printing.html", ref=ref, missing=missing), 503)
    data = json.dumps(content.as_data(), ensure_ascii=False, indent=2).encode()
    locked = lock_pdf(pdf, passphrase, {DATA: data})
    with context.backend().writing() as uow:
        packing.keep_package(uow, actor, now=now, ref=ref, version=content.version, locked=locked)
    answer = make_response(render_template("access_requests/made.html", ref=ref, passphrase=passphrase))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/access-requests/<ref>/package")
@allowed(Can.OVERSEE_CASES)
def download(ref: str) -> ResponseReturnValue:
    """The locked file. Its name ends up in folders: it says nothing about anybody."""
    with context.backend().writing() as uow:
        locked = packing.take_package(uow, context.signed_in_actor(), now=context.now(), ref=ref)
    return Response(
        locked, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{ref}.pdf"'}
    )
