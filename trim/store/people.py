"""The directory and its units."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlmodel import Session, col

from trim.store.tables import Person, Unit


def name_key(name: str) -> str:
    """A name folded for search: lower case, without accents, single spaces."""
    plain = unicodedata.normalize("NFKD", name)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def search(session: Session, typed: str, *, units: Iterable[str] | None = None, limit: int = 20) -> list[Person]:
    """Active people one of whose names begins with what was typed, or whose staff number it is; by name."""
    folded = name_key(typed)
    if not folded:
        return []
    escaped = folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    query = select(Person).where(
        col(Person.active).is_(True),
        col(Person.name_key).like(f"{escaped}%", escape="\\")
        | col(Person.name_key).like(f"% {escaped}%", escape="\\")
        | (col(Person.staff_number) == typed.strip()),
    )
    if units is not None:
        query = query.where(col(Person.unit_id).in_(list(units)))
    return list(session.scalars(query.order_by(col(Person.name_key), col(Person.id)).limit(limit)))


def by_ids(session: Session, ids: Iterable[str]) -> dict[str, Person]:
    """People by id, in one query."""
    wanted = list(ids)
    if not wanted:
        return {}
    return {person.id: person for person in session.scalars(select(Person).where(col(Person.id).in_(wanted)))}


def named(session: Session, name: str, unit_id: str | None = None) -> list[Person]:
    """Active people of exactly that name, folded."""
    query = select(Person).where(col(Person.name_key) == name_key(name), col(Person.active).is_(True))
    if unit_id is not None:
        query = query.where(col(Person.unit_id) == unit_id)
    return list(session.scalars(query))


def bearers(session: Session, keys: Collection[str]) -> dict[str, list[Person]]:
    """Active people by folded name (see `name_key`), in one query."""
    query = select(Person).where(col(Person.name_key).in_(list(keys)), col(Person.active).is_(True))
    found: dict[str, list[Person]] = {}
    for person in session.scalars(query.order_by(col(Person.unit_id), col(Person.id))):
        found.setdefault(person.name_key, []).append(person)
    return found


def by_staff_number(session: Session, number: str) -> Person | None:
    """The person of that staff number."""
    return session.scalar(select(Person).where(col(Person.staff_number) == number))


def reports_of(session: Session, person_id: str) -> list[str]:
    """Ids of the people whose line manager this person is."""
    return list(session.scalars(select(Person.id).where(col(Person.line_manager_id) == person_id)))  # type: ignore[call-overload]


def units(session: Session) -> dict[str, Unit]:
    """All units by id, in order of name."""
    return {unit.id: unit for unit in session.scalars(select(Unit).order_by(col(Unit.name)))}


def below(all_units: dict[str, Unit], unit_id: str) -> frozenset[str]:
    """The ids of a unit and all units below it."""
    children: dict[str | None, list[str]] = {}
    for unit in all_units.values():
        children.setdefault(unit.parent_id, []).append(unit.id)
    found: set[str] = set()
    todo = [unit_id]
    while todo:
        one = todo.pop()
        # The check also ends a loop, should somebody have tied the tree into one.
        if one not in found:
            found.add(one)
            todo.extend(children.get(one, []))
    return frozenset(found)
