"""Cases: one person's way through the programme, its steps, and what was done at each."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, UniqueConstraint, text
from sqlmodel import SQLModel

from trim.store.columns import digest, identifier, instant, key, link, plain, sealed, word
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table

#: An index of what still wants something: as short as the work that is left, however many rows there are.
ONLY_ACTING: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), text("acts_at IS NOT NULL"))


class SupportCase(SQLModel, table=True):
    """One person's case. Whose it is stands only in ciphertext and in a keyed blind index."""

    __tablename__ = "support_case"
    __table_args__ = (
        Index("ix_support_case_unit_state", "unit_id", "state", "opened_at", "id"),
        Index("ix_support_case_practitioner_state", "practitioner_id", "state", "opened_at", "id"),
    )

    id: str = key()
    ref: str = identifier("random reference", 16, unique=True)
    programme: str = word("the pack's name")
    pack_version_id: str = link("pack_version.id", "the rules it runs on to its end")
    state: str = word("state of its lifecycle")
    version: int = plain("grows with every change; forms carry it", Integer, default=1)
    person_index: str = digest("keyed blind index of the person", index=True)
    unit_id: str = link("unit.id", "whose coordinators see it")
    incident_id: str | None = link(
        "incident.id", "the one its windows run from; case_incident holds all", nullable=True
    )
    practitioner_id: str | None = link("account.id", "who supports the person", nullable=True)
    proposed_practitioner_id: str | None = link("account.id", "who is asked to", nullable=True)
    direct_referral: bool = plain("the plan was: straight to professional care", Boolean, default=False)
    contact_attempts: int = plain("calls in a row that reached nobody (CARE 20)", Integer, default=0)
    came_by: str = word(
        "incident, request, concern or linked: how it came; a declined concern is forgotten", default="incident"
    )
    opened_at: datetime = instant("when it was opened")
    requested_at: datetime | None = instant("when support was asked for", nullable=True, default=None)
    became_known_at: datetime | None = instant("when the programme heard of it", nullable=True, default=None)
    offer_made_at: datetime | None = instant("when a person made the offer", nullable=True, default=None)
    accepted_at: datetime | None = instant("when the person accepted", nullable=True, default=None)
    reopened_at: datetime | None = instant("when it was last reopened", nullable=True, default=None)
    closed_at: datetime | None = instant("when it ended", nullable=True, default=None)
    outcome: str | None = word("how it ended", nullable=True, default=None)
    sealed: bytes = sealed("person id, and how the person wants to be reached")


class CaseIncident(SQLModel, table=True):
    """The incidents that one case covers (CARE 21)."""

    __tablename__ = "case_incident"
    __table_args__ = (UniqueConstraint("case_id", "incident_id"),)

    id: str = key()
    case_id: str = link("support_case.id", "which case")
    incident_id: str = link("incident.id", "which incident")
    exposure_id: str = link("exposure.id", "the person's exposure to it")
    joined_at: datetime = instant("when it was joined")


class CaseRequest(SQLModel, table=True):
    """What came with a case that no incident opened: the person's wish, a concern, or words from another programme.

    Of a concern it holds no sender: nobody can then let slip who it was, or answer them (CARE 13).
    """

    __tablename__ = "case_request"
    __table_args__ = (CheckConstraint("kind IN ('request','concern','linked')", name="kind"),)

    id: str = key()
    case_id: str = link("support_case.id", "which case")
    kind: str = word("request, concern or linked")
    received_at: datetime = instant("when it came")
    sealed: bytes = sealed("what was said, and who is meant to know it")


class CaseLink(SQLModel, table=True):
    """Two cases of one person in two programmes (CARE 21); each side sees that the other exists and no more."""

    __tablename__ = "case_link"
    __table_args__ = (UniqueConstraint("case_id", "other_id"),)

    id: str = key()
    case_id: str = link("support_case.id", "the case it was opened from")
    other_id: str = link("support_case.id", "the case that was opened")
    linked_at: datetime = instant("when, with the person's agreement")


class Step(SQLModel, table=True):
    """Something due: for an incident, an exposure, a case, an escalation, a referral or an undertaking.

    A paused step keeps its bounds; they move by the length of the pause when it goes on. The rows of a repeating step
    share `series_id`, and no two of them a number: none is ever doubled.
    """

    __tablename__ = "step"
    __table_args__ = (
        CheckConstraint(
            "subject_kind IN ('incident','exposure','case','escalation','referral','agreed_step',"
            "'group_session','periodic_check','pair','mediation')",
            name="subject_kind",
        ),
        CheckConstraint("state IN ('open','paused','done','cancelled')", name="state"),
        CheckConstraint("state <> 'paused' OR (paused_at IS NOT NULL AND paused_by IS NOT NULL)", name="paused_why"),
        UniqueConstraint("series_id", "number"),
        Index("ix_step_subject", "subject_kind", "subject_id", "state"),
        Index("ix_step_open_due", "state", "unit_id", "due_at", "id"),
        Index("ix_step_case", "case_id", "state"),
        Index("ix_step_acts", "acts_at", "id", **ONLY_ACTING),
    )

    id: str = key()
    subject_kind: str = word("what it belongs to")
    subject_id: str = identifier("row id of that", 32)
    case_id: str | None = link("support_case.id", "the case behind it", nullable=True, index=False)
    unit_id: str = link("unit.id", "whose coordinators see it", index=False)
    name: str = word("step of the pack")
    state: str = word("open, paused, done or cancelled", default="open")
    anchor: str = word("which happening the clock runs from")
    anchor_at: datetime = instant("when that happened")
    earliest_at: datetime | None = instant("work before asks for a reason", nullable=True, default=None)
    due_at: datetime = instant("when it is due")
    latest_at: datetime | None = instant("overdue after", nullable=True, default=None)
    window: int = plain("which window of the step holds: 0 its own, 1 the first of `instead`", Integer, default=0)
    gap_from_at: datetime | None = instant(
        "the interview before, from which the least gap is kept", nullable=True, default=None
    )
    revision: int = plain("grows when its instants change: calendars show the newest", Integer, default=0)
    moved_at: datetime | None = instant("when its instants last changed", nullable=True, default=None)
    opened_at: datetime = instant("when the clock was started")
    ended_at: datetime | None = instant("when it was done or cancelled", nullable=True, default=None)
    ended_by: str | None = word("action that ended it", nullable=True, default=None)
    acts_at: datetime | None = instant(
        "when it next wants something: the worker looks at nothing else", nullable=True, default=None
    )
    paused_at: datetime | None = instant("when it was last paused", nullable=True, default=None)
    paused_by: str | None = identifier("record of the action that paused it", 32, nullable=True, default=None)
    look_again_at: datetime | None = instant("when the pause is to be looked at again", nullable=True, default=None)
    resumed_at: datetime | None = instant("when it went on after the last pause", nullable=True, default=None)
    paused_minutes: int = plain("how long it was paused in all: its bounds moved by so much", Integer, default=0)
    reset_at: datetime | None = instant("when its clock last began anew", nullable=True, default=None)
    reset_by: str | None = identifier("record of the action that began it anew", 32, nullable=True, default=None)
    series_id: str | None = identifier("row of the first of a repeating step", 32, nullable=True, default=None)
    series_at: datetime | None = instant("when the first one was opened", nullable=True, default=None)
    number: int = plain("which repetition, from 1", Integer, default=1)


class ActionRecord(SQLModel, table=True):
    """One action done on a case, a referral, an escalation or an incident: the timeline is made of these."""

    __tablename__ = "action_record"
    __table_args__ = (Index("ix_action_record_case", "case_id", "done_at", "id"),)

    id: str = key()
    subject_kind: str = word("what it was done on")
    subject_id: str = identifier("row id of that", 32, index=True)
    case_id: str | None = link("support_case.id", "the case behind it", nullable=True, index=False)
    action: str = word("action of the pack")
    from_state: str = word("state before")
    to_state: str = word("state after")
    version: int = plain("version of the subject after it", Integer)
    actor_id: str = identifier("account that did it", 64)
    actor_role: str = word("in which role")
    done_at: datetime = instant("when")
    pack_version_id: str = link("pack_version.id", "under which rules", index=False)
    corrects_id: str | None = link("action_record.id", "the earlier record this one corrects", nullable=True)
    sealed: bytes = sealed("what was filled in")


class AssessmentDraft(SQLModel, table=True):
    """An interview begun and not submitted; never deleted in silence (CARE 8)."""

    __tablename__ = "assessment_draft"
    __table_args__ = (UniqueConstraint("case_id", "step"),)

    id: str = key()
    case_id: str = link("support_case.id", "which case")
    step: str = word("which interview")
    version: int = plain("grows with every save", Integer, default=1)
    saved_at: datetime = instant("when it was last saved")
    saved_by: str = identifier("account", 64)
    sealed: bytes = sealed("answers and notes so far")


class Assessment(SQLModel, table=True):
    """A submitted interview with its score; corrected by a new row, never changed."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("status IN ('current','corrected','removed')", name="status"),
        Index("ix_assessment_case", "case_id", "status", "recorded_at"),
    )

    id: str = key()
    case_id: str = link("support_case.id", "which case", index=False)
    step: str = word("which interview")
    instrument: str = word("which form")
    instrument_version: str = word("its version")
    pack_version_id: str = link("pack_version.id", "under which rules", index=False)
    language: str = word("in which language it was held", 5)
    status: str = word("current, corrected or removed", default="current")
    held_at: datetime = instant("when the interview was")
    recorded_at: datetime = instant("when it was submitted")
    recorded_by: str = identifier("account", 64)
    supersedes_id: str | None = link("assessment.id", "the version this one corrects", nullable=True)
    sealed: bytes = sealed("answers, notes, plan and score")
