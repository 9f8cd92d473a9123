"""Refused attempts, grouped by the database: one row for whoever was refused the same thing on the same day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import cast, func, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session, col

from trim.domain.watch import Window
from trim.store.columns import UtcInstant
from trim.store.tables import TrailEntry
from trim.store.trail_patterns import windows_table, within

#: Where a page goes on: day, chain, word and subject of the last group.
Key = tuple[date, str, str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """What was refused how often; `chain` is that of the account it was refused to."""

    day: date
    chain: str
    what: str
    subject: str
    times: int
    last_at: datetime


def refusals(
    session: Session, windows: Sequence[Window], *, words: Collection[str], after: Key | None, limit: int
) -> list[Group]:
    """Groups of entries of these words, the newest day first."""
    when = windows_table(windows)
    subject = _subject(session)
    place = (when.c.n, col(TrailEntry.chain), col(TrailEntry.what), subject)
    query = (
        select(*place, func.count(), func.max(col(TrailEntry.at), type_=UtcInstant()))
        .select_from(when)
        .join(TrailEntry, within(when, windows, words))
        .group_by(*place)
        .order_by(*place)
        .limit(limit)
    )
    if after is not None:
        number = next((n for n, window in enumerate(windows) if window.day <= after[0]), len(windows))
        query = query.where(tuple_(*place) > (number, *after[1:]))
    days = [window.day for window in windows]
    return [
        Group(days[n], chain, what, about or "", times, at)
        for n, chain, what, about, times, at in session.execute(query)
    ]


def _subject(session: Session) -> Any:
    """What an entry is about stands in its text alone; each database has its own way into JSON."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(col(TrailEntry.text), JSONB)["subject"].astext
    return func.json_extract(col(TrailEntry.text), "$.subject")
