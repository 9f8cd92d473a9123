"""The input of a release: facts already grouped and counted, handed in one row after the other.

Whoever reads the facts groups them in the database and yields rows in any order; nothing here keeps a fact, so
memory grows with the number of different groups (the cube), never with the number of facts. One row:

- `quarter`: "2025-Q1". For a release of a year give rows of its four quarters. Rows outside the period are ignored,
  save that `trim.statistics.build` may be handed the whole year of a quarter, in case the quarter is too small.
  Facts of quarters that are published must be the very facts that were counted then: a difference is a correction.
- `kind`: kind of fact, as stored ("incident", "offer", "answer", "assessment", ...).
- `unit_id`: code of the unit as stored in the fact, not of its parent; every one of them is in the tree of units.
- `category`, `incident_kind`, `exposure`, `staff_group`: as stored, None where the fact has none. A category of
  several parts is divided by colons ("first:low"), and the declaration of tables takes its parts by number.
- `persons`: how many facts the row counts; facts that take others back count negative, so a row may be below zero,
  but no figure of a table may. Test, duplicate, disabled and erased records are left out before.
- `incidents`: from how many different incidents, at least, the facts of the row come; 0 where no incident belongs to
  them (StRaW) and the rule of three incidents cannot hold.
- `marks`: which incidents, as a set of bits, or 0 where that is not known. Rows of one incident can lie in several
  quarters and units, so numbers of incidents do not add up; sets do. Store with each fact a number 0 to 61, keyed
  from its incident (useless to find it: many incidents share one), and group with `SUM(DISTINCT 1 << mark)`, which is
  the union and works on both databases. The number of bits is at most the number of incidents, so the rule errs on
  the safe side. Without marks a cell counts the largest `incidents` of its rows, which hides far more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MARKS: Final = 62
"""Bits of a set of marks: a union of all of them still fits a signed 64-bit integer."""


@dataclass(frozen=True, slots=True)
class Count:
    """Facts that are alike in everything that a release can show."""

    quarter: str
    kind: str
    unit_id: str
    programme: str
    category: str | None = None
    incident_kind: str | None = None
    exposure: str | None = None
    staff_group: str | None = None
    persons: int = 1
    incidents: int = 1
    marks: int = 0


Counts = Iterator[Count]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it is now or was in the period: `parent` None at the top. Retired units stay while facts name them.

    `headcount` counts the people of the unit itself without those of units below it; None where not imported.
    """

    code: str
    name: str
    parent: str | None = None
    headcount: int | None = None
