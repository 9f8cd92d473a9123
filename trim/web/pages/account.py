"""One's own account: language, telephone, password, second step, roles, and how one came and went."""

from __future__ import annotations

import secrets

from flask import Blueprint, current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security.utils import login_user

from trim.domain.access import Can
from trim.usecases.oversight.read_trail import own_sign_ins
from trim.usecases.people.account_lists import own_roles
from trim.usecases.people.signing_in import change_own_settings, own_telephone
from trim.web import context
from trim.web.access import signed_in
from trim.web.forms.accounts import SettingsForm
from trim.web.forms.fields import choice
from trim.web.i18n import LANGUAGES, SESSION_KEY

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.route("", methods=["GET", "POST"])
@signed_in
def settings() -> ResponseReturnValue:
    """Everything about oneself on one page."""
    actor = context.signed_in_actor()
    with context.backend().reading() as uow:
        phone = own_telephone(uow, actor)
        roles, came = own_roles(uow, actor, now=context.now()), own_sign_ins(uow, actor)
    form = SettingsForm(data={"locale": actor.locale, "phone": phone})
    form.locale.choices = [choice(code, name) for code, name in LANGUAGES.items()]
    if form.is_accepted():
        with context.backend().writing() as uow:
            change_own_settings(uow, actor, now=context.now(), locale=form.locale.data, phone=form.phone.data or None)
        # What was switched to in passing gives way to what was chosen.
        session.pop(SESSION_KEY, None)
        flash(_("Saved."))
        return redirect(url_for("account.settings"))
    return render_template(
        "account/settings.html",
        form=form,
        roles=roles,
        came=came,
        user=current_user,
        has_calendar=actor.can(Can.WORK_OWN_CASES),
    )


@bp.post("/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """End all sessions of this account but this one."""
    user = current_user._get_current_object()
    current_app.extensions["security"].datastore.set_uniquifier(user, secrets.token_hex(32))
    login_user(user, authn_via=["change"])
    flash(_("All your other sessions have ended."))
    return redirect(url_for("account.settings"))
