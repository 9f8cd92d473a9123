"""What runs beside a case: escalations, referrals, and the steps of an agreed plan."""

from datetime import datetime

from sqlalchemy import Index, Integer
from sqlmodel import SQLModel

from trim.store.columns import identifier, instant, key, link, plain, sealed, word
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table
from trim.store.tables.case import ONLY_ACTING


class Escalation(SQLModel, table=True):
    """A question put to the programme's coordinators, with a clock; never to line management (CARE 4)."""

    __tablename__ = "escalation"
    __table_args__ = (
        Index("ix_escalation_unit_state", "unit_id", "state", "answer_by", "id"),
        Index("ix_escalation_acts", "acts_at", "id", **ONLY_ACTING),
    )

    id: str = key()
    ref: str = identifier("random reference", 16, unique=True)
    case_id: str = link("support_case.id", "which case")
    unit_id: str = link("unit.id", "whose coordinators answer", index=False)
    pack_version_id: str = link("pack_version.id", "the rules it runs on", index=False)
    state: str = word("state of its lifecycle")
    version: int = plain("grows with every change", Integer, default=1)
    rule: str = word("rule of the pack that raised it; neutral name")
    level: str = word("how urgent: now, today, ordinary")
    to_role: str = word("who must answer")
    raised_at: datetime = instant("when")
    raised_by: str = identifier("account, or the system", 64)
    answer_by: datetime = instant("when it must be answered")
    taken_by: str | None = link("account.id", "who has taken it", nullable=True)
    decided_at: datetime | None = instant("when it was decided", nullable=True, default=None)
    step_id: str | None = link("step.id", "the overdue step that raised it", nullable=True)
    rung: int = plain("how often it went further up the programme", Integer, default=0)
    nobody_left_at: datetime | None = instant(
        "when nobody was left to tell: an alarm in itself (CARE 2)", nullable=True, default=None
    )
    acts_at: datetime | None = instant(
        "when it next wants something: the worker looks at nothing else", nullable=True, default=None
    )
    sealed: bytes = sealed("reason, whom the practitioner spoke to, decision")


class Referral(SQLModel, table=True):
    """The way to professional care; with the person's agreement, or a recorded override."""

    __tablename__ = "referral"

    id: str = key()
    ref: str = identifier("random reference", 16, unique=True)
    case_id: str = link("support_case.id", "which case")
    unit_id: str = link("unit.id", "whose coordinators see it")
    pack_version_id: str = link("pack_version.id", "the rules it runs on", index=False)
    state: str = word("state of its lifecycle")
    version: int = plain("grows with every change", Integer, default=1)
    proposed_at: datetime = instant("when")
    proposed_by: str = identifier("account", 64)
    sent_at: datetime | None = instant("when it went to the provider", nullable=True, default=None)
    ended_at: datetime | None = instant("when it ended", nullable=True, default=None)
    sealed: bytes = sealed("provider, reason, agreement or override, outcome")


class AgreedStep(SQLModel, table=True):
    """One step of the plan that practitioner and person agreed on, with a day of its own."""

    __tablename__ = "agreed_step"

    id: str = key()
    ref: str = identifier("random reference", 16, unique=True)
    case_id: str = link("support_case.id", "which case")
    unit_id: str = link("unit.id", "whose coordinators see it")
    pack_version_id: str = link("pack_version.id", "the rules it runs on", index=False)
    state: str = word("state of its lifecycle")
    version: int = plain("grows with every change", Integer, default=1)
    agreed_at: datetime = instant("when it was agreed")
    planned_for: datetime = instant("the day it is meant for, at its beginning in the organisation's zone")
    ended_at: datetime | None = instant("when it was done or dropped", nullable=True, default=None)
    sealed: bytes = sealed("what was agreed, in the person's words")
