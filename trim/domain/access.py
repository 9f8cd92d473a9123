"""Who may do what: the roles of the programme, what each may do, and over which units.

One table, `PERMISSIONS`, is the whole answer; packs can narrow it, never widen it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """The roles a programme gives, per programme and unit."""

    PRACTITIONER = "practitioner"
    COORDINATOR = "coordinator"
    PROGRAMME_LEAD = "programme_lead"
    REPORTER = "reporter"
    HR = "hr"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


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
    SEE_ROTA = "see_rota"
    CONFIRM_ROLES = "confirm_roles"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_SETTINGS = "see_settings"
    SEE_TRAIL = "see_trail"
    SEE_STATISTICS = "see_statistics"


_SUPERVISION = frozenset(
    {
        Can.REPORT_INCIDENT,
        Can.SEE_INCIDENTS,
        Can.PLAN,
        Can.SEARCH_PEOPLE,
        Can.OVERSEE_CASES,
        Can.ALLOCATE,
        Can.DECIDE_ESCALATION,
        Can.KEEP_ROTA,
        Can.SEE_ROTA,
    }
)

PERMISSIONS: dict[Role, frozenset[Can]] = {
    Role.PRACTITIONER: frozenset({Can.REPORT_INCIDENT, Can.WORK_OWN_CASES, Can.SEE_ROTA}),
    Role.COORDINATOR: _SUPERVISION,
    Role.PROGRAMME_LEAD: _SUPERVISION | {Can.CONFIRM_ROLES},
    Role.REPORTER: frozenset({Can.REPORT_INCIDENT}),
    Role.HR: frozenset({Can.SEE_STATISTICS}),
    Role.ADMINISTRATOR: frozenset({Can.MANAGE_ACCOUNTS, Can.SEE_SETTINGS}),
    Role.AUDITOR: frozenset({Can.SEE_TRAIL, Can.SEE_SETTINGS}),
}

#: Roles whose holders read what people have said; giving one needs a second person from the programme (CARE 12).
CONTENT_ROLES = frozenset({Role.PRACTITIONER, Role.COORDINATOR, Role.PROGRAMME_LEAD})

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
    roles: frozenset[Role] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", frozenset(grant.role for grant in self.grants))

    def can(self, what: Can, unit_id: str | None = None) -> bool:
        """Whether some grant allows it, over that unit when one is named."""
        return any(
            what in PERMISSIONS[grant.role] and (unit_id is None or unit_id in grant.covers) for grant in self.grants
        )

    def units_where(self, what: Can) -> frozenset[str]:
        """The ids of all units over which it is allowed."""
        units: set[str] = set()
        for grant in self.grants:
            if what in PERMISSIONS[grant.role]:
                units |= grant.covers
        return frozenset(units)

    def roles_over(self, unit_id: str) -> frozenset[Role]:
        """The roles held over that unit."""
        return frozenset(grant.role for grant in self.grants if unit_id in grant.covers)


def system_actor(name: str) -> Actor:
    """The actor of work that no person does; `name` says which work it is."""
    return Actor(account_id=f"system:{name}", name=name, is_system=True)
