"""How somebody stands to a case: supports the person, is asked to, oversees the unit, opened it by break-glass, or
has no business here.

Whoever has none, or a conflict, gets NotFound: the same answer as for a case that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from trim.domain.access import PERSON, Actor, Can, Role
from trim.domain.confidentiality import OVERSEERS
from trim.domain.conflicts import Conflict, Tie, conflicts, forbids
from trim.domain.errors import ConflictUnknown, NotFound
from trim.store import cases, incidents
from trim.store.tables import Person, SupportCase
from trim.usecases.unit_of_work import UnitOfWork

Kind = Literal["own", "proposed", "oversees", "break_glass", "person"]


@dataclass(frozen=True, slots=True)
class Standing:
    """`roles` are those in which the actor may act on this case."""

    kind: Kind
    roles: frozenset[str]

    @property
    def reads_content(self) -> bool:
        """Before accepting, a practitioner sees name, unit and kind of incident, nothing else (CARE 24).

        The person sees who looked, and gets what was written by an access request (CARE 18).
        """
        return self.kind not in ("proposed", "person")


def standing(uow: UnitOfWork, actor: Actor, case: SupportCase, *, glass: bool = False) -> Standing:
    """How `actor` stands to `case`.

    Whoever opened it by break-glass has a standing only where the caller says `glass`, as those do that read the case
    or protect a person in danger: what does not ask for it is closed to them.

    Raises NotFound without a standing or with a conflict, and ConflictUnknown when nobody knows whether the actor is
    the person's line manager and the actor has not said so yet (CARE 10).
    """
    if actor.own_case_id is not None:
        if actor.own_case_id != case.id:
            raise NotFound
        return Standing("person", frozenset({PERSON}))
    found = _by_role(actor, case)
    if found is None or (found.kind == "break_glass" and not glass):
        raise NotFound
    if found.kind in ("oversees", "break_glass") and not _may_oversee_incident(uow, actor, case):
        raise NotFound
    problems = conflicts(tie(uow, actor.account_id, actor.person_id, case))
    if forbids(problems):
        raise NotFound
    # Who is asked to support the person answers the question on accepting, not before seeing the offer.
    if Conflict.LINE_MANAGER_UNKNOWN in problems and found.kind != "proposed":
        raise ConflictUnknown(case.ref)
    return found


def tie(uow: UnitOfWork, account_id: str, person_id: str | None, case: SupportCase) -> Tie:
    """What is known between a member of staff and the person of a case."""
    subject = subject_of(uow, case)
    staff = uow.session.get(Person, person_id) if person_id else None
    answer = cases.conflict_answer(uow.session, case.id, account_id)
    return Tie(
        staff_person_id=person_id,
        staff_manager_id=staff.line_manager_id if staff else None,
        subject_person_id=subject.id,
        subject_manager_id=subject.line_manager_id,
        subject_manager_known=subject.line_manager_known,
        exposed_to_same_incident=person_id is not None
        and cases.is_exposed_to_same(uow.session, case.id, uow.vault.blind_index("person", person_id)),
        excluded_by_person=cases.is_excluded(uow.session, case.id, account_id),
        declared_clear=answer is not None and answer.clear,
        declared_conflict=answer is not None and not answer.clear,
    )


def subject_of(uow: UnitOfWork, case: SupportCase) -> Person:
    """The person whose case it is."""
    person = uow.session.get(Person, content_of(uow, case)["person_id"])
    if person is None:
        raise NotFound
    return person


def content_of(uow: UnitOfWork, case: SupportCase) -> dict[str, Any]:
    """What the case row seals: whose it is, and how the person wants to be reached."""
    opened: dict[str, Any] = uow.vault.unseal(f"case:{case.id}", "support_case", case.id, case.sealed)
    return opened


def _by_role(actor: Actor, case: SupportCase) -> Standing | None:
    programme_roles = {
        grant.role for grant in actor.grants if grant.programme == case.programme and case.unit_id in grant.covers
    }
    practises = any(grant.role is Role.PRACTITIONER and grant.programme == case.programme for grant in actor.grants)
    if practises and case.practitioner_id == actor.account_id:
        return Standing("own", frozenset({Role.PRACTITIONER.value}))
    if practises and case.proposed_practitioner_id == actor.account_id:
        return Standing("proposed", frozenset({Role.PRACTITIONER.value}))
    supervising = programme_roles & OVERSEERS
    if supervising and actor.can(Can.OVERSEE_CASES, case.unit_id):
        return Standing("oversees", frozenset(role.value for role in supervising))
    if case.id in actor.opened_case_ids and (elsewhere := overseeing_roles(actor, case.programme)):
        return Standing("break_glass", elsewhere)
    return None


def overseeing_roles(actor: Actor, programme: str) -> frozenset[str]:
    """The roles in which the actor oversees cases of a programme, over whatever unit."""
    return frozenset(
        grant.role.value for grant in actor.grants if grant.programme == programme and grant.role in OVERSEERS
    )


def _may_oversee_incident(uow: UnitOfWork, actor: Actor, case: SupportCase) -> bool:
    return all(
        not incident.restricted or incidents.is_named_reader(uow.session, incident.id, actor.account_id)
        for _, incident, _ in cases.incidents_of(uow.session, case.id)
    )
