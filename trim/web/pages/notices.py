"""What somebody was told, the newest first."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.usecases.people.notices import Told, newest_notices
from trim.web import context
from trim.web.access import signed_in

bp = Blueprint("notices", __name__)


@bp.get("/notices")
@signed_in
def index() -> ResponseReturnValue:
    """The newest notices; each leads to the page where it can be seen to."""
    with context.backend().reading() as uow:
        told = newest_notices(uow, context.signed_in_actor())
    return render_template("notices/index.html", rows=[(words_of(one), one, _address(one)) for one in told])


def words_of(one: Told) -> str:
    """What a notice says; it never names a person, because it may be read over a shoulder."""
    words = {
        "asked_to_support": _("You are asked to support somebody"),
        "allocation_declined": _("A practitioner said no: somebody else is needed"),
        "to_allocate": _("Somebody accepted support and waits for a practitioner"),
        "incident_reported": _("An incident was reported"),
        "escalation": _("A question for a coordinator"),
        "red_flag": _("A red flag was raised"),
        "escalation_passed_on": _("A question was passed on to you"),
        "escalation_decided": _("Your question was decided"),
        "care_for_practitioner": _("A practitioner needs care after a case ended"),
        "role_to_confirm": _("A role waits for your confirmation"),
        "role_confirmed": _("A role that reads cases was confirmed"),
        "renewal_to_confirm": _("Somebody is to be let in again: confirm or refuse"),
        "renewal_confirmed": _("Somebody who reads cases was let in again"),
    }
    return words.get(one.kind, _("Something happened"))


def _address(one: Told) -> str | None:
    endpoint = {
        "case": "cases.show",
        "incident": "incidents.show",
        "escalation": "escalations.show",
        "referral": "referrals.show",
    }.get(one.subject_kind)
    if endpoint and endpoint in current_app.view_functions:
        return url_for(endpoint, ref=one.subject_ref)
    if one.kind in ("role_to_confirm", "renewal_to_confirm"):
        return url_for("confirmations.index")
    return None
