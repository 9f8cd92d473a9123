"""Which tables a release holds: what each counts, of which facts, in which directions. Data, not code (law 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, get_args

from trim.statistics.counts import Count
from trim.statistics.model import Words

MOST_TABLES: Final = 12
MOST_DIMENSIONS: Final = 2
"""Besides the tree of units; more tables or directions and nobody could say what their differences tell."""
NOT_STATED: Final = "not_stated"
UNIT_LABEL: Final = Words("Unit", "Unité")

Source = Literal["event", "category", "incident_kind", "exposure", "staff_group", "kind", "programme"]
SOURCES: Final[tuple[Source, ...]] = get_args(Source)


@dataclass(frozen=True, slots=True)
class DimensionDeclared:
    """One direction of tables, read from a field of the facts.

    The source "event" is the kind of fact with its category, "offer_answered:accepted", or the kind alone where there
    is none. `part` takes one part of a category that is divided by colons, counted from 1; 0 takes the whole.
    `values` fixes the words and their order; without them those that occur are taken, in the order of their names. A
    word that is not among fixed values counts as not stated. Small values are merged into "other" only where `merge`
    says so.
    """

    name: str
    label: Words
    source: Source
    part: int = 0
    values: Mapping[str, Words] = field(default_factory=lambda: MappingProxyType({}))
    merge: bool = False

    def code(self, count: Count) -> str:
        """The code of a row in this direction."""
        found: str | None = event(count) if self.source == "event" else getattr(count, self.source)
        if found is not None and self.part:
            parts = found.split(":")
            found = parts[self.part - 1] if len(parts) >= self.part else None
        if not found or (self.values and found not in self.values):
            return NOT_STATED
        return found


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted: facts of these kinds, less those that take facts back.

    A kind with its category ("case_closed:died") counts that category alone. `sensitive` means that a zero can tell of
    everybody ("nobody of this unit declined"), so zeros may be suppressed. With `behind_incidents` a figure needs the
    rule's number of incidents behind it. `within_headcount`: nobody is counted twice, so people bound it.
    """

    name: str
    label: Words
    kinds: frozenset[str]
    less: frozenset[str] = frozenset()
    sensitive: bool = True
    behind_incidents: bool = True
    within_headcount: bool = False

    def sign(self, count: Count) -> int:
        """1 for a fact of this measure, -1 for one that takes such a fact back, 0 for any other."""
        names = {count.kind, event(count)}
        return 1 if names & self.kinds else -1 if names & self.less else 0


@dataclass(frozen=True, slots=True)
class TableDeclared:
    """One table: a measure in at most two directions, by unit or for the whole organisation."""

    name: str
    measure: str
    title: Words
    definition: Words
    by_unit: bool
    dimensions: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Declaration:
    """All tables of a release, and the measures and directions that they use."""

    dimensions: Mapping[str, DimensionDeclared]
    measures: Mapping[str, Measure]
    tables: tuple[TableDeclared, ...]
    unit_label: Words = UNIT_LABEL

    def most_cells(self, units: int, words: Mapping[str, int] | None = None) -> dict[str, int]:
        """How many cells each table has before anything is merged; `words` counts values of open directions."""
        found = {}
        for table in self.tables:
            cells = units + 1 if table.by_unit else 1
            for name in table.dimensions:
                declared = self.dimensions[name]
                cells *= (len(declared.values) or (words or {}).get(name, 0)) + 1
            found[table.name] = cells
        return found


def event(count: Count) -> str:
    """The kind of fact with its category, or the kind alone."""
    return f"{count.kind}:{count.category}" if count.category else count.kind
