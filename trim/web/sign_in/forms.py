"""The forms of signing in: Flask-Security's, with our fields, our words and our count of attempts."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_security.forms import ChangePasswordForm, LoginForm, VerifyForm
from flask_security.utils import verify_password
from flask_wtf import FlaskForm

from trim.usecases.people import signing_in
from trim.web import context
from trim.web.forms.base import BaseForm
from trim.web.forms.fields import EmailField, PasswordField, TextField
from trim.web.next_page import safe_path
from trim.web.sign_in import attempts
from trim.web.sign_in.passwords import normal, problem_of
from trim.web.sign_in.user import AccountUser


class SignInForm(LoginForm):
    """Address and password. What it answers is the same for unknown, deactivated, invited and mistyped accounts."""

    email = EmailField(_l("E-mail address"), thing=_l("your e-mail address"), render_kw={"autocomplete": "username"})
    password = PasswordField(_l("Password"), thing=_l("your password"))
    remember = None
    submit = None

    def validate_next(self, field: Any) -> None:
        """Forget an address that leads elsewhere: whoever made the link is no concern of who signs in."""
        field.data = safe_path(field.data, otherwise="")

    def validate(self, **kwargs: Any) -> bool:
        """Count, find, compare: in that order, and always with one hash."""
        if not FlaskForm.validate(self, **kwargs):
            return False
        attempt = attempts.begin(self.email.data)
        if attempt.locked_until:
            self.form_errors.append(attempts.too_many(attempt))
            return False
        user = _account(self.email.data)
        stored = user.password if user and user.password else current_app.extensions["trim-nobody"]
        is_right = verify_password(normal(self.password.data), stored)
        if not (is_right and user and user.password and user.active):
            attempts.failed(attempt, user.account_id if user else None, "password")
            self.form_errors.append(_("The e-mail address or the password is not right."))
            return False
        _renew_hash(user, self.password.data)
        if user.has_second_step:
            attempts.accepted(attempt)
        attempts.keep_for_sign_in(attempt, "password")
        self.user, self.user_authenticated, self.ifield = user, True, self.email
        return True


class AgainForm(VerifyForm):
    """The password once more, before something that a passer-by at an open screen must not do."""

    password = PasswordField(_l("Password"), thing=_l("your password"))
    submit = None

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is the password of who is signed in."""
        return bool(FlaskForm.validate(self, **kwargs)) and is_own_password(self, self.password)


class NewPasswordForm(ChangePasswordForm):
    """The present password and a new one; typed once, because it can be looked at."""

    password = PasswordField(_l("Present password"), thing=_l("your present password"))
    new_password = PasswordField(
        _l("New password"),
        thing=_l("a new password"),
        hint=_l("At least 12 characters. Several words in a row are easy to keep."),
    )
    new_password_confirm = None
    submit = None

    def validate(self, **kwargs: Any) -> bool:
        """Whether the present one is right and the new one can be taken."""
        if not (FlaskForm.validate(self, **kwargs) and is_own_password(self, self.password)):
            return False
        self.new_password.data = normal(self.new_password.data)
        problem = problem_of(self.new_password.data, current_user.email, current_user.name)
        if self.new_password.data == normal(self.password.data):
            problem = _("The new password is the present one. Choose another.")
        if problem:
            self.new_password.errors = [problem]
        return not problem


class CodeForm(BaseForm):
    """Six digits from the app on the telephone."""

    code = TextField(
        _l("Code from your app"),
        thing=_l("the code from your app"),
        hint=_l("Six digits. They change every 30 seconds."),
        max_length=12,
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )

    @property
    def digits(self) -> str:
        """The code without the blank that some apps show."""
        return str(self.code.data).replace(" ", "")


class RecoveryForm(BaseForm):
    """One of the codes that were written down."""

    code = TextField(
        _l("Recovery code"),
        thing=_l("one of your recovery codes"),
        hint=_l("Three groups of four characters. Each code works once."),
        max_length=40,
        render_kw={"autocomplete": "off"},
    )


class ChoosePasswordForm(BaseForm):
    """The first password, behind an invitation."""

    password = PasswordField(
        _l("Password"),
        thing=_l("a password"),
        hint=_l("At least 12 characters. Several words in a row are easy to keep."),
    )


def is_own_password(form: Any, field: Any) -> bool:
    """Whether the field holds the password of who is signed in; counted, because sessions can be stolen."""
    attempt = attempts.begin(current_user.email)
    if attempt.locked_until:
        form.form_errors.append(attempts.too_many(attempt))
        return False
    if not verify_password(normal(field.data), current_user.password):
        attempts.failed(attempt, current_user.account_id, "password")
        field.errors = [_("This is not your password.")]
        return False
    attempts.accepted(attempt)
    return True


def _account(address: str) -> AccountUser | None:
    found: AccountUser | None = current_app.extensions["security"].datastore.find_user(email=address)
    return found


def _renew_hash(user: AccountUser, password: str) -> None:
    """Hash anew when the cost of hashes has gone up since."""
    if current_app.extensions["security"].pwd_context.needs_update(user.password):
        changes = {"password": current_app.extensions["trim-hash"](password)}
        with context.backend().writing() as uow:
            signing_in.change_credentials(uow, user.account_id, now=context.now(), changes=changes, rehashed=True)
