"""The whole directory at once, for lists of people that are held against it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from trim.store.tables import Person


@dataclass(frozen=True, slots=True)
class Entry:
    """What an imported list may change about somebody; unit and manager by id."""

    id: str
    name: str
    unit_id: str
    staff_group: str
    line_manager_id: str | None
    line_manager_known: bool
    active: bool


def by_staff_number(session: Session) -> dict[str, Entry]:
    """Everybody who has a staff number, by that number."""
    rows = session.execute(
        select(  # type: ignore[call-overload]
            Person.staff_number,
            Person.id,
            Person.name,
            Person.unit_id,
            Person.staff_group,
            Person.line_manager_id,
            Person.line_manager_known,
            Person.active,
        ).where(col(Person.staff_number).is_not(None))
    )
    return {row[0]: Entry(*row[1:]) for row in rows}


def names_without_number(session: Session) -> set[str]:
    """Folded names of people whose staff number nobody knows: they were named at an incident, say."""
    return set(session.scalars(select(Person.name_key).where(col(Person.staff_number).is_(None))))  # type: ignore[call-overload]
