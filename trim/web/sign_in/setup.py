"""Sets up Flask-Security: only what we use, so that no route of its own remains that nobody has looked at."""

from __future__ import annotations

import base64
from datetime import timedelta

from flask import Flask
from flask_security import Security

from trim.usecases.unit_of_work import Backend
from trim.web.sign_in import second_step, views
from trim.web.sign_in.datastore import AccountDatastore
from trim.web.sign_in.forms import AgainForm, NewPasswordForm, SignInForm
from trim.web.sign_in.passwords import PasswordCost, hashed
from trim.web.sign_in.sessions import init_sessions
from trim.web.sign_in.totp import OnceOnlyTotp


def init_sign_in(app: Flask, *, cost: PasswordCost, backend: Backend) -> None:
    """Add sign-in, sign-out and the second step. Call before the access marks are checked."""
    app.config.update(_settings(cost, backend))
    security = Security(
        app,
        AccountDatastore(),
        # Its blueprint has routes that cannot be left out one by one: ours names those that we use.
        register_blueprint=False,
        login_form=SignInForm,
        verify_form=AgainForm,
        change_password_form=NewPasswordForm,
        totp_cls=OnceOnlyTotp,
    )
    # Sessions only: no token in a header or an address, and no answers in JSON.
    app.login_manager.request_loader(lambda _: None)  # type: ignore[attr-defined]
    security.want_json(lambda _: False)
    security.login_context_processor(views.beside_the_form)
    app.extensions["trim-hash"] = lambda password: hashed(password, cost)
    # Compared with where there is no account, so that an unknown address takes as long as a known one.
    app.extensions["trim-nobody"] = hashed("nobody has this password", cost)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(second_step.blueprint)
    init_sessions(app)


def _settings(cost: PasswordCost, backend: Backend) -> dict[str, object]:
    # Drawn from the key that lies apart from the database: a stolen database opens no second step.
    for_codes = backend.vault.blind_index("key of", "second steps")
    for_recovery = bytes.fromhex(backend.vault.blind_index("key of", "recovery codes"))
    return {
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_CHANGE_VIEW": "/account?done=password",
        "SECURITY_POST_VERIFY_VIEW": "/account",
        "SECURITY_TWO_FACTOR_ERROR_VIEW": "/sign-in",
        "SECURITY_LOGIN_USER_TEMPLATE": "sign_in/sign_in.html",
        "SECURITY_VERIFY_TEMPLATE": "sign_in/again.html",
        "SECURITY_CHANGE_PASSWORD_TEMPLATE": "sign_in/new_password.html",
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_CLI_USERS_NAME": False,
        "SECURITY_CLI_ROLES_NAME": False,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": cost.options(),
        "SECURITY_FRESHNESS": timedelta(minutes=15),
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=15),
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TOTP_SECRETS": {"1": for_codes},
        "SECURITY_TOTP_ISSUER": "Trim",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [base64.urlsafe_b64encode(for_recovery)],
    }
