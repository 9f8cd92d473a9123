"""Ties between many members of staff and one case, or one reader and many cases, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass

from trim.domain.access import Actor, Can
from trim.domain.confidentiality import OVERSEERS
from trim.domain.conflicts import Tie
from trim.domain.errors import KeyDestroyed
from trim.store import conflicts, people
from trim.store.conflicts import Sight
from trim.store.tables import Account, Person, SupportCase
from trim.usecases.acting.standing import content_of, subject_of
from trim.usecases.unit_of_work import UnitOfWork

SUPERVISORS = OVERSEERS


def ties(uow: UnitOfWork, case: SupportCase, staff: Sequence[Account]) -> dict[str, Tie]:
    """What is known between each of these accounts and the person of a case, by account id."""
    if not staff:
        return {}
    subject = subject_of(uow, case)
    own = people.by_ids(uow.session, {one.person_id for one in staff if one.person_id})
    index = {person_id: uow.vault.blind_index("person", person_id) for person_id in own}
    beside = conflicts.exposed_beside(uow.session, case.id, set(index.values()))
    kept_away = {one.account_id for one in conflicts.exclusions(uow.session, case.id)}
    answered = conflicts.answers(uow.session, case.id, [one.id for one in staff])
    return {
        one.id: Tie(
            staff_person_id=one.person_id,
            staff_manager_id=own[one.person_id].line_manager_id if one.person_id in own else None,
            subject_person_id=subject.id,
            subject_manager_id=subject.line_manager_id,
            subject_manager_known=subject.line_manager_known,
            exposed_to_same_incident=one.person_id is not None and index.get(one.person_id) in beside,
            excluded_by_person=one.id in kept_away,
            declared_clear=answered.get(one.id) is True,
            declared_conflict=answered.get(one.id) is False,
        )
        for one in staff
    }


def sight_of(uow: UnitOfWork, actor: Actor) -> Sight:
    """What a supervisor may see in lists: the units of the roles that oversee, without their own ties (CARE 10)."""
    reach: dict[str, set[str]] = {}
    for grant in actor.grants:
        if grant.role in SUPERVISORS and actor.can(Can.OVERSEE_CASES):
            reach.setdefault(grant.programme, set()).update(grant.covers)
    hidden: set[str] = set()
    if actor.person_id is not None:
        own = uow.session.get(Person, actor.person_id)
        hidden = {actor.person_id, *people.reports_of(uow.session, actor.person_id)}
        if own is not None and own.line_manager_id is not None:
            hidden.add(own.line_manager_id)
    return Sight(
        account_id=actor.account_id,
        units={programme: frozenset(units) for programme, units in reach.items()},
        own_index=uow.vault.blind_index("person", actor.person_id) if actor.person_id else "",
        hidden_people=frozenset(uow.vault.blind_index("person", one) for one in hidden),
    )


@dataclass(frozen=True, slots=True)
class Named:
    """Whose case it is, for a list. No person: the reader must first say whether they lead this person (`ask`), or
    the content was erased."""

    person: Person | None
    ask: bool = False

    @property
    def name(self) -> str | None:
        """The person's name, where the list may show it."""
        return self.person.name if self.person is not None else None


def named(uow: UnitOfWork, actor: Actor, cases: Collection[SupportCase]) -> dict[str, Named]:
    """Whose case each of these is, by case id.

    Cases that forbid the actor altogether are filtered before, by `store.conflicts.seen_by`.
    """
    ids: dict[str, str] = {}
    for case in cases:
        with suppress(KeyDestroyed):
            ids[case.id] = str(content_of(uow, case)["person_id"])
    found = people.by_ids(uow.session, set(ids.values()))
    unknown = [
        case.id
        for case in cases
        if actor.account_id not in (case.practitioner_id, case.proposed_practitioner_id)
        and case.id in ids
        and not found[ids[case.id]].line_manager_known
    ]
    clear = conflicts.answers_of(uow.session, actor.account_id, unknown) if unknown else {}
    ask = {case_id for case_id in unknown if not clear.get(case_id)}
    return {
        case.id: Named(None, ask=True) if case.id in ask else Named(found.get(ids.get(case.id, ""))) for case in cases
    }
