"""A red flag: one press, whatever else is going on, and then the numbers to call (CARE 1, 2)."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.usecases.cases.call_now import call_now
from trim.usecases.cases.raise_flag import raise_flag
from trim.web import context
from trim.web.access import allowed
from trim.web.numbers import numbers_to_call
from trim.web.pages.cases.room import bp


@bp.post("/cases/<ref>/red-flag")
@allowed(Can.WORK_OWN_CASES, Can.OVERSEE_CASES)
def red_flag(ref: str) -> ResponseReturnValue:
    """Alert the programme; no version is asked for, because nothing may hold this up."""
    with context.backend().writing() as uow:
        escalation = raise_flag(
            uow, context.signed_in_actor(), now=context.now(), ref=ref, level=request.form.get("level", "")
        )
    return redirect(url_for("cases.call", ref=ref, escalation=escalation))


@bp.get("/cases/<ref>/call-now/<escalation>")
@allowed(Can.WORK_OWN_CASES, Can.OVERSEE_CASES)
def call(ref: str, escalation: str) -> ResponseReturnValue:  # noqa: ARG001 - the case stands in the address for the reader
    """Whom to call this minute, and where to note whom one spoke to."""
    with context.backend().writing() as uow:
        page = call_now(uow, context.signed_in_actor(), now=context.now(), ref=escalation)
    return render_template("cases/call_now.html", page=page, numbers=numbers_to_call(page.numbers))
