"""Releases that are asked for and made, as the programme lead and the worker do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.support.organisation import SETUP, Organisation
from trim.jobs.make_releases import make_waiting
from trim.store import facts, release_requests
from trim.store.tables import ReleaseRequest
from trim.usecases.statistics.ask_release import ask_for_correction, ask_for_release


def asks(made: Organisation, first: str = "2025-Q1", last: str = "", who: str = "Lee") -> str:
    """Somebody asks for a release; gives the row's id."""
    with made.backend.writing() as uow:
        return ask_for_release(uow, made.actor(who), now=made.now, first=first, last=last or first)


def asks_again(made: Organisation, number: int, cause: str = "late_facts") -> str:
    """Lee asks for a correction of a release."""
    with made.backend.writing() as uow:
        return ask_for_correction(uow, made.actor("Lee"), now=made.now, number=number, cause=cause)


def something_to_ask(made: Organisation) -> str:
    """Something that came late for the published first quarter of 2025, a second quarter that is asked for; its id."""
    fact = {"kind": "incident", "unit_id": made.units["North"].id, "programme": "trim", "category": "commander"}
    blank = dict.fromkeys(("incident_kind", "exposure", "staff_group", "handle"))
    rows = [
        {**fact, **blank, "quarter": quarter, "state": state, "mark": 1, "weight": 1}
        for quarter, state in (("2025-Q1", "late"), ("2025-Q2", "open"))
    ]
    with made.backend.writing() as uow:
        facts.add_all(uow.session, rows)
        uow.record(SETUP, made.now, "statistics.facts_moved", chain="organisation", subject="statistics")
    return asks(made, "2025-Q2")


def of_every_state(made: Organisation) -> None:
    """One that is being made, one that was interrupted, one that was published and one that was not."""
    making = {
        "state": "making",
        "stage": "attacking",
        "stage_done": 30,
        "stage_of": 120,
        "turn": 2,
        "claimed_by": "one",
    }
    about = {"wait_for": ["2025-Q3", "2025-Q4"], "tables": ["incidents"], "en": ["Incidents"], "fr": ["Événements"]}
    rows: list[tuple[str, dict[str, Any]]] = [
        ("2025-Q3", {**making, "claimed_until": made.now + timedelta(minutes=9)}),
        ("2025-Q4", {**making, "claimed_until": made.now}),
        ("2024-Q4", {"state": "published", "release_number": 1, "ended_at": made.now}),
        ("2024-Q3", {"state": "refused", "refused_because": "too_small", "refused_about": about}),
    ]
    with made.backend.writing() as uow:
        for quarter, values in rows:
            uow.session.add(
                ReleaseRequest(
                    id=uow.new_id(),
                    period_from=quarter,
                    period_to=quarter,
                    asked_at=made.now,
                    asked_by=made.accounts["Lee"].id,
                    **values,
                )
            )
        uow.record(SETUP, made.now, "statistics.release_asked", chain="organisation", subject="statistics")


def works(made: Organisation, worker: str = "one", stopping: Callable[[], bool] = lambda: False) -> list[str]:
    """The worker makes what waits; gives the state in which each request was left."""
    return make_waiting(made.backend, worker=worker, clock=lambda: made.now, instance=made.folder, stopping=stopping)


def the_request(made: Organisation, request_id: str) -> ReleaseRequest:
    """A request as it stands."""
    with made.backend.reading() as uow:
        return release_requests.load(uow.session, request_id)


def stands(made: Organisation, request_id: str, *names: str) -> tuple[Any, ...]:
    """Some columns of a request as it stands."""
    row = the_request(made, request_id)
    return tuple(getattr(row, one) for one in names)
