"""Referrals: where one stands, what can be done, and its letter."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from trim.documents.pdf import PrintingUnavailable
from trim.domain.access import Can
from trim.usecases.referral.letter import referral_letter
from trim.usecases.referral.read_referral import read_referral
from trim.web import context
from trim.web.access import allowed
from trim.web.letters import letter_html
from trim.web.pages.acting import act_on
from trim.web.printing import printed

bp = Blueprint("referrals", __name__)


@bp.get("/referrals/<ref>")
@allowed(Can.OVERSEE_CASES, Can.WORK_OWN_CASES)
def show(ref: str) -> ResponseReturnValue:
    """One referral."""
    with context.backend().writing() as uow:
        one = read_referral(uow, context.signed_in_actor(), now=context.now(), ref=ref)
    return render_template("referrals/show.html", one=one, now=context.now(), zone=context.organisation().zone)


@bp.route("/referrals/<ref>/actions/<action>", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES, Can.WORK_OWN_CASES)
def action(ref: str, action: str) -> ResponseReturnValue:
    """The form of an action on a referral, and what came of it."""
    return act_on("referral", ref, action)


@bp.post("/referrals/<ref>/letter")
@allowed(Can.OVERSEE_CASES, Can.WORK_OWN_CASES)
def letter(ref: str) -> ResponseReturnValue:
    """The letter as a PDF. The line in the trail is committed before anything is made of the content."""
    with context.backend().writing() as uow:
        content = referral_letter(uow, context.signed_in_actor(), now=context.now(), ref=ref)
    try:
        return printed(letter_html(content), content.ref)
    except PrintingUnavailable as missing:
        return make_response(render_template("referrals/no_printing.html", ref=ref, missing=missing), 503)
