"""Plain little declarations and counts, for tests that count by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from trim.statistics.build import Asked, build_release
from trim.statistics.counts import Count, Unit
from trim.statistics.declaration import Declaration, DimensionDeclared, Measure, TableDeclared
from trim.statistics.model import Release, Rules, Words
from trim.statistics.periods import Period

W = Words("w", "w")
OPEN = Rules(incidents=1, least_headcount=0, most_hidden=100)
"""Rules by which no table is made coarser: what is small is suppressed where it stands."""


def declaration(*by: Sequence[str], sensitive: bool = False, within_headcount: bool = False) -> Declaration:
    """Tables t1, t2, ... of one measure, each by the directions named (unit, incident_kind, exposure, staff_group)."""
    names = {name for one in by for name in one if name != "unit"}
    return Declaration(
        {name: DimensionDeclared(name, W, name, merge=True) for name in sorted(names)},
        {"m": Measure("m", W, frozenset({"fact"}), sensitive=sensitive, within_headcount=within_headcount)},
        tuple(
            TableDeclared(f"t{at}", "m", W, W, "unit" in one, tuple(name for name in one if name != "unit"))
            for at, one in enumerate(by, 1)
        ),
    )


def row(persons: int, quarter: str = "2025-Q1", unit: str = "u", **more: str | None) -> Count:
    """So many people, each at an incident of their own."""
    return Count(quarter, "fact", unit, "trim", persons=persons, incidents=persons, **more)


def cube(values: Mapping[tuple[str, str], int], quarter: str = "2025-Q1") -> list[Count]:
    """Counts by unit and kind of incident."""
    return [row(n, quarter, unit, incident_kind=kind) for (unit, kind), n in values.items() if n]


def release(
    rows: Sequence[Count],
    tables: Declaration,
    first: str = "2025-Q1",
    last: str | None = None,
    *,
    units: Sequence[Unit] = (),
    rules: Rules = OPEN,
    earlier: Sequence[Release] = (),
    number: int = 1,
    corrects: int | None = None,
    closed_until: str = "2099-Q4",
    time_limit: float = 60.0,
    programmes: tuple[str, ...] = ("trim",),
) -> Release:
    """Build a release of these counts, of the very period asked for."""
    asked = Asked(number, Period(first, last or first), programmes, closed_until, corrects)
    return build_release(
        iter(rows), tables, units, rules, earlier, lambda *_: None, time_limit, asked=asked,
        words=MappingProxyType({}),
    )  # fmt: skip


def shown(made: Release, table: str = "t1") -> dict[tuple[str, ...], int | None]:
    """The cells of a table, None where suppressed."""
    return {cell.key: cell.value for cell in made.table(table).cells}
