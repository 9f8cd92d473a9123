"""Workers on several machines: each tick once across them, truth in our own rows, the engine's schema of no account."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select
from sqlmodel import col

from tests.support.children import in_child, status_of
from tests.support.eventually import eventually
from tests.support.kits import settings_of
from tests.support.organisation import Organisation
from tests.support.sweeping import stages, step_of, told
from trim.jobs import distributed
from trim.jobs.tasks import Kit
from trim.store.database import make_engine
from trim.store.tables import Job, Worker, metadata
from trim.usecases.unit_of_work import Backend

SWEPT = ("trim.sweep", "succeeded")
pytestmark = [pytest.mark.postgresql, pytest.mark.large]


@pytest.fixture
def database_kind() -> str:
    """The job engine needs PostgreSQL."""
    return "postgresql"


@dataclass
class Workers:
    """Processes that work; `statuses` is how each ended, once they were told to stop."""

    children: list[int]
    statuses: list[int] = field(default_factory=list)


@contextmanager
def workers(made: Organisation, number: int) -> Iterator[Workers]:
    """So many worker processes at a clock that stands still; told to stop in order at the end."""
    running = Workers([in_child(made, _works) for _ in range(number)])
    try:
        yield running
    finally:
        for child in running.children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM)
        running.statuses += [status_of(child) for child in running.children]


def _works(own: Organisation) -> None:
    log = os.open(Path(str(own.folder)) / "worker.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 2)
    try:
        distributed.run(own.backend, settings_of(own, tick_seconds=1), clock=lambda: own.now)
    except BaseException as problem:
        sys.stderr.write(repr(problem))
        raise


def runs_once(made: Organisation, backend: Backend) -> None:
    """One tick, in a thread of its own: where a test of a browser ran before, this thread has a loop already."""
    with ThreadPoolExecutor(1) as apart:
        apart.submit(distributed.run, backend, settings_of(made), clock=lambda: made.now, once=True).result()


def runs_of(made: Organisation, job: str) -> int:
    with made.backend.reading() as uow:
        return int(uow.session.scalar(select(col(Job.runs)).where(col(Job.name) == job)) or 0)


def engine_asks(made: Organisation, question: LiteralString) -> list[tuple[object, ...]]:
    address = distributed._conninfo(made.urls.owner_url)
    with psycopg.connect(address, autocommit=True, options="-c search_path=trim_jobs") as connection:
        answer = connection.execute(question)
        return answer.fetchall() if answer.description else []


def test_two_workers_do_each_tick_once_between_them_and_stop_in_order(story, monkeypatch):
    made = story.organisation
    monkeypatch.setattr(distributed, "_DELETE", "never")
    step = step_of(made, story.supported_case(), "first_assessment")
    made.now = step.due_at
    with workers(made, 2) as both:
        eventually(lambda: runs_of(made, "sweep") >= 3, seconds=30)
    assert both.statuses == [0, 0], (Path(str(made.folder)) / "worker.log").read_text()
    kept = engine_asks(made, "SELECT task_name, args->>'timestamp', status, attempts FROM procrastinate_jobs")
    # Each tick was put into the queue once whoever runs, and what was taken was done once.
    assert len({(name, tick) for name, tick, *_ in kept}) == len(kept) >= 3
    assert {(status, tries) for _, _, status, tries in kept if status != "todo"} == {("succeeded", 1)}
    assert runs_of(made, "sweep") == len([1 for name, *_, status, _ in kept if (name, status) == SWEPT])
    assert told(made, "step_due") == [("step_due", "Pat")]
    with made.backend.reading() as uow:
        seen = list(uow.session.scalars(select(Worker)))
        assert len(seen) == 2
        assert all(one.kind == "distributed" and one.stopped_at is not None for one in seen)


def test_dropping_the_engines_schema_loses_nothing_and_doubles_nothing(story):
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    made.now = step.due_at - timedelta(hours=12)
    backend = made.backend
    runs_once(made, backend)
    assert told(made, "step_reminder") == [("step_reminder", "Pat")]
    engine_asks(made, "DROP SCHEMA trim_jobs CASCADE")
    made.now = step.due_at
    runs_once(made, backend)
    runs_once(made, backend)
    assert [one.stage for one in stages(made, step.id)] == ["remind:PT12H", "due"]
    assert told(made, "step_due") == [("step_due", "Pat")]


def test_dropped_under_a_running_worker_it_is_made_anew_at_the_next_start(story):
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    made.now = step.due_at
    with workers(made, 1) as one:
        eventually(lambda: runs_of(made, "sweep") >= 1, seconds=30)
        engine_asks(made, "DROP SCHEMA trim_jobs CASCADE")
        # It cannot go on without its queue, and says so by its status; a service manager starts it again.
        eventually(lambda: _has_ended(one.children[0]), seconds=30)
    runs_once(made, made.backend)
    assert told(made, "step_due") == [("step_due", "Pat")]


def _has_ended(child: int) -> bool:
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def test_a_tick_that_waits_already_is_done_and_not_put_there_twice(story):
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    made.now = step.due_at
    settings = settings_of(made)
    distributed.ensure_schema(settings)
    # As a worker leaves it that was killed after it had put the tick into the queue.
    app = distributed.make_app(distributed.Signs(Kit(made.backend, settings, "gone"), lambda: made.now), settings)
    with app.open():
        app.tasks["trim.sweep"].defer(timestamp=0)
    runs_once(made, made.backend)
    assert told(made, "step_due") == [("step_due", "Pat")]
    assert engine_asks(made, "SELECT count(*) FROM procrastinate_jobs") == [(0,)]


def test_another_version_of_the_engine_makes_its_schema_anew(organisation):
    settings = settings_of(organisation)
    distributed.ensure_schema(settings)
    engine_asks(organisation, "COMMENT ON SCHEMA trim_jobs IS 'procrastinate 0.1'")
    engine_asks(organisation, "DROP TABLE procrastinate_events")
    distributed.ensure_schema(settings)
    assert engine_asks(organisation, "SELECT count(*) FROM procrastinate_events") == [(0,)]


def test_migrations_do_not_see_the_engines_tables(organisation):
    distributed.ensure_schema(settings_of(organisation))
    engine = make_engine(organisation.urls.owner_url)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert [one for one in found if "procrastinate" in repr(one)] == []


@pytest.mark.parametrize(
    ("seconds", "cron"),
    [(60, "*/1 * * * *"), (300, "*/5 * * * *"), (3600, "0 * * * *"), (15, "* * * * * */15"), (90, "* * * * *")],
)
def test_a_tick_in_the_words_of_the_engine(seconds, cron):
    assert distributed.cron_of(seconds) == cron
