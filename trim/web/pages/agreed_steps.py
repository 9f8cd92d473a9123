"""Steps of an agreed plan: what one says, until when, and what can be done with it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.usecases.agreed.read_step import read_agreed_step
from trim.web import context
from trim.web.access import allowed
from trim.web.pages.acting import act_on

bp = Blueprint("agreed_steps", __name__)


@bp.get("/agreed-steps/<ref>")
@allowed(Can.OVERSEE_CASES, Can.WORK_OWN_CASES)
def show(ref: str) -> ResponseReturnValue:
    """One step of the plan."""
    with context.backend().writing() as uow:
        one = read_agreed_step(uow, context.signed_in_actor(), now=context.now(), ref=ref)
    return render_template("agreed_steps/show.html", one=one, now=context.now(), zone=context.organisation().zone)


@bp.route("/agreed-steps/<ref>/actions/<action>", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES, Can.WORK_OWN_CASES)
def action(ref: str, action: str) -> ResponseReturnValue:
    """The form of an action on a step of the plan, and what came of it."""
    return act_on("agreed_step", ref, action)
