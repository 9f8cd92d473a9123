"""Whom somebody means: by staff number, or by name within a unit, as the directory alone knows it."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, Reason
from trim.domain.incident import ExposedPerson
from trim.store.tables import Person
from trim.usecases.people.find_or_add import ELSEWHERE, SEVERAL, find_or_add
from trim.usecases.unit_of_work import UnitOfWork

UNCLEAR = Reason(
    "unclear_whom",
    "This name does not say whom you mean. Give the staff number, or the unit in which they work.",
    "Ce nom ne dit pas de qui il s’agit. Indiquez le matricule, ou le service où la personne travaille.",
)
_AMBIGUOUS = frozenset({SEVERAL.code, ELSEWHERE.code})


def whom(uow: UnitOfWork, actor: Actor, *, now: datetime, typed: str, unit_id: str, yourself: Reason) -> Person:
    """The person who was named; somebody unknown is added to the directory.

    Raises InvalidInput (`who`): nobody or several of that name, or the actor, who is told `yourself`.
    """
    number = typed if any(sign.isdigit() for sign in typed) else ""
    named = ExposedPerson(exposure="", name="" if number else typed, staff_number=number)
    try:
        found = find_or_add(uow, actor, now=now, named=named, unit_id=unit_id)
    except InvalidInput as invalid:
        reason = next(iter(invalid.problems.values()))
        raise InvalidInput({"who": UNCLEAR if reason.code in _AMBIGUOUS else reason}) from invalid
    if actor.person_id is not None and found.id == actor.person_id:
        raise InvalidInput({"who": yourself})
    return found
