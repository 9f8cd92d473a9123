"""Patterns of access, counted by the database from the trail: who, on which day, how often; never what was in a case.

Every question bounds the time it looks at and is answered from the index of words and instants, so that it does not
grow with the age of the trail.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Select, and_, exists, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from trim.domain.watch import Window
from trim.store.columns import UtcInstant
from trim.store.tables import RoleGrant, SupportCase, TrailEntry, Unit

#: Where a page goes on: the day, the account and, where single cases are shown, the chain of the last row.
Key = tuple[date, str, str]
#: Opening a case, on whichever of its pages.
OPENED = "case.read"


@dataclass(frozen=True, slots=True)
class Found:
    """One account on one day: how often, and when last; `chain` where the row is about a single case."""

    day: date
    account_id: str
    times: int
    last_at: datetime
    chain: str = ""


def frequent(
    session: Session,
    windows: Sequence[Window],
    *,
    words: Collection[str],
    least: int,
    different_cases: bool,
) -> Rows:
    """Accounts with at least so many entries of these words within one window; or on so many different chains."""
    when = windows_table(windows)
    times = func.count(func.distinct(col(TrailEntry.chain))) if different_cases else func.count()
    query = (
        select(
            when.c.n,
            col(TrailEntry.actor_id).label("account_id"),
            literal("").label("chain"),
            times.label("times"),
            func.max(col(TrailEntry.at), type_=UtcInstant()).label("last_at"),
        )
        .select_from(when)
        .join(TrailEntry, within(when, windows, words) & _by_a_person())
        .group_by(when.c.n, col(TrailEntry.actor_id))
        .having(times >= least)
    )
    return Rows(session, windows, query)


def outside_units(session: Session, windows: Sequence[Window]) -> Rows:
    """Cases opened by accounts that then held no role over the case's unit, and do not support it now.

    The roles are those at the last opening of the day.
    """
    opened = _opened(windows)
    above = _units_above()
    role_then = exists().where(
        col(RoleGrant.account_id) == opened.c.account_id,
        col(RoleGrant.programme) == col(SupportCase.programme),
        col(RoleGrant.from_at) <= opened.c.last_at,
        or_(col(RoleGrant.until_at).is_(None), col(RoleGrant.until_at) > opened.c.last_at),
        col(RoleGrant.confirmed_at) <= opened.c.last_at,
        above.c.unit_id == col(SupportCase.unit_id),
        above.c.above_id == col(RoleGrant.unit_id),
    )
    supports = [
        func.coalesce(column, "") != opened.c.account_id
        for column in (col(SupportCase.practitioner_id), col(SupportCase.proposed_practitioner_id))
    ]
    query = (
        select(opened)
        .join(SupportCase, col(SupportCase.id) == func.substr(opened.c.chain, len("case:") + 1))
        .where(*supports, ~role_then)
    )
    return Rows(session, windows, query)


def after_support(
    session: Session, windows: Sequence[Window], *, taken_on: Collection[str], ended: Collection[str]
) -> Rows:
    """Cases opened by whoever supported the person before: since then somebody else took over, or the case ended.

    `taken_on` are the words by which a practitioner takes a case on, `ended` those by which a case ends.
    """
    opened = _opened(windows)
    mine, over = aliased(TrailEntry), aliased(TrailEntry)
    # When they last took it on before that reading: reopened and theirs again is theirs.
    taken = (
        select(func.max(col(mine.number)))
        .where(
            col(mine.chain) == opened.c.chain,
            col(mine.actor_id) == opened.c.account_id,
            col(mine.what).in_(list(taken_on)),
            col(mine.number) < opened.c.last_number,
        )
        .correlate(opened)
        .scalar_subquery()
    )
    theirs = select(opened, taken.label("taken_number")).cte("theirs")
    is_over = exists().where(
        col(over.chain) == theirs.c.chain,
        col(over.number) > theirs.c.taken_number,
        col(over.number) < theirs.c.last_number,
        or_(
            and_(col(over.what).in_(list(taken_on)), col(over.actor_id) != theirs.c.account_id),
            col(over.what).in_(list(ended)),
        ),
    )
    return Rows(session, windows, select(theirs).where(theirs.c.taken_number.is_not(None), is_over))


@dataclass(frozen=True)
class Rows:
    """What a question found, to be counted or read page by page; the newest day first."""

    session: Session
    windows: Sequence[Window]
    query: Select[Any]

    def count(self) -> int:
        """How many rows there are."""
        return self.session.scalar(select(func.count()).select_from(self.query.subquery())) or 0

    def page(self, after: Key | None, limit: int) -> list[Found]:
        """The rows that follow a key."""
        found = self.query.subquery()
        place = (found.c.n, found.c.account_id, found.c.chain)
        query = select(*place, found.c.times, found.c.last_at).order_by(*place).limit(limit)
        if after is not None:
            number = next((n for n, window in enumerate(self.windows) if window.day <= after[0]), len(self.windows))
            query = query.where(tuple_(*place) > (number, after[1], after[2]))
        days = [window.day for window in self.windows]
        return [
            Found(days[n], account, times, at, chain) for n, account, chain, times, at in self.session.execute(query)
        ]


def _opened(windows: Sequence[Window]) -> CTE:
    """Each case that each account opened in each window, with its last entry there."""
    when = windows_table(windows)
    return (
        select(
            when.c.n,
            col(TrailEntry.actor_id).label("account_id"),
            col(TrailEntry.chain).label("chain"),
            func.count().label("times"),
            func.max(col(TrailEntry.at), type_=UtcInstant()).label("last_at"),
            func.max(col(TrailEntry.number)).label("last_number"),
        )
        .select_from(when)
        .join(TrailEntry, within(when, windows, [OPENED]) & _by_a_person())
        .group_by(when.c.n, col(TrailEntry.actor_id), col(TrailEntry.chain))
        .cte("opened")
    )


def within(when: CTE, windows: Sequence[Window], words: Collection[str]) -> ColumnElement[bool]:
    """Entries of these words within their window.

    The whole stretch is named as well: from the windows alone PostgreSQL cannot tell how little of the trail it is.
    """
    return and_(
        col(TrailEntry.what).in_(list(words)),
        col(TrailEntry.at) >= min(window.from_at for window in windows),
        col(TrailEntry.at) < max(window.until_at for window in windows),
        col(TrailEntry.at) >= when.c.from_at,
        col(TrailEntry.at) < when.c.until_at,
    )


def _by_a_person() -> ColumnElement[bool]:
    # The system opens nothing out of curiosity.
    return ~col(TrailEntry.actor_id).like("system:%")


def windows_table(windows: Sequence[Window]) -> CTE:
    """The windows as rows: days of a zone differ in length, so the database is told where each begins and ends."""
    return union_all(
        *(
            select(
                literal(number, Integer()).label("n"),
                literal(window.from_at, UtcInstant()).label("from_at"),
                literal(window.until_at, UtcInstant()).label("until_at"),
            )
            for number, window in enumerate(windows)
        )
    ).cte("windows")


def _units_above() -> CTE:
    """Each unit beside itself and every unit above it."""
    itself = select(col(Unit.id).label("unit_id"), col(Unit.id).label("above_id")).cte("units_above", recursive=True)
    return itself.union_all(
        select(itself.c.unit_id, col(Unit.parent_id)).where(
            col(Unit.id) == itself.c.above_id, col(Unit.parent_id).is_not(None)
        )
    )
