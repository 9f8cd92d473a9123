"""Who may do what: the roles of the programme, what each may do, and over which units.

Permissions are read out of the table of `trim.domain.confidentiality`; packs can narrow it, never widen it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from trim.domain.confidentiality import CONTENT_ROLES as CONTENT_ROLES
from trim.domain.confidentiality import changes, sees
from trim.domain.roles import Role as Role

#: Sight or change of a field: gives the roles that have it.
Side = Callable[[str, str], frozenset[Role]]


class Can(StrEnum):
    """One thing that a role may do."""

    REPORT_INCIDENT = "report_incident"
    SEE_INCIDENTS = "see_incidents"
    PLAN = "plan"
    SEARCH_PEOPLE = "search_people"
    WORK_OWN_CASES = "work_own_cases"
    OVERSEE_CASES = "oversee_cases"
    ALLOCATE = "allocate"
    DECIDE_ESCALATION = "decide_escalation"
    KEEP_ROTA = "keep_rota"
    NOTE_LEAVE = "note_leave"
    SEE_UNDELIVERED = "see_undelivered"
    SEE_ROTA = "see_rota"
    RECORD_REQUEST = "record_request"
    CONFIRM_ROLES = "confirm_roles"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_SETTINGS = "see_settings"
    SET_CALENDAR = "set_calendar"
    SEE_JOBS = "see_jobs"
    RETRY_JOBS = "retry_jobs"
    SEE_PACKS = "see_packs"
    CONFIRM_PACKS = "confirm_packs"
    SEE_TRAIL = "see_trail"
    SEE_STATISTICS = "see_statistics"
    ASK_RELEASE = "ask_release"
    SEE_RETENTION = "see_retention"
    SET_RETENTION = "set_retention"
    DECIDE_DISCLOSURE = "decide_disclosure"


#: Each permission is the sight or the change of one field of the table of confidentiality.
STANDS_FOR: dict[Can, tuple[Side, str, str]] = {
    Can.REPORT_INCIDENT: (changes, "incident", "report"),
    Can.SEE_INCIDENTS: (sees, "incident", "description"),
    Can.PLAN: (changes, "incident", "response"),
    Can.SEARCH_PEOPLE: (sees, "person", "search"),
    Can.WORK_OWN_CASES: (changes, "interview", "draft"),
    Can.OVERSEE_CASES: (sees, "case", "listed"),
    Can.ALLOCATE: (changes, "case", "allocation"),
    Can.DECIDE_ESCALATION: (changes, "escalation", "decision"),
    Can.KEEP_ROTA: (changes, "rota", "turns"),
    Can.NOTE_LEAVE: (changes, "notice", "leave"),
    Can.SEE_UNDELIVERED: (sees, "delivery", "failed"),
    Can.SEE_ROTA: (sees, "rota", "turns"),
    Can.RECORD_REQUEST: (changes, "case", "request"),
    Can.CONFIRM_ROLES: (changes, "account", "confirmation"),
    Can.MANAGE_ACCOUNTS: (changes, "account", "identity"),
    Can.SEE_SETTINGS: (sees, "settings", "values"),
    Can.SET_CALENDAR: (changes, "settings", "calendar"),
    Can.SEE_JOBS: (sees, "jobs", "course"),
    Can.RETRY_JOBS: (changes, "jobs", "again"),
    Can.SEE_PACKS: (sees, "settings", "pack_proposals"),
    Can.CONFIRM_PACKS: (changes, "settings", "pack_proposals"),
    Can.SEE_TRAIL: (sees, "trail", "lines"),
    Can.SEE_STATISTICS: (sees, "statistics", "figures"),
    Can.ASK_RELEASE: (changes, "statistics", "requests"),
    Can.SEE_RETENTION: (sees, "retention", "periods"),
    Can.SET_RETENTION: (changes, "retention", "periods"),
    Can.DECIDE_DISCLOSURE: (changes, "disclosure", "decision"),
}

#: What each role may do, as the table says. Who adds a permission names its field above, or nothing starts.
PERMISSIONS: dict[Role, frozenset[Can]] = {
    role: frozenset(can for can in Can if role in STANDS_FOR[can][0](*STANDS_FOR[can][1:])) for role in Role
}

#: Roles that must never stand beside a content role in one person's hands (CARE 11).
APART_ROLES = frozenset({Role.HR, Role.ADMINISTRATOR, Role.AUDITOR})


def forbidden_pair(roles: Iterable[Role]) -> tuple[Role, Role] | None:
    """The first pair of roles that one account must not hold together, if there is one (CARE 11)."""
    held = set(roles)
    for apart in sorted(held & APART_ROLES):
        for content in sorted(held & CONTENT_ROLES):
            return apart, content
    return None


@dataclass(frozen=True, slots=True)
class Grant:
    """A role given for one programme over one unit and everything below it."""

    role: Role
    programme: str
    unit_id: str
    covers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account with the grants in force now, and the person it belongs to (for the conflict rules)."""

    account_id: str
    name: str
    person_id: str | None = None
    grants: tuple[Grant, ...] = ()
    locale: str = "en"
    #: Set for work that no person does, such as a nightly sweep; such an actor has no grants.
    is_system: bool = False
    #: Set for the supported person behind a private link: the one case that is theirs. Such an actor has no grants.
    own_case_id: str | None = None
    #: Cases outside the units of the grants, opened by break-glass and still in sight: each for hours, by one account.
    opened_case_ids: frozenset[str] = frozenset()
    roles: frozenset[Role] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", frozenset(grant.role for grant in self.grants))

    def can(self, what: Can, unit_id: str | None = None, programme: str | None = None) -> bool:
        """Whether some grant allows it, over that unit and in that programme when they are named (CARE 11)."""
        return any(
            what in PERMISSIONS[grant.role]
            and (unit_id is None or unit_id in grant.covers)
            and programme in (None, grant.programme)
            for grant in self.grants
        )

    def programmes_where(self, what: Can) -> frozenset[str]:
        """The programmes in which it is allowed over some unit."""
        return frozenset(grant.programme for grant in self.grants if what in PERMISSIONS[grant.role])

    def units_where(self, what: Can, programme: str | None = None) -> frozenset[str]:
        """The ids of all units over which it is allowed, in that programme when one is named."""
        units: set[str] = set()
        for grant in self.grants:
            if what in PERMISSIONS[grant.role] and programme in (None, grant.programme):
                units |= grant.covers
        return frozenset(units)

    def roles_over(self, unit_id: str, programme: str | None = None) -> frozenset[Role]:
        """The roles held over that unit, in that programme when one is named."""
        return frozenset(
            grant.role for grant in self.grants if unit_id in grant.covers and programme in (None, grant.programme)
        )


def system_actor(name: str) -> Actor:
    """The actor of work that no person does; `name` says which work it is."""
    return Actor(account_id=f"system:{name}", name=name, is_system=True)


#: How the trail and the records of a case name the supported person: whose case it is stands there already.
PERSON = "person"


def person_of_case(case_id: str, locale: str = "en") -> Actor:
    """The supported person, who acts on their own case and on nothing else."""
    return Actor(account_id=PERSON, name=PERSON, own_case_id=case_id, locale=locale)
