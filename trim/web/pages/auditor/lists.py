"""Lists out of the trail: break-glass, exports and documents, refused attempts."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.usecases.oversight.read_refusals import read_refusals
from trim.usecases.oversight.read_trail import read_list
from trim.web import context
from trim.web.access import allowed
from trim.web.pages.auditor.days import asked_span, first_page, other_page
from trim.web.pages.auditor.room import bp


@bp.get("/trail/break-glass")
@allowed(Can.SEE_TRAIL)
def break_glass() -> ResponseReturnValue:
    """Who opened a case in an emergency that was not theirs to open, and when that ended."""
    return _list(
        "break_glass",
        title=_("Break-glass"),
        lead=_("Each time somebody opened a case in an emergency without a role for it, and when that ended."),
        empty=_("Nobody broke the glass in these days."),
    )


@bp.get("/trail/exports")
@allowed(Can.SEE_TRAIL)
def exports() -> ResponseReturnValue:
    """What left the system: exports, letters, sheets, statistics."""
    return _list(
        "exports",
        title=_("Exports and documents"),
        lead=_("Everything that was made to leave Trim: exports, letters, sheets for meetings, statistics."),
        empty=_("Nothing was made in these days."),
    )


@bp.get("/trail/refused")
@allowed(Can.SEE_TRAIL)
def refused() -> ResponseReturnValue:
    """Refused attempts, grouped by day, account and page."""
    form, span = asked_span()
    with context.backend().writing() as uow:
        page = read_refusals(
            uow, context.signed_in_actor(), now=context.now(), span=span, after=request.args.get("after")
        )
    return render_template(
        "auditor/refused.html",
        page=page,
        form=form,
        span=span,
        here="auditor.refused",
        next_href=other_page("auditor.refused", page.after),
        start_href=first_page("auditor.refused"),
    )


def _list(name: str, *, title: str, lead: str, empty: str) -> ResponseReturnValue:
    form, span = asked_span()
    with context.backend().writing() as uow:
        page = read_list(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            name=name,
            span=span,
            before=request.args.get("after"),
        )
    here = f"auditor.{name}"
    return render_template(
        "auditor/list.html",
        page=page,
        form=form,
        span=span,
        here=here,
        title=title,
        lead=lead,
        empty=empty,
        next_href=other_page(here, page.before),
        start_href=first_page(here),
    )
