"""What a programme lead is asked to confirm: roles that read content, and ways back in (CARE 12)."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.usecases.oversight.pack_versions import waiting_for
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
        versions = waiting_for(uow, context.signed_in_actor())
    return render_template("confirmations/index.html", asked=asked, versions=versions)


@bp.post("/roles/<grant_id>/confirm")
@allowed(Can.CONFIRM_ROLES)
def confirm(grant_id: str) -> ResponseReturnValue:
    """Let a role come into force; all coordinators are told."""
    return _answered(confirm_role, _("Confirmed. All coordinators are told."), grant_id=grant_id)


@bp.post("/roles/<grant_id>/refuse")
@allowed(Can.CONFIRM_ROLES)
def refuse(grant_id: str) -> ResponseReturnValue:
    """Refuse a role."""
    return _answered(end_role, _("Refused."), grant_id=grant_id)


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
    return _answered(refuse_renewal, _("Refused."), invitation_id=invitation_id)


def _answered(verb: Callable[..., object], said: str, **what: str) -> ResponseReturnValue:
    with context.backend().writing() as uow:
        verb(uow, context.signed_in_actor(), now=context.now(), **what)
    flash(said)
    return redirect(url_for("confirmations.index"))
