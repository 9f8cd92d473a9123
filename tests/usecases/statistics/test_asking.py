"""Who asks for a release, for which period, and what stands in the trail of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from tests.support.asking import asks, asks_again, stands
from tests.support.organisation import SETUP, Organisation
from tests.support.trail import lines
from tests.usecases.statistics.test_releasing import fact, fill
from trim.domain.access import Role
from trim.domain.errors import Forbidden, InvalidInput
from trim.statistics.periods import Period
from trim.store import facts, release_requests
from trim.store.tables import Release
from trim.usecases.statistics.ask_release import (
    ASKED_ALREADY,
    BEGUN,
    NO_CAUSE,
    NO_PERIOD,
    NO_RELEASE,
    look_at_requests,
    periods_to_ask,
    releases_to_correct,
    take_back,
)
from trim.usecases.statistics.make_asked import take_up

pytestmark = pytest.mark.large_on_postgresql


@pytest.fixture
def filled(organisation: Organisation) -> Organisation:
    fill(organisation, "2025-Q1", "2025-Q2")
    return organisation


def offered(made: Organisation) -> list[str]:
    with made.backend.reading() as uow:
        return [f"{one.first}:{one.last}" for one in periods_to_ask(uow, now=made.now)]


def late(made: Organisation) -> None:
    """Something of a published quarter was recorded after its release."""
    with made.backend.writing() as uow:
        facts.add_all(uow.session, [fact(made, "incident", "2025-Q1", one, state="late") for one in range(15)])
        uow.record(SETUP, made.now, "statistics.facts_moved", chain="organisation", subject="statistics")


def published_as(number: int, quarter: str, made: Organisation) -> dict[str, Any]:
    """The row of a release whose figures nobody looks at."""
    period = {"period_from": quarter, "period_to": quarter, "released_at": made.now, "released_by": "system:statistics"}
    return {"id": f"{number:032x}", "number": number, **period, "body": "{}", "body_digest": "0", "report": "{}"}


def words(made: Organisation) -> list[str]:
    with made.backend.reading() as uow:
        return [one["what"] for one in lines(uow.session, "organisation")]


def test_a_lead_asks_with_a_line_in_the_trail_and_nothing_is_reckoned(filled: Organisation) -> None:
    request_id = asks(filled)
    assert stands(filled, request_id, "state", "period_from", "period_to", "attempts") == (
        "asked",
        "2025-Q1",
        "2025-Q1",
        0,
    )
    with filled.backend.reading() as uow:
        line = lines(uow.session, "organisation")[-1]
        page = look_at_requests(uow, filled.actor("Lee"), now=filled.now)
    assert line["what"] == "statistics.release_asked"
    assert line["codes"] == {"request": request_id, "from": "2025-Q1", "to": "2025-Q1"}
    assert [(one.asked_by, one.state, one.may_take_back) for one in page.requests] == [("Lee", "asked", True)]


@pytest.mark.care(33)
def test_nobody_else_asks_least_of_all_whoever_reads_figures(filled: Organisation) -> None:
    """A lead of one unit alone would choose for all of them; they see what was asked for."""
    filled.add_account("Half", Role.PROGRAMME_LEAD, unit="North")
    others = ("Hana", "Carol", "Adam", "Ada", "Pat", "Half")
    for who in others:
        with pytest.raises(Forbidden):
            asks(filled, who=who)
    request_id = asks(filled)
    for who in others:
        with pytest.raises(Forbidden), filled.backend.writing() as uow:
            take_back(uow, filled.actor(who), now=filled.now, request_id=request_id)
        if who != "Half":
            with pytest.raises(Forbidden), filled.backend.reading() as uow:
                look_at_requests(uow, filled.actor(who), now=filled.now)
    assert words(filled).count("statistics.release_asked") == 1


def test_periods_are_offered_that_are_over_and_neither_published_nor_asked_for(organisation: Organisation) -> None:
    made = organisation
    fill(made, "2026-Q1", "2026-Q2")
    made.now = datetime(2026, 9, 30, 22, 59, tzinfo=UTC)  # London: one minute before October
    assert offered(made) == ["2026-Q1:2026-Q2", "2026-Q2:2026-Q2", "2026-Q1:2026-Q1"]
    made.now = datetime(2026, 9, 30, 23, 0, tzinfo=UTC)
    assert offered(made) == ["2026-Q3:2026-Q3", "2026-Q1:2026-Q2", "2026-Q2:2026-Q2", "2026-Q1:2026-Q1"]
    asks(made, "2026-Q1")
    with made.backend.writing() as uow:
        first = release_requests.unfinished(uow.session)[0]
        first.state, first.release_number = "published", 1
        uow.session.add(Release(**published_as(1, "2026-Q1", made)))
        uow.record(SETUP, made.now, "statistics.released", chain="organisation", subject="statistics")
    asks(made, "2026-Q2")
    assert offered(made) == ["2026-Q3:2026-Q3", "2026-Q1:2026-Q2"]


def test_before_anything_was_told_there_is_nothing_to_ask_for(organisation: Organisation) -> None:
    assert offered(organisation) == []
    with pytest.raises(InvalidInput) as refused:
        asks(organisation)
    assert refused.value.problems == {"period": NO_PERIOD}


@pytest.mark.parametrize(("first", "last"), [("2026-Q1", "2026-Q1"), ("2025-Q2", "2025-Q3"), ("x", "y")])
def test_what_is_not_over_or_no_period_is_refused(filled: Organisation, first: str, last: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        asks(filled, first, last)
    assert refused.value.problems == {"period": NO_PERIOD}


def test_a_period_is_asked_for_once_until_it_is_taken_back(filled: Organisation) -> None:
    request_id = asks(filled)
    with pytest.raises(InvalidInput) as refused:
        asks(filled)
    assert refused.value.problems == {"period": ASKED_ALREADY}
    with filled.backend.writing() as uow:
        take_back(uow, filled.actor("Lee"), now=filled.now, request_id=request_id)
    assert stands(filled, request_id, "state", "ended_at") == ("taken_back", filled.now)
    assert words(filled)[-1] == "statistics.request_taken_back"
    asks(filled)


def test_what_has_begun_is_not_taken_back(filled: Organisation) -> None:
    request_id = asks(filled)
    assert take_up(filled.backend, worker="one", now=filled.now) is not None
    with pytest.raises(InvalidInput) as refused, filled.backend.writing() as uow:
        take_back(uow, filled.actor("Lee"), now=filled.now, request_id=request_id)
    assert refused.value.problems == {"request": BEGUN}


def test_a_correction_is_asked_for_where_something_came_late(filled: Organisation) -> None:
    with filled.backend.writing() as uow:
        uow.session.add(Release(**published_as(1, "2025-Q1", filled)))
        uow.record(SETUP, filled.now, "statistics.released", chain="organisation", subject="statistics")
    with pytest.raises(InvalidInput) as refused:
        asks_again(filled, 1)
    assert refused.value.problems == {"release": NO_RELEASE}
    late(filled)
    with pytest.raises(InvalidInput) as refused:
        asks_again(filled, 1, cause="because")
    assert refused.value.problems == {"cause": NO_CAUSE}
    with filled.backend.reading() as uow:
        assert [one.number for one in releases_to_correct(uow)] == [1]
    request_id = asks_again(filled, 1)
    assert stands(filled, request_id, "corrects", "cause") == (1, "late_facts")
    with pytest.raises(InvalidInput) as refused:
        asks_again(filled, 1)
    assert refused.value.problems == {"release": ASKED_ALREADY}


def test_only_what_lies_five_years_back_is_offered(organisation: Organisation) -> None:
    fill(organisation, "2015-Q1")
    found = offered(organisation)
    assert found[-1] == "2021-Q1:2021-Q1"
    assert Period("2021-Q1", "2021-Q4") in [Period(*one.split(":")) for one in found]


# PostgreSQL reads a small table whole, whatever indexes it has.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_what_came_late_is_found_without_looking_at_every_fact(organisation: Organisation) -> None:
    """An organisation can have a million facts; a page asks for the few that came late."""
    with organisation.backend.reading() as uow:
        plans: list[str] = []

        def explained(_connection: Any, cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
            if statement.startswith("SELECT"):
                plans.extend(row[3] for row in cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

        event.listen(organisation.backend.database.engine, "after_cursor_execute", explained)
        facts.quarters_late(uow.session)
        facts.count_late(uow.session, ["2025-Q1"])
        facts.first_quarter(uow.session)
        event.remove(organisation.backend.database.engine, "after_cursor_execute", explained)
    assert len(plans) == 3
    assert all("INDEX ix_fact" in one for one in plans), plans
