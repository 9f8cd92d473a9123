"""Find the person somebody named, or add them: volunteers, agency staff and contractors are people too."""

from __future__ import annotations

from datetime import datetime

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, Reason
from trim.domain.incident import ExposedPerson
from trim.store import people
from trim.store.tables import Person
from trim.usecases.unit_of_work import UnitOfWork

STAFF_GROUPS = frozenset({"employee", "volunteer", "agency", "contractor"})

NAME_MISSING = Reason("name_missing", "Enter the person’s name.", "Indiquez le nom de la personne.")
SEVERAL = Reason(
    "several_of_this_name",
    "Several people have this name. Choose one from the list or give the staff number.",
    "Plusieurs personnes portent ce nom. Choisissez dans la liste ou indiquez le matricule.",
)
ELSEWHERE = Reason(
    "of_this_name_elsewhere",
    "Somebody of this name works in another unit. Choose whom you mean.",
    "Une personne de ce nom travaille dans un autre service. Choisissez de qui il s’agit.",
)
UNKNOWN_NUMBER = Reason("unknown_staff_number", "Nobody has this staff number.", "Personne n’a ce numéro de matricule.")


def find_or_add(uow: UnitOfWork, actor: Actor, *, now: datetime, named: ExposedPerson, unit_id: str) -> Person:
    """The person named; added with an unknown line manager when the directory does not know the name.

    Raises InvalidInput when no name was given, or when it is not certain whom it means.
    """
    if named.person_id:
        person = uow.session.get(Person, named.person_id)
        if person is None:
            raise InvalidInput({"person": NAME_MISSING})
        return person
    if named.staff_number:
        person = people.by_staff_number(uow.session, named.staff_number.strip())
        if person is None:
            raise InvalidInput({"staff_number": UNKNOWN_NUMBER})
        return person
    name = " ".join(named.name.split())
    if not name:
        raise InvalidInput({"name": NAME_MISSING})
    bearers = [] if named.is_new else people.named(uow.session, name)
    there = [one for one in bearers if one.unit_id == named.unit_id]
    # A wrong guess offers help to somebody who was not there, so whatever can be doubted is asked.
    if named.unit_id and bearers and not there:
        raise InvalidInput({"name": ELSEWHERE})
    found = there or bearers
    if len(found) > 1:
        raise InvalidInput({"name": SEVERAL})
    return (
        found[0]
        if found
        else add_person(uow, actor, now=now, name=name, unit_id=named.unit_id or unit_id, staff_group=named.staff_group)
    )


def add_person(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    name: str,
    unit_id: str,
    staff_group: str = "employee",
    staff_number: str | None = None,
    line_manager_id: str | None = None,
    line_manager_known: bool = False,
    generated: bool = False,
) -> Person:
    """Add somebody to the directory; in a demonstration everybody is marked as invented (CARE 34)."""
    if staff_group not in STAFF_GROUPS:
        raise ValueError(f"unknown staff group {staff_group}")
    person = Person(
        id=uow.new_id(),
        name=name,
        name_key=people.name_key(name),
        staff_number=staff_number,
        unit_id=unit_id,
        staff_group=staff_group,
        line_manager_id=line_manager_id,
        line_manager_known=line_manager_known,
        generated=generated or uow.organisation.demonstration,
    )
    uow.session.add(person)
    uow.session.flush()
    uow.record(actor, now, "person.added", chain=trail.ORGANISATION, subject=f"person:{person.id}")
    return person
