"""Where Flask-Security finds accounts: our use cases, one short transaction each, nothing shared with the request."""

from __future__ import annotations

from typing import Any

from flask import has_request_context, request, session
from flask_security import RoleMixin, UserDatastore

from trim.usecases.people import signing_in
from trim.web import context
from trim.web.sign_in.user import AccountUser

#: Nobody is looked up for these: a style sheet must not cost a query, nor the health check need an account.
WITHOUT_ACCOUNT = frozenset({"static", "health.show"})


class AccountDatastore(UserDatastore):
    """Accounts for Flask-Security. Roles stay with `trim.domain.access`: it is told of none."""

    def __init__(self) -> None:
        super().__init__(AccountUser, RoleMixin)

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> AccountUser | None:  # noqa: ARG002
        """The account of `email=`, or the one that a session with this `fs_uniquifier=` belongs to."""
        if has_request_context() and request.endpoint in WITHOUT_ACCOUNT:
            return None
        [(name, value)] = wanted.items()
        with context.backend().reading() as uow:
            if name == "email":
                record = signing_in.by_address(uow, str(value))
            else:
                record = signing_in.by_session(uow, str(value), session.get("number"))
        return AccountUser(record) if record is not None else None

    def find_role(self, role: str) -> None:
        """No role is kept by Flask-Security."""

    def put(self, model: AccountUser) -> AccountUser:
        """Keep at once what was changed of an account, with its line in the trail: no hash is computed in here."""
        changes = model.changes()
        if changes:
            with context.backend().writing() as uow:
                signing_in.change_credentials(uow, model.account_id, now=context.now(), changes=changes)
            model.keep()
        return model

    def commit(self) -> None:
        """Nothing waits: `put` has kept it already, in a transaction of its own."""
