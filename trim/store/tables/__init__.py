"""All tables, imported once so that the metadata is whole."""

from trim.store.tables.appointment import Appointment, CalendarFeed
from trim.store.tables.base import metadata
from trim.store.tables.break_glass import BreakGlass
from trim.store.tables.case import (
    ActionRecord,
    Assessment,
    AssessmentDraft,
    CaseIncident,
    CaseLink,
    CaseRequest,
    Step,
    SupportCase,
)
from trim.store.tables.deadline import Claim, DeadlineStage, Job, JobRun, Worker
from trim.store.tables.delivery import HowTold, Leave, Notice, PagerCall
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
from trim.store.tables.programme import AgreedStep, Escalation, Referral
from trim.store.tables.retention import LegalHold, RetentionWarning, Tombstone
from trim.store.tables.statistics import Fact, FactIntake, Headcount, Release, ReleaseRequest
from trim.store.tables.trail import TrailCheckpoint, TrailEntry, TrailHead, TrailLeaf, TrailSubject
from trim.store.tables.undertaking import (
    Undertaking,
    UndertakingGoal,
    UndertakingLeader,
    UndertakingLineAnswer,
    UndertakingMeeting,
    UndertakingParty,
)

__all__ = [
    "AccessRequest",
    "Account",
    "ActionRecord",
    "AgreedStep",
    "Appointment",
    "Assessment",
    "AssessmentDraft",
    "BreakGlass",
    "CalendarFeed",
    "CaseIncident",
    "CaseLink",
    "CaseRequest",
    "Claim",
    "ConflictAnswer",
    "DeadlineStage",
    "Disclosure",
    "DutyTurn",
    "EndedSession",
    "Escalation",
    "Exclusion",
    "Exposure",
    "Fact",
    "FactIntake",
    "Headcount",
    "HowTold",
    "Incident",
    "IncidentReader",
    "Invitation",
    "Job",
    "JobRun",
    "Leave",
    "LegalHold",
    "Notice",
    "PackProposal",
    "PackVersion",
    "PagerCall",
    "Person",
    "PlanningMeeting",
    "PrivateLink",
    "Referral",
    "Release",
    "ReleaseRequest",
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
    "Undertaking",
    "UndertakingGoal",
    "UndertakingLeader",
    "UndertakingLineAnswer",
    "UndertakingMeeting",
    "UndertakingParty",
    "Unit",
    "Worker",
    "metadata",
]
