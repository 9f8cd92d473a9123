"""The input of a release: facts grouped by the database, one row after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlmodel import Session

from trim.statistics.counts import Count, Unit
from trim.store import counted
from trim.store.tables import Unit as UnitRow


def counts(
    session: Session, quarters: Collection[str], *, states: Collection[str] = ("open", "counted")
) -> Iterator[Count]:
    """Every group of facts of these quarters; `states` with "late" for a correction.

    Facts that came for a published quarter after its release are not in it: a year adds up to its quarters.
    """
    for row in counted.cube(session, quarters, states):
        *names, persons, marks = row
        if persons:
            union = int(marks)
            alike = dict(zip(counted.GROUPED, names, strict=True))
            yield Count(**alike, persons=int(persons), incidents=union.bit_count(), marks=union)


def units(session: Session, quarter: str) -> list[Unit]:
    """The tree of units with head-counts as they hold in a quarter; a unit without one has none."""
    people = counted.headcounts(session, quarter)
    return [_unit(row, people.get(row.id)) for row in counted.units(session)]


def _unit(row: UnitRow, people: int | None) -> Unit:
    return Unit(code=row.id, name=row.name, parent=row.parent_id, headcount=people)
