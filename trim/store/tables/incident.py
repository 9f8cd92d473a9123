"""Incidents: what happened, who was there, what the planning meeting chose for each."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, UniqueConstraint
from sqlmodel import SQLModel

from trim.store.columns import digest, identifier, instant, key, link, plain, sealed, word
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table


class Incident(SQLModel, table=True):
    """An event that may weigh on those who met it."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint("count_reported >= 1", name="counts_itself"),
        Index("ix_incident_unit_kind", "unit_id", "kind", "occurred_at"),
        Index("ix_incident_newest", "occurred_at", "id"),
        Index("ix_incident_state_newest", "state", "occurred_at", "id"),
        Index("ix_incident_restricted", "restricted", "id"),
    )

    id: str = key()
    ref: str = identifier("random reference", 16, unique=True)
    programme: str = word("the pack's name")
    pack_version_id: str = link("pack_version.id", "the rules it runs on")
    state: str = word("state of its lifecycle")
    version: int = plain("grows with every change; forms carry it", Integer, default=1)
    unit_id: str = link("unit.id", "where it belongs", index=False)
    kind: str = word("kind of event")
    source: str = word("which of the four ways it came in")
    severity: str = word("weight for the organisation")
    occurred_on: date = plain("the day, in the organisation's zone", Date, index=True)
    occurred_at: datetime = instant("the instant windows count from")
    time_known: bool = plain("false: noon is assumed, and pages say so", Boolean)
    became_known_at: datetime = instant("when the programme heard of it")
    reported_by: str = identifier("account that reported it", 64)
    evidence_hold: bool = plain("an investigation runs: no account of the facts (CARE 17)", Boolean, default=False)
    groups_cleared: bool = plain("briefing and groups cleared during a hold", Boolean, default=False)
    restricted: bool = plain("only for named coordinators (CARE 13)", Boolean, default=False)
    count_reported: int = plain("rows of an import that are this one event", Integer, default=1)
    imported: bool = plain("history: starts no clocks, sends nothing (CARE 34)", Boolean, default=False)
    import_key: str | None = digest(
        "keyed digest of the imported row: a second run adds nothing", default=None, unique=True, nullable=True
    )
    sealed: bytes = sealed("place and factual description")


class Exposure(SQLModel, table=True):
    """One person's exposure to one incident, and the response chosen for them."""

    __tablename__ = "exposure"
    __table_args__ = (UniqueConstraint("incident_id", "person_index"),)

    id: str = key()
    incident_id: str = link("incident.id", "which incident")
    person_index: str = digest("keyed blind index of the person: not to be walked back without the key", index=True)
    kind: str = word("direct, witness, call handler, vicarious, repeated")
    became_known_at: datetime = instant("people found late have their own clock")
    response: str | None = word("what the meeting chose; empty until decided", nullable=True, default=None)
    decided_at: datetime | None = instant("when it was chosen", nullable=True, default=None)
    look_again_on: date | None = plain("'nothing yet' is looked at again on", Date, nullable=True, default=None)
    case_id: str | None = link("support_case.id", "the case that came of it", nullable=True)
    sealed: bytes = sealed("person id and how they were exposed")


class PlanningMeeting(SQLModel, table=True):
    """A planning meeting: when, who met."""

    __tablename__ = "planning_meeting"

    id: str = key()
    incident_id: str = link("incident.id", "which incident")
    held_at: datetime = instant("when it was held")
    recorded_by: str = identifier("account", 64)
    sealed: bytes = sealed("who met, and notes on site management")


class IncidentReader(SQLModel, table=True):
    """A coordinator named as reader of a restricted incident."""

    __tablename__ = "incident_reader"
    __table_args__ = (UniqueConstraint("incident_id", "account_id"),)

    id: str = key()
    incident_id: str = link("incident.id", "which incident")
    account_id: str = link("account.id", "who may read it")
