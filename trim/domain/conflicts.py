"""Who must not support or read about whom: conflict rules, the same for every role that reads content (CARE 10).

Never the person themselves, their line manager, their direct report, somebody exposed to the same incident, or somebody
the person asked to be kept away. An unknown line manager means that the question must be asked, not that all is clear.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Conflict(StrEnum):
    """Why somebody is kept away from a case; all but LINE_MANAGER_UNKNOWN forbid it."""

    OWN_CASE = "own_case"
    LINE_MANAGER = "line_manager"
    DIRECT_REPORT = "direct_report"
    SAME_INCIDENT = "same_incident"
    NOT_THIS_PERSON = "not_this_person"
    LINE_MANAGER_UNKNOWN = "line_manager_unknown"


#: Reasons that belong to the practitioner alone: others read "not available" (CARE 10).
PRIVATE_TO_PRACTITIONER = frozenset({Conflict.OWN_CASE, Conflict.SAME_INCIDENT, Conflict.NOT_THIS_PERSON})


@dataclass(frozen=True, slots=True)
class Tie:
    """What is known between a member of staff and the person of a case; None where nobody knows."""

    staff_person_id: str | None
    staff_manager_id: str | None
    subject_person_id: str
    subject_manager_id: str | None
    subject_manager_known: bool
    exposed_to_same_incident: bool = False
    excluded_by_person: bool = False
    #: The member of staff has answered that they are neither line manager nor report.
    declared_clear: bool = False
    #: The member of staff has answered that they are: that counts, whatever the directory knows.
    declared_conflict: bool = False


def conflicts(tie: Tie) -> list[Conflict]:
    """All conflicts of a tie, the gravest first; empty means clear."""
    found: list[Conflict] = []
    if tie.declared_conflict:
        found.append(Conflict.LINE_MANAGER)
    if tie.staff_person_id is not None:
        if tie.staff_person_id == tie.subject_person_id:
            found.append(Conflict.OWN_CASE)
        if tie.subject_manager_id == tie.staff_person_id and not tie.declared_conflict:
            found.append(Conflict.LINE_MANAGER)
        if tie.staff_manager_id == tie.subject_person_id:
            found.append(Conflict.DIRECT_REPORT)
    if tie.exposed_to_same_incident:
        found.append(Conflict.SAME_INCIDENT)
    if tie.excluded_by_person:
        found.append(Conflict.NOT_THIS_PERSON)
    if not tie.subject_manager_known and not tie.declared_clear:
        found.append(Conflict.LINE_MANAGER_UNKNOWN)
    return found


def forbids(found: list[Conflict]) -> bool:
    """Whether any of these keeps somebody away without a question being asked first."""
    return any(conflict is not Conflict.LINE_MANAGER_UNKNOWN for conflict in found)
