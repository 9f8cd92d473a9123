"""How somebody stands to a group session, a check, a pair or a mediation: leads it, oversees the unit, or has no
business there.

Whoever has none, or a conflict with somebody in it, gets NotFound: the same answer as for one that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor
from trim.domain.confidentiality import CONTENT_ROLES, OVERSEERS, UNDERTAKINGS
from trim.domain.conflicts import Conflict, Tie, conflicts, forbids
from trim.domain.errors import ConflictUnknown, NotFound
from trim.domain.roles import Role
from trim.store import accounts, incidents, people, undertakings
from trim.store.tables import Account, Incident, Person, Undertaking, UndertakingParty
from trim.usecases.unit_of_work import UnitOfWork

#: In these whoever leads the person, or is led by them, keeps out (CARE 10).
ABOUT_ONE = frozenset({"periodic_check", "pair", "mediation"})
#: In these those who lead it alone see who takes part (CARE 27).
LEADERS_ALONE = frozenset({"group_session"})


@dataclass(frozen=True, slots=True)
class Stand:
    """`roles` are those in which the actor may act; whoever leads acts as practitioner, whatever role they hold."""

    roles: frozenset[str]
    leads: bool
    sees_people: bool


def is_undertaking(kind: str) -> bool:
    """Whether a lifecycle runs beside cases."""
    return kind in UNDERTAKINGS


def stand_to(uow: UnitOfWork, actor: Actor, row: Undertaking) -> Stand:
    """How `actor` stands to it.

    Raises NotFound without a standing or with a conflict, and ConflictUnknown when nobody knows whether the actor leads
    somebody in it and the actor has not said so yet (CARE 10).
    """
    held = {grant.role for grant in actor.grants if grant.programme == row.programme} & CONTENT_ROLES
    over = {
        grant.role
        for grant in actor.grants
        if grant.programme == row.programme and grant.role in OVERSEERS and row.unit_id in grant.covers
    }
    leads = bool(held) and any(one.account_id == actor.account_id for one in undertakings.leaders(uow.session, row.id))
    if over and not leads and not _may_oversee_incident(uow, actor, row):
        over = set()
    if not (leads or over):
        raise NotFound
    problems = conflicts_in(uow, row, {actor.account_id: actor.person_id})[actor.account_id]
    if forbids(problems):
        raise NotFound
    if problems:
        raise ConflictUnknown(row.ref, is_beside=True)
    roles = {role.value for role in over} | ({Role.PRACTITIONER.value} if leads else set())
    return Stand(frozenset(roles), leads, sees_people=leads or row.kind not in LEADERS_ALONE)


def leaders_for(uow: UnitOfWork, row: Undertaking, now: datetime) -> list[Account]:
    """Accounts with a role of the programme over the unit of it, and nothing between them and those who take part."""
    found = accounts.holders(uow.session, sorted(CONTENT_ROLES), row.programme, row.unit_id, now)
    known = conflicts_in(uow, row, {one.id: one.person_id for one in found})
    return [one for one in found if not forbids(known[one.id])]


def overseers_for(uow: UnitOfWork, row: Undertaking, now: datetime) -> list[Account]:
    """Coordinators and leads over its unit who may open it."""
    over = {one.id for one in accounts.holders(uow.session, sorted(OVERSEERS), row.programme, row.unit_id, now)}
    return [one for one in leaders_for(uow, row, now) if one.id in over]


def _may_oversee_incident(uow: UnitOfWork, actor: Actor, row: Undertaking) -> bool:
    incident = uow.session.get(Incident, row.incident_id) if row.incident_id else None
    if incident is None or not incident.restricted:
        return True
    return incidents.is_named_reader(uow.session, incident.id, actor.account_id)


def conflicts_in(uow: UnitOfWork, row: Undertaking, staff: Mapping[str, str | None]) -> dict[str, list[Conflict]]:
    """What stands between members of staff (account and person) and those who take part, by account."""
    there = undertakings.parties(uow.session, row.id)
    who = people_of(uow, row, there)
    return conflicts_with(uow, row, staff, [(who[one.id], one.named_at) for one in there if one.id in who])


def conflicts_with(
    uow: UnitOfWork, row: Undertaking, staff: Mapping[str, str | None], whom: Iterable[tuple[Person, datetime]]
) -> dict[str, list[Conflict]]:
    """The rules of a case (CARE 10), for whom with the instant at which each was named; by account.

    An answer about the line of management counts for those who were named by then. In a group, where nothing is
    written about one person, only taking part oneself keeps somebody out.
    """
    subjects = list(whom)
    own = people.by_ids(uow.session, {one for one in staff.values() if one is not None})
    answers = undertakings.line_answers(uow.session, row.id)
    found: dict[str, list[Conflict]] = {}
    for account_id, person_id in staff.items():
        answer = answers.get(account_id)
        stands = [
            problem
            for subject, named_at in subjects
            for problem in conflicts(
                Tie(
                    staff_person_id=person_id,
                    staff_manager_id=own[person_id].line_manager_id if person_id in own else None,
                    subject_person_id=subject.id,
                    subject_manager_id=subject.line_manager_id,
                    subject_manager_known=subject.line_manager_known,
                    declared_clear=answer is not None and answer.clear and answer.answered_at >= named_at,
                    declared_conflict=answer is not None and not answer.clear,
                )
            )
        ]
        found[account_id] = [one for one in dict.fromkeys(stands) if row.kind in ABOUT_ONE or one is Conflict.OWN_CASE]
    return found


def people_of(uow: UnitOfWork, row: Undertaking, there: list[UndertakingParty]) -> dict[str, Person]:
    """Who takes part, by the id of their row; somebody whom the directory no longer knows is left out."""
    owner = f"undertaking:{row.id}"
    ids = {one.id: uow.vault.unseal(owner, "undertaking_party", one.id, one.sealed)["person_id"] for one in there}
    found = people.by_ids(uow.session, set(ids.values()))
    return {party: found[person] for party, person in ids.items() if person in found}
