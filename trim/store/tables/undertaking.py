"""What runs beside cases: group sessions, periodic checks, pairs and mediations, each by its lifecycle."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, UniqueConstraint
from sqlmodel import SQLModel

from trim.store.columns import digest, identifier, instant, key, link, plain, sealed, word
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table


class Undertaking(SQLModel, table=True):
    """Something with people in it that is no case: nobody is scored in it, and no notes are kept about one person."""

    __tablename__ = "undertaking"
    __table_args__ = (
        CheckConstraint("kind IN ('group_session','periodic_check','pair','mediation')", name="kind"),
        Index("ix_undertaking_unit", "unit_id", "kind", "opened_at", "id"),
        Index("ix_undertaking_incident", "incident_id", "opened_at", "id"),
    )

    id: str = key()
    ref: str = identifier("random reference", 16, unique=True)
    kind: str = word("its lifecycle")
    programme: str = word("the pack's name")
    pack_version_id: str = link("pack_version.id", "the rules it runs on to its end")
    state: str = word("state of its lifecycle")
    version: int = plain("grows with every change; forms carry it", Integer, default=1)
    unit_id: str = link("unit.id", "whose coordinators see it", index=False)
    incident_id: str | None = link("incident.id", "the event it is about, if any", nullable=True, index=False)
    opened_at: datetime = instant("when it was set up")
    opened_by: str = identifier("account that set it up", 64)
    agreed_at: datetime | None = instant("when everybody in it had agreed", nullable=True, default=None)
    closed_at: datetime | None = instant("when it ended", nullable=True, default=None)
    sealed: bytes = sealed("what was said about it as a whole when it was set up")


class UndertakingLeader(SQLModel, table=True):
    """Somebody who leads it; of a group session nobody else sees who came (CARE 27)."""

    __tablename__ = "undertaking_leader"
    __table_args__ = (UniqueConstraint("undertaking_id", "account_id"),)

    id: str = key()
    undertaking_id: str = link("undertaking.id", "which one", index=False)
    account_id: str = link("account.id", "who leads it")
    since: datetime = instant("since when")


class UndertakingParty(SQLModel, table=True):
    """One person in it. There is no place for a note about them, nor for a score."""

    __tablename__ = "undertaking_party"
    __table_args__ = (UniqueConstraint("undertaking_id", "person_index"),)

    id: str = key()
    undertaking_id: str = link("undertaking.id", "which one", index=False)
    person_index: str = digest("keyed blind index of the person: not to be walked back without the key", index=True)
    part: str = word("member, mentor, mentee, party or checked")
    named_at: datetime = instant("when the person was named")
    came: bool | None = plain("whether they came; empty until noted", Boolean, nullable=True, default=None)
    agreed_at: datetime | None = instant("when they said yes to what was agreed", nullable=True, default=None)
    case_id: str | None = link("support_case.id", "the offer of individual contact that came of it", nullable=True)
    sealed: bytes = sealed("person id, and of a pair the wishes for matching")


class UndertakingLineAnswer(SQLModel, table=True):
    """A reader's answer whether there is a line between them and those in it, so far as they were named by then."""

    __tablename__ = "undertaking_line_answer"
    __table_args__ = (Index("ix_undertaking_line_answer_newest", "undertaking_id", "account_id", "answered_at"),)

    id: str = key()
    undertaking_id: str = link("undertaking.id", "which one", index=False)
    account_id: str = link("account.id", "who answered")
    clear: bool = plain("neither line manager nor report of anybody in it", Boolean)
    answered_at: datetime = instant("when")


class UndertakingMeeting(SQLModel, table=True):
    """One meeting that was held: when, how long, with how many. Who came is not written here."""

    __tablename__ = "undertaking_meeting"
    __table_args__ = (Index("ix_undertaking_meeting_held", "undertaking_id", "held_at", "id"),)

    id: str = key()
    undertaking_id: str = link("undertaking.id", "which one", index=False)
    form: str = word("briefing, group, separate, joint or meeting")
    held_at: datetime = instant("when it was held")
    minutes: int = plain("how long it took", Integer)
    head_count: int | None = plain("how many came; for two people nobody counts", Integer, nullable=True, default=None)
    recorded_by: str = identifier("account", 64)
    sealed: bytes = sealed("theme, and what was agreed for all")


class UndertakingGoal(SQLModel, table=True):
    """A goal of a pair with its measure before and after."""

    __tablename__ = "undertaking_goal"
    __table_args__ = (UniqueConstraint("undertaking_id", "number"),)

    id: str = key()
    undertaking_id: str = link("undertaking.id", "which one", index=False)
    number: int = plain("which of its goals, from 1", Integer)
    set_at: datetime = instant("when it was set")
    measured_at: datetime | None = instant("when it was measured at the end", nullable=True, default=None)
    sealed: bytes = sealed("the goal, and its measure before and after")
