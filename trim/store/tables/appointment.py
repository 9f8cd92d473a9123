"""What goes into calendars: agreed appointments, and the private feeds of practitioners."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, event, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapper
from sqlmodel import SQLModel

from trim.store.columns import digest, identifier, instant, key, link, plain, sealed, word
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table
from trim.store.tables.case import Step

#: A step's columns that a calendar shows, or that decide whether it does.
SHOWN = ("state", "earliest_at", "due_at", "latest_at")


class Appointment(SQLModel, table=True):
    """An appointment that the person and whoever supports them agreed on: made, moved, kept, missed or called off.

    Its row id is the UID of the invitation and of the entry in the practitioner's calendar. How, where and with whom
    is ciphertext, and so is the address to which the person wants the invitation.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("state IN ('agreed','kept','missed','called_off')", name="state"),
        CheckConstraint("minutes > 0", name="takes_time"),
        Index("ix_appointment_case", "case_id", "starts_at", "id"),
        Index("ix_appointment_invite_after", "invite_after", "id"),
    )

    id: str = key()
    case_id: str = link("support_case.id", "which case", index=False)
    state: str = word("agreed, kept, missed or called_off", default="agreed")
    starts_at: datetime = instant("when it begins: the practitioner's calendar shows it")
    minutes: int = plain("how long it takes", Integer)
    sequence: int = plain("grows when it is moved or called off (RFC 5545)", Integer, default=0)
    made_at: datetime = instant("when it was agreed")
    made_by: str = identifier("account that noted it", 64)
    changed_at: datetime = instant("when it was last changed")
    invited: int | None = plain("sequence of the last invitation that left", Integer, nullable=True, default=None)
    invite_after: datetime | None = instant(
        "an invitation waits to leave, no earlier than this", nullable=True, default=None
    )
    invite_attempts: int = plain("deliveries tried since it last changed", Integer, default=0)
    sealed: bytes = sealed("how, where, who else; the address that the person chose for the invitation")


class CalendarFeed(SQLModel, table=True):
    """A practitioner's private calendar address. The address is not kept, only a digest of its secret part."""

    __tablename__ = "calendar_feed"
    __table_args__ = (Index("ix_calendar_feed_account", "account_id", "made_at", "id"),)

    id: str = key()
    account_id: str = link("account.id", "whose calendar it is", index=False)
    token_digest: str = digest("keyed digest of the secret in the address", unique=True)
    made_at: datetime = instant("when it was made")
    ended_at: datetime | None = instant("when it was taken back or replaced", nullable=True, default=None)


def _count_revision(_: Mapper[Step], __: Connection, step: Step) -> None:
    """Number each change of what calendars show.

    Here and not in each use case: an entry that moves without a higher number is passed over by some calendars.
    """
    if any(inspect(step).attrs[name].history.has_changes() for name in SHOWN):
        step.revision = (step.revision or 0) + 1


event.listen(Step, "before_update", _count_revision)
