"""Releases that are asked for and made, as the programme lead and the worker do it."""

from __future__ import annotations

from collections.abc import Callable
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
