"""What leaves the house: a person's access request; the register of what courts and the like asked for (CARE 18)."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer
from sqlmodel import SQLModel

from trim.store.columns import digest, identifier, instant, json_metadata, key, link, plain, sealed, word
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table


class AccessRequest(SQLModel, table=True):
    """A person asks for everything held on them. It has a key of its own: the person may have many cases, or none."""

    __tablename__ = "access_request"
    __table_args__ = (
        CheckConstraint(
            "state IN ('recorded','checked','reviewed','made','handed_over','refused','withdrawn')", name="state"
        ),
        Index("ix_access_request_unit_state", "unit_id", "state", "due_on", "id"),
    )

    id: str = key()
    ref: str = identifier("random reference", 16, unique=True)
    programme: str = word("programme of whoever recorded it: its coordinators answer")
    unit_id: str = link("unit.id", "the person's unit: whose coordinators see to it", index=False)
    person_index: str = digest("keyed blind index of the person: an open request holds their cases", index=True)
    state: str = word("where it stands", default="recorded")
    version: int = plain("grows with every change; forms carry it", Integer, default=1)
    language: str = word("in which language the package is made", 5)
    channel: str = word("how it came in")
    received_on: date = plain("the month runs from here", Date)
    due_on: date = plain("when it must be answered (GDPR Art. 12(3))", Date)
    extended: bool = plain("two further months, with a reason", Boolean, default=False)
    recorded_at: datetime = instant("when it was written down")
    recorded_by: str = identifier("account", 64)
    identity_how: str | None = word("how the identity was checked", nullable=True, default=None)
    identity_checked_at: datetime | None = instant("when; nothing is made before", nullable=True, default=None)
    identity_checked_by: str | None = identifier("account", 64, nullable=True, default=None)
    reviewer_id: str | None = link("account.id", "who reviews it for third parties", nullable=True)
    reviewed_at: datetime | None = instant("when the review was finished", nullable=True, default=None)
    made_at: datetime | None = instant("when the package was made", nullable=True, default=None)
    handed_how: str | None = word("how it was handed over", nullable=True, default=None)
    handed_on: date | None = plain("the day it was handed over", Date, nullable=True, default=None)
    ended_code: str | None = word("why it was refused or withdrawn", nullable=True, default=None)
    ended_at: datetime | None = instant(
        "when it ended; its own time of keeping runs from here", nullable=True, default=None
    )
    marks: bytes | None = sealed(
        "which items were read and which passages are left out, as places; no text", nullable=True
    )
    package: bytes | None = sealed(
        "the package, locked with the reviewer's passphrase, until it is handed over", nullable=True
    )
    sealed: bytes = sealed("person id, who asked, contact, whether readers lead the person, remarks")


class Disclosure(SQLModel, table=True):
    """One request of a court or the like. When its case is erased, the code words stay and the content goes."""

    __tablename__ = "disclosure"
    __table_args__ = (
        CheckConstraint("case_id IS NULL OR incident_id IS NULL", name="one_subject"),
        CheckConstraint("(decision IS NULL) = (decided_by IS NULL)", name="decided_by_somebody"),
        CheckConstraint("decided_by IS NULL OR decided_by <> recorded_by", name="second_person"),
        Index("ix_disclosure_unit", "unit_id", "recorded_at", "id"),
        Index("ix_disclosure_newest", "recorded_at", "id"),
    )

    id: str = key()
    ref: str = identifier("random reference", 16, unique=True)
    programme: str = word("the pack's name")
    unit_id: str = link("unit.id", "whose coordinators see it", index=False)
    case_id: str | None = link("support_case.id", "about which case; empty once it is erased", nullable=True)
    incident_id: str | None = link("incident.id", "about which incident; empty once it is erased", nullable=True)
    version: int = plain("grows with every change; forms carry it", Integer, default=1)
    asked_by: str = word("kind of body that asks")
    ground: str = word("legal ground named")
    asked_on: date = plain("the day it came", Date)
    due_on: date | None = plain("the day an answer is asked for", Date, nullable=True, default=None)
    recorded_at: datetime = instant("when it was written down")
    recorded_by: str = identifier("account", 64)
    decision: str | None = word("given, given in part, refused", nullable=True, default=None)
    decided_at: datetime | None = instant("when it was decided", nullable=True, default=None)
    decided_by: str | None = identifier("account: a second person", 64, nullable=True, default=None)
    given: list[str] | None = json_metadata("kinds of record that were given", nullable=True, default=None)
    told: str | None = word("whether the person was told, or why not", nullable=True, default=None)
    told_on: date | None = plain("the day the person was told", Date, nullable=True, default=None)
    sealed: bytes | None = sealed("who asks by name, ground and reasons in words, what was given", nullable=True)
