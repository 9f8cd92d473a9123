"""The page of a case."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.usecases.cases.read_case import read_case
from trim.web import context
from trim.web.access import allowed
from trim.web.pages.cases.room import bp


@bp.get("/cases/<ref>")
@allowed(Can.WORK_OWN_CASES, Can.OVERSEE_CASES)
def show(ref: str) -> ResponseReturnValue:
    """The whole case for who supports or oversees; an offer for who is asked (CARE 24)."""
    with context.backend().writing() as uow:
        case = read_case(uow, context.signed_in_actor(), now=context.now(), ref=ref)
    if not case.reads_content:
        return render_template("cases/offer.html", case=case)
    return render_template("cases/show.html", case=case, now=context.now(), zone=context.organisation().zone)
