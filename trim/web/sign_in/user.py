"""The signed-in account as Flask-Security handles it: a detached copy, never a row of an open session."""

from __future__ import annotations

from datetime import datetime

from flask_security import UserMixin

from trim.usecases.people.signing_in import SignInRecord


class AccountUser(UserMixin):
    """Bears the attribute names that Flask-Security asks for; changes reach the database by `AccountDatastore.put`."""

    #: Named by Flask-Security for codes sent to a telephone, which we do not offer.
    tf_phone_number: str | None = None
    fs_uniquifier: str = ""

    def __init__(self, record: SignInRecord) -> None:
        self.stored = record
        self.id = record.id  # type: ignore[assignment] # ours are texts
        self.email = record.email
        self.name = record.name
        self.locale = record.locale
        self.password = record.password
        self.active = record.active
        self.fs_uniquifier = record.fs_uniquifier
        self.confirmed_at: datetime | None = record.confirmed_at
        self.tf_primary_method = record.tf_primary_method
        self.tf_totp_secret = record.tf_totp_secret
        self.mf_recovery_codes: list[str] | None = list(record.mf_recovery_codes)
