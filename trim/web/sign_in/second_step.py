"""The second step of one's own account: set it up, take it off, write down recovery codes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security.utils import check_and_update_authn_fresh

from trim.web.access import signed_in
from trim.web.forms.base import BaseForm
from trim.web.sign_in.forms import CodeForm
from trim.web.sign_in.views import CODE_WINDOW

blueprint = Blueprint("second_step", __name__, url_prefix="/account/second-step")

#: Where the secret waits, encrypted, until a first code has shown that the app holds it.
WAITING = "second_step"


@blueprint.get("")
@signed_in
def show() -> ResponseReturnValue:
    """Whether there is a second step, and what can be done."""
    return _ask_again() or render_template("sign_in/second_step.html", user=current_user, form=BaseForm())


@blueprint.route("/begin", methods=["GET", "POST"])
@signed_in
def begin() -> ResponseReturnValue:
    """A picture to photograph with the app, and the first code to show that it worked."""
    if again := _ask_again():
        return again
    if session.get(WAITING) is None or not _is_own(session[WAITING]):
        return redirect(url_for("second_step.show"))
    form, factory = CodeForm(), _security().totp_factory
    secret = session[WAITING]["secret"]
    if form.is_accepted():
        if factory.verify_totp(form.digits, secret, _me(), window=CODE_WINDOW):
            session.pop(WAITING)
            _security().datastore.tf_set(_me(), "authenticator", totp_secret=secret)
            return _show_new_codes()
        form.add_problem("code", _("This code is not right. Check your telephone’s clock and try the next one."))
    values = factory.fetch_setup_values(secret, _me())
    return render_template("sign_in/second_step_begin.html", form=form, image=values["image"], key=values["key"])


@blueprint.post("/new")
@signed_in
def new() -> ResponseReturnValue:
    """A new secret, not in force before a first code."""
    if again := _ask_again():
        return again
    session[WAITING] = {"account": current_user.account_id, "secret": _security().totp_factory.generate_totp_secret()}
    return redirect(url_for("second_step.begin"))


@blueprint.post("/remove")
@signed_in
def remove() -> ResponseReturnValue:
    """Sign in with the password alone from now on."""
    if again := _ask_again():
        return again
    user = _me()
    user.tf_primary_method = user.tf_totp_secret = None
    user.mf_recovery_codes = []
    _security().datastore.put(user)
    return redirect(url_for("account.settings", done="second_step_removed"))


@blueprint.post("/recovery-codes")
@signed_in
def recovery_codes() -> ResponseReturnValue:
    """New recovery codes, shown this once; the earlier ones are worth nothing from now on."""
    if again := _ask_again():
        return again
    if not current_user.has_second_step:
        return redirect(url_for("second_step.show"))
    return _show_new_codes()


def _show_new_codes() -> str:
    codes = _security().mf_recovery_codes_util.create_recovery_codes(_me())
    return render_template("sign_in/recovery_codes.html", codes=codes)


def _ask_again() -> ResponseReturnValue | None:
    """A way to the password page unless it was given in the last quarter of an hour."""
    within = current_app.config["SECURITY_FRESHNESS"]
    if check_and_update_authn_fresh(within, current_app.config["SECURITY_FRESHNESS_GRACE_PERIOD"], "session"):
        return None
    return redirect(url_for("security.verify", next=url_for("second_step.show")))


def _is_own(waiting: dict[str, str]) -> bool:
    return waiting.get("account") == current_user.account_id


def _me() -> Any:
    return current_user._get_current_object()


def _security() -> Any:
    return current_app.extensions["security"]
