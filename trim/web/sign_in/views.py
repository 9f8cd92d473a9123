"""The pages of signing in and out. Flask-Security's own views where they fit, each with its mark; no other remains."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import views
from flask_security.tf_plugin import tf_check_state
from flask_security.utils import _get_post_login_redirect

from trim.usecases.people.demonstration import demonstration_sign_ins
from trim.web import context
from trim.web.access import public, signed_in
from trim.web.role_names import role_title
from trim.web.sign_in import attempts
from trim.web.sign_in.forms import CodeForm, RecoveryForm
from trim.web.sign_in.sessions import end_session
from trim.web.sign_in.user import AccountUser

#: How far the telephone's clock may be off, in seconds.
CODE_WINDOW = 30

#: Flask-Security builds its addresses with this name.
blueprint = Blueprint("security", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """Address and password."""
    answer: ResponseReturnValue = views.login()
    return answer


@blueprint.post("/sign-out")
@public
def logout() -> ResponseReturnValue:
    """End this session; a second press does no harm."""
    if current_user.is_authenticated:
        end_session("signed_out")
    return redirect(url_for("security.login"))


@blueprint.route("/sign-in/again", methods=["GET", "POST"])
@signed_in
def verify() -> ResponseReturnValue:
    """The password once more, before something that matters."""
    answer: ResponseReturnValue = views.verify()
    return answer


@blueprint.route("/account/password", methods=["GET", "POST"])
@signed_in
def change_password() -> ResponseReturnValue:
    """A new password; it ends all other sessions of the account."""
    answer: ResponseReturnValue = views.change_password()
    return answer


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
def two_factor_token_validation() -> ResponseReturnValue:
    """The second step: a code from the app."""
    user = _half_signed_in()
    if user is None:
        return redirect(url_for("security.login"))
    form = CodeForm()
    if form.is_accepted():
        attempt = attempts.begin(user.email)
        if attempt.locked_until:
            form.form_errors.append(attempts.too_many(attempt))
        elif _security().totp_factory.verify_totp(form.digits, user.tf_totp_secret, user, window=CODE_WINDOW):
            attempts.keep_for_sign_in(attempt, "code")
            return _finish(user)
        else:
            attempts.failed(attempt, user.account_id, "code")
            form.add_problem("code", _("This code is not right, or it was used already. Wait for the next one."))
    return render_template("sign_in/code.html", form=form, has_recovery_codes=bool(user.mf_recovery_codes))


@blueprint.route("/sign-in/recovery-code", methods=["GET", "POST"])
@public
def mf_recovery() -> ResponseReturnValue:
    """The second step without the telephone: a code that was written down."""
    user = _half_signed_in()
    if user is None:
        return redirect(url_for("security.login"))
    form = RecoveryForm()
    if form.is_accepted():
        attempt, codes = attempts.begin(user.email), _security().mf_recovery_codes_util
        if attempt.locked_until:
            form.form_errors.append(attempts.too_many(attempt))
        elif codes.check_recovery_code(user, form.code.data):
            codes.delete_recovery_code(user, form.code.data)
            attempts.keep_for_sign_in(attempt, "recovery_code")
            return _finish(user)
        else:
            attempts.failed(attempt, user.account_id, "recovery_code")
            form.add_problem("code", _("This is none of your recovery codes, or it was used already."))
    return render_template("sign_in/recovery_code.html", form=form)


def beside_the_form() -> dict[str, Any]:
    """What the sign-in page shows beside its form; in a demonstration, whom one can look around as (CARE 34)."""
    shown: dict[str, Any] = {"idle_minutes": context.web_context().settings.idle_minutes, "rehearsal": []}
    if context.organisation().demonstration:
        with context.backend().reading() as uow:
            shown["rehearsal"] = [(role_title(one.role), one) for one in demonstration_sign_ins(uow)]
    return shown


def _half_signed_in() -> AccountUser | None:
    """Who has given the right password and must give the second step; None for anybody else."""
    if current_user.is_authenticated:
        return None
    user = tf_check_state(["ready"])
    return user if isinstance(user, AccountUser) and user.active else None


def _finish(user: AccountUser) -> ResponseReturnValue:
    _security().two_factor_plugins.tf_complete(user, True)
    session.pop("ended", None)
    return redirect(_get_post_login_redirect())


def _security() -> Any:
    return current_app.extensions["security"]
