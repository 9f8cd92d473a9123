"""Bring in how many people each unit has: what rates are reckoned from, and a bound that anybody may know."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.errors import Forbidden, TrimError
from trim.store import facts
from trim.store.tables import Headcount, Unit
from trim.usecases.unit_of_work import UnitOfWork

COLUMNS = ("unit", "quarter", "people")
_QUARTER = re.compile(r"\d{4}-Q[1-4]")
#: More people than this in one unit is a slip of the finger.
MOST = 1_000_000


class BadHeadcounts(TrimError):
    """The file cannot be used; the message names each line with its fault, and nothing was changed."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many head-counts were new or other than before, and how many stood already."""

    changed: int
    same: int


def import_headcounts(uow: UnitOfWork, actor: Actor, *, now: datetime, path: Path) -> Imported:
    """Read unit, quarter (from which it holds) and people. Raises Forbidden, BadHeadcounts.

    A quarter that is published keeps the head-counts it was published with: a later number there is refused.
    """
    if not actor.is_system:
        raise Forbidden
    rows = _rows(path)
    units = {one.name: one.id for one in uow.session.scalars(select(Unit))}
    published = facts.published_quarters(uow.session)
    problems = [*_problems(rows, set(units), _frozen(uow, published))]
    if problems:
        raise BadHeadcounts("Nothing was changed. " + " ".join(problems[:20]))
    changed = same = 0
    for _line, name, quarter, people in rows:
        query = select(Headcount).where(col(Headcount.unit_id) == units[name], col(Headcount.quarter) == quarter)
        row = uow.session.scalar(query)
        if row is not None and row.people == int(people):
            same += 1
            continue
        changed += 1
        if row is None:
            row = Headcount(id=uow.new_id(), unit_id=units[name], quarter=quarter, people=int(people))
        row.people = int(people)
        uow.session.add(row)
        uow.session.flush()
    uow.record(
        actor,
        now,
        "statistics.headcounts",
        chain=trail.ORGANISATION,
        subject="statistics",
        codes={"changed": changed, "same": same},
    )
    return Imported(changed, same)


def _rows(path: Path) -> list[tuple[int, str, str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadHeadcounts(f"{path.name} cannot be read as UTF-8 text: {type(error).__name__}.") from error
    reader = csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.split("\n", 1)[0] else ",")
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise BadHeadcounts(
            f"{path.name} has no column {', '.join(missing)}. Its first line names unit, quarter, people."
        )
    return [
        (at, *((row[name] or "").strip() for name in COLUMNS))  # type: ignore[misc]
        for at, row in enumerate(reader, 2)
    ]


def _frozen(uow: UnitOfWork, published: frozenset[str]) -> dict[str, dict[str, int]]:
    """What each published quarter keeps: by its name, people by the name of the unit."""
    found: dict[str, dict[str, int]] = {one: {} for one in published}
    query = select(Headcount, col(Unit.name)).join(Unit, col(Unit.id) == col(Headcount.unit_id))
    for row, name in uow.session.execute(query.where(col(Headcount.quarter).in_(sorted(published)))):
        found[row.quarter][name] = row.people
    return found


def _problems(
    rows: Iterable[tuple[int, str, str, str]], units: set[str], frozen: Mapping[str, Mapping[str, int]]
) -> Iterable[str]:
    seen: set[tuple[str, str]] = set()
    for line, unit, quarter, people in rows:
        if unit not in units:
            yield f"Line {line}: there is no unit “{unit}”."
        if not _QUARTER.fullmatch(quarter):
            yield f"Line {line}: “{quarter}” is not a quarter such as 2025-Q1."
        elif quarter in frozen and str(frozen[quarter].get(unit)) != people:
            # What stands there already may be in the file: a list of staff grows by a quarter each time.
            yield f"Line {line}: {quarter} is published and keeps its head-counts."
        if not people.isdecimal() or int(people) > MOST:
            yield f"Line {line}: “{people}” is not a number of people."
        if (unit, quarter) in seen:
            yield f"Line {line}: “{unit}” has a number for {quarter} already."
        seen.add((unit, quarter))
