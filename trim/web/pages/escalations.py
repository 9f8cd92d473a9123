"""Escalations: the queue, why one reached the programme, and what is decided."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.usecases.escalation.read_escalation import read_escalation
from trim.usecases.oversight.lists import list_escalations
from trim.web import context
from trim.web.access import allowed
from trim.web.duration_words import duration_words
from trim.web.escalation_words import sent_rows, stage_rows
from trim.web.numbers import numbers_to_call
from trim.web.pages.acting import act_on
from trim.web.paging import key_text, read_key

bp = Blueprint("escalations", __name__)


@bp.get("/escalations")
@allowed(Can.DECIDE_ESCALATION)
def index() -> ResponseReturnValue:
    """The queue, the most urgent clock first; or what was decided."""
    decided, after = request.args.get("show") == "decided", request.args.get("after")
    with context.backend().writing() as uow:
        listed = list_escalations(
            uow, context.signed_in_actor(), now=context.now(), decided=decided, after=read_key(after)
        )
    following, shown = key_text(listed.after), "decided" if decided else None
    return render_template(
        "escalations/index.html",
        listed=listed,
        decided=decided,
        now=context.now(),
        next_href=url_for("escalations.index", show=shown, after=following) if following else None,
        start_href=url_for("escalations.index", show=shown) if after else None,
    )


@bp.get("/escalations/<ref>")
@allowed(Can.DECIDE_ESCALATION, Can.WORK_OWN_CASES)
def show(ref: str) -> ResponseReturnValue:
    """One escalation: why, how urgent, who was spoken to, what can be done."""
    with context.backend().writing() as uow:
        one = read_escalation(uow, context.signed_in_actor(), now=context.now(), ref=ref)
    came = one.came_of
    return render_template(
        "escalations/show.html",
        one=one,
        sent=sent_rows(came.sent),
        acted=stage_rows(came.stages),
        after=duration_words(came.after) if came.after is not None else None,
        numbers=numbers_to_call(came.numbers) if came.numbers is not None else [],
        now=context.now(),
        zone=context.organisation().zone,
    )


@bp.route("/escalations/<ref>/actions/<action>", methods=["GET", "POST"])
@allowed(Can.DECIDE_ESCALATION, Can.WORK_OWN_CASES)
def action(ref: str, action: str) -> ResponseReturnValue:
    """The form of an action on an escalation, and what came of it."""
    return act_on("escalation", ref, action)
