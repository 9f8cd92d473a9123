"""The units of the organisation as a tree, for lists and choices."""

from __future__ import annotations

from dataclasses import dataclass

from trim.store import people
from trim.store.tables import Unit
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit; `depth` counts the units above it."""

    id: str
    name: str
    depth: int
    active: bool

    @property
    def indented(self) -> str:
        """The name, set in by its depth, for a list of choices."""
        return "\u2003" * self.depth + self.name


def unit_tree(uow: UnitOfWork) -> tuple[UnitRow, ...]:
    """All units, each after the one it belongs to, by name."""
    found = people.units(uow.session)
    below: dict[str | None, list[Unit]] = {}
    for unit in found.values():
        below.setdefault(unit.parent_id if unit.parent_id in found else None, []).append(unit)
    rows: list[UnitRow] = []
    seen: set[str] = set()

    def add(parent: str | None, depth: int) -> None:
        for unit in below.get(parent, []):
            if unit.id not in seen:
                seen.add(unit.id)
                rows.append(UnitRow(unit.id, unit.name, depth, unit.active))
                add(unit.id, depth + 1)

    add(None, 0)
    return tuple(rows)
