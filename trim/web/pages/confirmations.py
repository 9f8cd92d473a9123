"""What a programme lead is asked to confirm: roles that read content, and ways back in (CARE 12)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.usecases.people.accounts import confirm_role, end_role
from trim.usecases.people.confirmations import what_waits
from trim.usecases.people.invitations import confirm_renewal, refuse_renewal
from trim.web import context
from trim.web.access import allowed
from trim.web.pages.accounts import url_for_link

bp = Blueprint("confirmations", __name__, url_prefix="/confirmations")


@bp.get("")
@allowed(Can.CONFIRM_ROLES)
def index() -> ResponseReturnValue:
    """Everything that waits for this lead."""
    with context.backend().writing() as uow:
        asked = what_waits(uow, context.signed_in_actor(), now=context.now())
    return render_template("confirmations/index.html", asked=asked)


@bp.post("/roles/<grant_id>/confirm")
@allowed(Can.CONFIRM_ROLES)
def confirm(grant_id: str) -> ResponseReturnValue:
    """Let a role come into force; all coordinators are told."""
    with context.backend().writing() as uow:
        confirm_role(uow, context.signed_in_actor(), now=context.now(), grant_id=grant_id)
    flash(_("Confirmed. All coordinators are told."))
    return redirect(url_for("confirmations.index"))


@bp.post("/roles/<grant_id>/refuse")
@allowed(Can.CONFIRM_ROLES)
def refuse(grant_id: str) -> ResponseReturnValue:
    """Refuse a role."""
    with context.backend().writing() as uow:
        end_role(uow, context.signed_in_actor(), now=context.now(), grant_id=grant_id)
    flash(_("Refused."))
    return redirect(url_for("confirmations.index"))


@bp.post("/renewals/<invitation_id>/confirm")
@allowed(Can.CONFIRM_ROLES)
def renew(invitation_id: str) -> ResponseReturnValue:
    """Let somebody in again: the lead, not the administrator, gets the link to hand over."""
    with context.backend().writing() as uow:
        link = confirm_renewal(uow, context.signed_in_actor(), now=context.now(), invitation_id=invitation_id)
    assert link.token is not None
    return render_template("confirmations/link.html", link=url_for_link(link.token), until=link.expires_at)


@bp.post("/renewals/<invitation_id>/refuse")
@allowed(Can.CONFIRM_ROLES)
def keep_out(invitation_id: str) -> ResponseReturnValue:
    """Refuse a way back in."""
    with context.backend().writing() as uow:
        refuse_renewal(uow, context.signed_in_actor(), now=context.now(), invitation_id=invitation_id)
    flash(_("Refused."))
    return redirect(url_for("confirmations.index"))
