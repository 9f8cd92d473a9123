"""All tables, imported once so that the metadata is whole."""

from trim.store.tables.base import metadata
from trim.store.tables.break_glass import BreakGlass
from trim.store.tables.case import (
    ActionRecord,
    Assessment,
    AssessmentDraft,
    CaseIncident,
    Step,
    SupportCase,
)
from trim.store.tables.delivery import Fact, Notice
from trim.store.tables.disclosure import AccessRequest, Disclosure
from trim.store.tables.incident import Exposure, Incident, IncidentReader, PlanningMeeting
from trim.store.tables.organisation import PackProposal, PackVersion, Setting, Unit
from trim.store.tables.people import (
    Account,
    ConflictAnswer,
    DutyTurn,
    EndedSession,
    Exclusion,
    Invitation,
    Person,
    RoleGrant,
    SignInGuard,
    Training,
)
from trim.store.tables.private_link import PrivateLink
from trim.store.tables.programme import Escalation, Referral
from trim.store.tables.retention import LegalHold, RetentionWarning, Tombstone
from trim.store.tables.trail import TrailCheckpoint, TrailEntry, TrailHead, TrailLeaf, TrailSubject

__all__ = [
    "AccessRequest",
    "Account",
    "ActionRecord",
    "Assessment",
    "AssessmentDraft",
    "BreakGlass",
    "CaseIncident",
    "ConflictAnswer",
    "Disclosure",
    "DutyTurn",
    "EndedSession",
    "Escalation",
    "Exclusion",
    "Exposure",
    "Fact",
    "Incident",
    "IncidentReader",
    "Invitation",
    "LegalHold",
    "Notice",
    "PackProposal",
    "PackVersion",
    "Person",
    "PlanningMeeting",
    "PrivateLink",
    "Referral",
    "RetentionWarning",
    "RoleGrant",
    "Setting",
    "SignInGuard",
    "Step",
    "SupportCase",
    "Tombstone",
    "TrailCheckpoint",
    "TrailEntry",
    "TrailHead",
    "TrailLeaf",
    "TrailSubject",
    "Training",
    "Unit",
    "metadata",
]
