"""People and accounts: the directory, sign-in, roles, training and the duty rota."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Date, Integer
from sqlmodel import SQLModel

from trim.store.columns import digest, identifier, instant, key, link, plain, sealed, word
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table


class Person(SQLModel, table=True):
    """Somebody of the directory: employee, volunteer, agency staff or contractor. Says nothing of cases."""

    __tablename__ = "person"

    id: str = key()
    name: str = identifier("found by name at intake; the directory says nothing of cases", index=True)
    name_key: str = identifier("the name folded for search: lower case, no accents", index=True)
    staff_number: str | None = identifier(
        "tells people of one name apart", 64, nullable=True, unique=True, default=None
    )
    unit_id: str = link("unit.id", "where the person works")
    staff_group: str = word("employee, volunteer, agency or contractor")
    line_manager_id: str | None = link("person.id", "conflict rule: never the line manager", nullable=True)
    line_manager_known: bool = plain("unknown means ask (CARE 10)", Boolean, default=False)
    generated: bool = plain("invented for a demonstration", Boolean, default=False)
    active: bool = plain("whether the person still belongs to the organisation", Boolean, default=True)


class Account(SQLModel, table=True):
    """Who can sign in; the fields that Flask-Security needs bear its names."""

    __tablename__ = "account"

    id: str = key()
    email: str = identifier("the sign-in name", 254, unique=True)
    name: str = identifier("shown to colleagues")
    person_id: str | None = link("person.id", "own person, for the conflict rules", nullable=True, unique=True)
    phone: str | None = identifier("to be called on duty", 40, nullable=True, default=None)
    locale: str = word("language of pages and mails", 5, default="en")
    password: str | None = identifier("Argon2 hash, never a password", 255, nullable=True, default=None)
    active: bool = plain("a deactivated account cannot sign in", Boolean, default=True)
    fs_uniquifier: str = identifier("session identifier; changing it ends all sessions", 64, unique=True)
    confirmed_at: datetime | None = instant("when the invitation was taken up", nullable=True, default=None)
    tf_primary_method: str | None = word("second factor chosen", nullable=True, default=None)
    tf_totp_secret: str | None = identifier(
        "second factor's secret, encrypted by Flask-Security's own key", 255, nullable=True, default=None
    )
    mf_recovery_codes: str | None = identifier("recovery codes as JSON", 2000, nullable=True, default=None)
    created_at: datetime = instant("when the account was made")
    deactivated_at: datetime | None = instant("when it was closed", nullable=True, default=None)


class RoleGrant(SQLModel, table=True):
    """A role given to an account for one programme over a unit and all below it, for a time."""

    __tablename__ = "role_grant"

    id: str = key()
    account_id: str = link("account.id", "who holds the role")
    role: str = word("one of the fixed roles")
    programme: str = word("the pack's name")
    unit_id: str = link("unit.id", "over which unit and below")
    from_at: datetime = instant("in force from")
    until_at: datetime | None = instant("in force until; a deputy's cover is dated", nullable=True, default=None)
    given_by: str = identifier("account that proposed it", 64)
    confirmed_by: str | None = identifier("second person, for roles that read content (CARE 12)", 64, default=None)
    confirmed_at: datetime | None = instant("not in force before", nullable=True, default=None)


class Training(SQLModel, table=True):
    """A practitioner's training for one programme."""

    __tablename__ = "training"

    id: str = key()
    account_id: str = link("account.id", "the practitioner")
    programme: str = word("the pack's name")
    trained_on: date = plain("day of the course", Date)
    valid_until: date = plain("a practitioner acts only in date", Date)
    max_open_cases: int = plain("load limit", Integer, default=6)


class DutyTurn(SQLModel, table=True):
    """A coordinator on duty for urgent matters: who, when, which telephone (CARE 2)."""

    __tablename__ = "duty_turn"
    __table_args__ = (CheckConstraint("until_at > from_at", name="ends_after_start"),)

    id: str = key()
    programme: str = word("the pack's name")
    account_id: str = link("account.id", "who is on duty")
    phone: str = identifier("the number that will be answered", 40)
    from_at: datetime = instant("start of the turn", index=True)
    until_at: datetime = instant("end of the turn", index=True)


class SignInGuard(SQLModel, table=True):
    """Failed sign-ins of one address, counted before any password is hashed."""

    __tablename__ = "sign_in_guard"

    address_digest: str = digest("keyed digest of the e-mail address tried", primary_key=True)
    failures: int = plain("failures in a row", Integer, default=0)
    last_failed_at: datetime = instant("when the last one was")
    locked_until: datetime | None = instant("no attempt is checked before", nullable=True, default=None)
    last_code: int | None = plain(
        "number of the time-step of the last code taken: none is taken twice", BigInteger, nullable=True, default=None
    )


class EndedSession(SQLModel, table=True):
    """A session that was signed out before its time: its cookie, should somebody have copied it, opens nothing."""

    __tablename__ = "ended_session"

    session_digest: str = digest("keyed digest of the session's number", primary_key=True)
    account_id: str = link("account.id", "whose session it was")
    ended_at: datetime = instant("when; swept once no cookie of that time can be valid", index=True)


class Invitation(SQLModel, table=True):
    """A one-time link by which an account sets its password; GET shows a button, only POST uses it up (CARE 15).

    For an account that reads content and has signed in before, a second person confirms it first (CARE 12).
    """

    __tablename__ = "invitation"

    id: str = key()
    account_id: str = link("account.id", "who is invited")
    token_digest: str | None = digest(
        "keyed digest of the link's token; empty until confirmed", unique=True, nullable=True, default=None
    )
    made_at: datetime = instant("when it was made or asked for")
    asked_by: str = identifier("account that asked for it", 64)
    renews: bool = plain(
        "true: opens an account that was in use, and takes its second step off", Boolean, default=False
    )
    confirmed_by: str | None = identifier("second person, where content is read (CARE 12)", 64, default=None)
    refused_at: datetime | None = instant("when the second person said no", nullable=True, default=None)
    expires_at: datetime = instant("not valid after")
    used_at: datetime | None = instant("when it was used up", nullable=True, default=None)


class ConflictAnswer(SQLModel, table=True):
    """A reader's answer to the question whether they are line manager or report of a case's person."""

    __tablename__ = "conflict_answer"

    id: str = key()
    case_id: str = link("support_case.id", "which case")
    account_id: str = link("account.id", "who answered")
    clear: bool = plain("neither line manager nor report", Boolean)
    answered_at: datetime = instant("when")


class Exclusion(SQLModel, table=True):
    """'Not by this person': the supported person asked that somebody be kept away; hides the case from them too."""

    __tablename__ = "exclusion"

    id: str = key()
    case_id: str = link("support_case.id", "which case")
    account_id: str = link("account.id", "who is kept away")
    sealed: bytes | None = sealed("why, if the person said so", nullable=True)
    made_at: datetime = instant("when")
