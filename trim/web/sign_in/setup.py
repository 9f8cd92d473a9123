"""Sets up Flask-Security: only what we use, so that no route of its own remains that nobody has looked at."""

from __future__ import annotations

from flask import Flask
from flask_security import Security

from trim.web.sign_in.datastore import AccountDatastore
from trim.web.sign_in.passwords import PasswordCost


def init_sign_in(app: Flask, *, cost: PasswordCost) -> None:
    """Add sign-in and sign-out. Call before the access marks are checked."""
    app.config.update(
        SECURITY_STATIC_FOLDER=None,
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_POST_LOGOUT_VIEW="/sign-in",
        SECURITY_LOGIN_USER_TEMPLATE="sign_in/sign_in.html",
        SECURITY_VERIFY_URL="/sign-in/again",
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of the algorithm
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH={"argon2"},
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=cost.options(),
        SECURITY_RETURN_GENERIC_RESPONSES=True,
    )
    security = Security(app, AccountDatastore())
    # Sessions only: no token in a header or an address, and no answers in JSON.
    app.login_manager.request_loader(lambda _: None)  # type: ignore[attr-defined]
    security.want_json(lambda _: False)
