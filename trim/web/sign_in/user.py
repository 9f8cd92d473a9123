"""The signed-in account as Flask-Security handles it: a detached copy, never a row of an open session."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_security import UserMixin
from flask_security.core import AnonymousUser

from trim.usecases.people.signing_in import SignInRecord

#: What Flask-Security may change of an account.
CHANGEABLE = ("password", "fs_uniquifier", "tf_primary_method", "tf_totp_secret", "mf_recovery_codes")


class AccountUser(UserMixin):
    """Bears the attribute names that Flask-Security asks for; changes reach the database by `AccountDatastore.put`."""

    #: Named by Flask-Security for codes sent to a telephone, which we do not offer.
    tf_phone_number: str | None = None
    fs_uniquifier: str = ""

    def __init__(self, record: SignInRecord) -> None:
        self.stored = record
        self.account_id = record.id
        self.email = record.email
        self.name = record.name
        self.password = record.password
        self.active = record.active
        self.fs_uniquifier = record.fs_uniquifier
        self.confirmed_at = record.confirmed_at
        self.tf_primary_method = record.tf_primary_method
        self.tf_totp_secret = record.tf_totp_secret
        self.mf_recovery_codes: list[str] | None = list(record.mf_recovery_codes)

    @property
    def has_second_step(self) -> bool:
        """Whether signing in asks for a code as well."""
        return bool(self.tf_primary_method and self.tf_totp_secret)

    def changes(self) -> dict[str, Any]:
        """What differs from the stored account."""
        present = {name: getattr(self, name) for name in CHANGEABLE}
        present["mf_recovery_codes"] = tuple(self.mf_recovery_codes or ())
        return {name: value for name, value in present.items() if value != getattr(self.stored, name)}

    def keep(self) -> None:
        """What is here is stored now."""
        self.stored = replace(self.stored, **self.changes())


def nobody() -> Any:
    """What stands for a reader who is not signed in."""
    return AnonymousUser()  # type: ignore[no-untyped-call]
