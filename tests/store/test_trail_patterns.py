"""The auditor's questions over a long trail, of 100,000 entries at large: answered from the index on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, insert, text

from tests.support.databases import DatabaseUrls
from tests.support.organisation import MONDAY
from trim.domain.watch import Pattern, Span, Watch, Window
from trim.store import trail_patterns, trail_refusals
from trim.store.database import Database
from trim.store.tables import TrailEntry

#: The trail reaches back a hundred days, of which the auditor looks at thirty.
REACHES_BACK = 100
SPAN = Span(date(2026, 3, 1))
NIGHTS = Watch().windows(Pattern.AT_NIGHT, SPAN, ZoneInfo("Europe/London"))
DAYS = Watch().windows(Pattern.MANY_CASES, SPAN, ZoneInfo("Europe/London"))


def entry(number: int, entries: int) -> dict[str, Any]:
    """Ten kinds of entries in turn, by fifty accounts on two thousand cases, evenly over the days."""
    what = ("case.read", "case.read", "people.searched", "access.refused", "case.accept_allocation")[number % 5]
    if number % 10 > 4:
        what = f"case.log_{number % 10}"
    at = MONDAY - timedelta(days=number * REACHES_BACK / entries)
    return {
        "chain": f"case:{number * 7919 % 2_000:032x}",
        "number": entries - number,
        "text": '{"subject":"page:room"}',
        "hash": "",
        "at": at,
        "actor_id": f"{number * 31 % 50:032x}",
        "what": what,
    }


@pytest.fixture(params=[20_000, pytest.param(100_000, marks=pytest.mark.large)])
def long_trail(database_urls: DatabaseUrls, request: pytest.FixtureRequest) -> Iterator[Database]:
    database = Database(database_urls.url)
    with database.engine.begin() as connection:
        for first in range(0, request.param, 10_000):
            rows = [entry(number, request.param) for number in range(first, first + 10_000)]
            connection.execute(insert(TrailEntry), rows)
    owner = Database(database_urls.owner_url)
    with owner.engine.begin() as connection:
        connection.execute(text("ANALYZE trail_entry"))
    owner.close()
    yield database
    database.close()


def questions() -> dict[str, Callable[[Any], Any]]:
    """Every question of the auditor's pages."""

    def frequent(windows: list[Window], words: list[str], least: int, different: bool) -> Callable[[Any], Any]:
        return lambda session: trail_patterns.frequent(
            session, windows, words=words, least=least, different_cases=different
        ).page(None, 51)

    return {
        "many cases": frequent(DAYS, ["case.read"], 2, True),
        "at night": frequent(NIGHTS, ["case.read"], 1, True),
        "refusals counted": frequent(DAYS, ["access.refused"], 1, False),
        "outside units": lambda session: trail_patterns.outside_units(session, DAYS).count(),
        "after support": lambda session: trail_patterns.after_support(
            session, DAYS, taken_on=["case.accept_allocation"], ended=["case.log_5"]
        ).page(None, 51),
        "refusals": lambda session: trail_refusals.refusals(
            session, DAYS, words=["access.refused"], after=None, limit=51
        ),
    }


def test_each_question_is_answered_from_the_index_of_words_and_instants(long_trail: Database) -> None:
    sent: list[tuple[str, Any]] = []
    event.listen(
        long_trail.engine, "before_cursor_execute", lambda _c, _k, said, values, *_: sent.append((said, values))
    )
    for name, ask in questions().items():
        sent.clear()
        with long_trail.reading() as session:
            ask(session)
        statement, values = next(one for one in sent if "trail_entry" in one[0])
        with long_trail.engine.connect() as connection:
            explain = "EXPLAIN QUERY PLAN " if long_trail.is_sqlite else "EXPLAIN "
            plan = "\n".join(str(tuple(row)) for row in connection.exec_driver_sql(explain + statement, values))
        assert "ix_trail_entry_what" in plan, f"{name}:\n{plan}"
        assert "Seq Scan on trail_entry" not in plan, f"{name}:\n{plan}"
        assert "SCAN trail_entry" not in plan, f"{name}:\n{plan}"
