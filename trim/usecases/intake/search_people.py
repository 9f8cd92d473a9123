"""The directory: find somebody by a part of their name or their staff number. It says nothing of cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trim.audit import trail
from trim.domain.access import Actor, Can
from trim.domain.errors import Forbidden
from trim.domain.incident import ExposedPerson
from trim.store import people
from trim.store.tables import Person, Unit
from trim.usecases.unit_of_work import UnitOfWork

#: More matches than this mean that more of the name is needed.
MOST = 20


@dataclass(frozen=True, slots=True)
class PersonFound:
    """Enough to tell people of one name apart, and no more."""

    id: str
    name: str
    unit: str
    staff_number: str | None


def search_people(uow: UnitOfWork, actor: Actor, *, now: datetime, typed: str) -> tuple[PersonFound, ...]:
    """People one of whose names begins with what was typed, or whose staff number it is; at most MOST.

    Leaves a line in the chain of the account, without what was typed. Raises Forbidden.
    """
    if not actor.can(Can.SEARCH_PEOPLE):
        raise Forbidden
    found = people.search(uow.session, typed, limit=MOST)
    uow.record(
        actor,
        now,
        "people.searched",
        chain=trail.account_chain(actor.account_id),
        subject="directory",
        codes={"found": len(found)},
    )
    return _shown(found, people.units(uow.session))


def bearers_of_names(uow: UnitOfWork, rows: Sequence[ExposedPerson]) -> list[tuple[PersonFound, ...]]:
    """For each row, everybody who bears exactly the name in it: whom the reader of the page may have meant.

    For rows that were refused because the name does not say whom it means; a reporter sees no more of the directory.
    """
    keys = [people.name_key(row.name) for row in rows]
    found = people.bearers(uow.session, {key for key in keys if key})
    units = people.units(uow.session)
    shown = {
        key: tuple(sorted(_shown(some, units), key=lambda one: (one.unit, one.staff_number or "")))
        for key, some in found.items()
    }
    return [shown.get(key, ()) for key in keys]


def _shown(found: Iterable[Person], units: Mapping[str, Unit]) -> tuple[PersonFound, ...]:
    return tuple(PersonFound(one.id, one.name, units[one.unit_id].name, one.staff_number) for one in found)
