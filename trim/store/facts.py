"""Statistical facts: sealed as they come, mixed before they can be read, leading back to nobody (law 10)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, literal_column, select, text, update
from sqlmodel import Session, col

from trim.domain.calendar import start_of_day
from trim.store.tables import Fact, FactIntake, Release

#: How many values one question may name.
AT_ONCE = 500
#: Any number: whoever moves facts on or freezes figures of them has it until the transaction ends.
_MOVING = 7_205_411_905
#: The columns that say what a fact is; the others say what becomes of it.
SAYING = ("kind", "quarter", "unit_id", "programme", "incident_kind", "exposure", "staff_group", "category", "mark")


@dataclass(frozen=True, slots=True)
class Draft:
    """What one fact says. `quarter` as 2026-Q4; `mark` a power of two up to 32768, 0 where nothing stands behind it."""

    kind: str
    quarter: str
    unit_id: str
    programme: str
    category: str | None = None
    incident_kind: str | None = None
    exposure: str | None = None
    staff_group: str | None = None
    mark: int = 0


Seal = Callable[[str, Any], bytes]

#: Written out, not bound: only so a database knows that the index of such facts answers it.
_IS_LATE = col(Fact.state) == literal_column("'late'")


def put(session: Session, handle: str, draft: Draft | None, *, seal: Seal, fresh: bool = False) -> None:
    """Let a fact come in, in the place of an earlier one of that handle; None takes the earlier one back.

    `fresh`: the handle cannot have come in before, so nothing is looked for.
    """
    if not fresh:
        session.flush()
        session.execute(delete(FactIntake).where(col(FactIntake.handle) == handle), execution_options=_QUIET)
    row_id = secrets.token_hex(16)
    content = None if draft is None else asdict(draft)
    session.add(FactIntake(id=row_id, handle=handle, sealed=seal(row_id, content)))


def waiting(session: Session, limit: int) -> list[FactIntake]:
    """Facts that came in, a random choice of them: their ids are random."""
    return list(session.scalars(select(FactIntake).order_by(col(FactIntake.id)).limit(limit)))


def count_waiting(session: Session) -> int:
    """How many came in and were not moved on."""
    return session.scalar(select(func.count()).select_from(FactIntake)) or 0


def taken_out(session: Session, ids: Collection[str]) -> None:
    """Delete rows of the intake."""
    for part in _parts(ids):
        session.execute(delete(FactIntake).where(col(FactIntake.id).in_(part)), execution_options=_QUIET)


def by_handle(session: Session, handles: Collection[str]) -> dict[str, list[Fact]]:
    """The facts of these handles: one, or a counted one with what a correction will add to it."""
    found: dict[str, list[Fact]] = {}
    for part in _parts(handles):
        for row in session.scalars(select(Fact).where(col(Fact.handle).in_(part))):
            found.setdefault(str(row.handle), []).append(row)
    return found


def add_all(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write facts in the order given; each gets a new random key."""
    for start in range(0, len(rows), AT_ONCE):
        part = [{"id": secrets.token_hex(16), **row} for row in rows[start : start + AT_ONCE]]
        session.execute(insert(Fact), part)


def delete_all(session: Session, ids: Collection[str]) -> None:
    """Delete facts by their random key."""
    for part in _parts(ids):
        session.execute(delete(Fact).where(col(Fact.id).in_(part)), execution_options=_QUIET)


def mix(session: Session, quarters: Collection[str]) -> None:
    """Write the facts of unpublished quarters anew in random order, so that their place in the file tells nothing.

    Only PostgreSQL needs it: on SQLite the table lies in the order of its random key.
    """
    if session.get_bind().dialect.name == "sqlite" or not quarters:
        return
    session.flush()
    columns = ", ".join(column.name for column in Fact.__table__.columns)  # type: ignore[attr-defined]
    session.execute(
        text(
            "WITH gone AS (DELETE FROM fact WHERE quarter = ANY(:quarters) AND state = 'open' RETURNING *) "  # noqa: S608
            f"INSERT INTO fact ({columns}) SELECT {columns} FROM gone ORDER BY random()"
        ),
        {"quarters": sorted(quarters)},
    )
    session.expire_all()


def published_quarters(session: Session) -> frozenset[str]:
    """Quarters that some release covers: their facts stay as they were counted until a correction."""
    rows = session.execute(select(Release.period_from, Release.period_to).distinct())  # type: ignore[call-overload]
    return frozenset(quarter for first, last in rows for quarter in quarters_between(first, last))


def quarters_between(first: str, last: str) -> tuple[str, ...]:
    """The quarters from a first to a last one, as 2025-Q1 and 2025-Q2."""
    start, end = (int(one[:4]) * 4 + int(one[-1]) - 1 for one in (first, last))
    return tuple(f"{at // 4}-Q{at % 4 + 1}" for at in range(start, end + 1))


def known(session: Session, handles: Collection[str]) -> set[str]:
    """Those of the handles under which something came in or was kept."""
    found: set[str] = set()
    for part in _parts(handles):
        found |= set(session.scalars(select(FactIntake.handle).where(col(FactIntake.handle).in_(part))))  # type: ignore[call-overload]
        found |= set(session.scalars(select(Fact.handle).where(col(Fact.handle).in_(part))))  # type: ignore[call-overload]
    return found


def first_day(quarter: str, zone: ZoneInfo) -> datetime:
    """The first instant of a quarter in the organisation's zone, as UTC."""
    return start_of_day(date(int(quarter[:4]), int(quarter[-1]) * 3 - 2, 1), zone)


def hold(session: Session) -> None:
    """Wait until nobody else moves facts or freezes figures, and keep others from it until this transaction ends.

    To be called before anything is read that must still be so at the end. On SQLite one transaction writes at a time.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_MOVING)))


def count_open(session: Session, quarters: Collection[str], *, late: bool) -> None:
    """Note that the facts of these quarters were counted; with `late` those too that waited for a correction."""
    states = ["open", "late"] if late else ["open"]
    query = update(Fact).where(col(Fact.quarter).in_(sorted(quarters)), col(Fact.state).in_(states))
    session.execute(query.values(state="counted"), execution_options=_QUIET)


def count_late(session: Session, quarters: Collection[str]) -> int:
    """How many facts of these quarters wait for a correction."""
    query = select(func.count()).where(col(Fact.quarter).in_(sorted(quarters)), _IS_LATE)
    return session.scalar(query) or 0


def quarters_late(session: Session) -> frozenset[str]:
    """Published quarters of which some fact came late: a correction would say something else than what stands."""
    query = select(col(Fact.quarter)).where(_IS_LATE).distinct()
    return frozenset(session.scalars(query))


def first_quarter(session: Session) -> str | None:
    """The oldest quarter of which anything was told; None where nothing was."""
    found: str | None = session.scalar(select(func.min(Fact.quarter)))
    return found


def forget(session: Session, handles: Collection[str]) -> None:
    """Take away the facts of something erased; what a release has counted stays and leads nowhere from now on."""
    for part in _parts(handles):
        session.execute(delete(FactIntake).where(col(FactIntake.handle).in_(part)), execution_options=_QUIET)
        mine = col(Fact.handle).in_(part)
        session.execute(delete(Fact).where(mine, col(Fact.state) != "counted"), execution_options=_QUIET)
        session.execute(update(Fact).where(mine).values(handle=None), execution_options=_QUIET)


def forget_open(session: Session, kinds: Collection[str]) -> int:
    """Take away every fact of these kinds that no release has counted, before they are told anew; gives how many."""
    mine = (col(Fact.state) == "open", col(Fact.kind).in_(sorted(kinds)))
    found = session.scalar(select(func.count()).select_from(Fact).where(*mine)) or 0
    session.execute(delete(Fact).where(*mine), execution_options=_QUIET)
    return found


_QUIET: dict[str, Any] = {"synchronize_session": False}


def _parts(values: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
