"""Workers on several machines: the same tasks, each tick given to one of them by Procrastinate on PostgreSQL.

The job engine only says who goes first. What is due, who is at work on it and what was done stands in our own rows, so
its schema `trim_jobs` can be dropped at any moment: it is made anew at the next start, and nothing is lost or doubled.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Final

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.schema import SchemaManager
from psycopg import sql
from sqlalchemy.engine import make_url

from trim.jobs import releases
from trim.jobs.embedded import worker_name
from trim.jobs.tasks import EVERY_TICK, Kit
from trim.jobs.tick import Clock, Ticked, do_daily, do_often, prepare
from trim.settings import Settings
from trim.store import jobs
from trim.usecases.unit_of_work import Backend

_LOG = logging.getLogger(__name__)

#: The job engine's own schema: no table of ours lies in it, and migrations never look at it.
SCHEMA: Final = "trim_jobs"
#: Any number: those who start at the same moment queue behind it.
_LOCK: Final = 7_205_411_903
#: What the engine does with tasks that came to their end; how they went stands in our own rows.
_DELETE = "always"


def run(backend: Backend, settings: Settings, *, clock: Clock, once: bool = False) -> None:
    """Work until SIGTERM or Ctrl-C, after the task that runs; `once` does everything once and ends.

    Raises psycopg.Error when the schema of the job engine cannot be made.
    """
    kit = Kit(backend, settings, worker_name())
    prepare(kit)
    ensure_schema(settings)
    signs = Signs(kit, clock)
    app = make_app(signs, settings)
    signs.give()
    if once:
        with app.open():
            for name in _WORKS:
                # One that waits already, put there by a worker that has ended since, is done as well as a new one.
                with suppress(AlreadyEnqueued):
                    app.tasks[name].defer(timestamp=0)
    try:
        app.run_worker(name=kit.worker, concurrency=1, wait=not once, delete_jobs=_DELETE, shutdown_graceful_timeout=60)
    finally:
        (releases.finish if once else releases.end)(backend, kit.apart, kit.worker)
        signs.give(stopped=True)


@dataclass
class Signs:
    """A worker's signs of life, and how many tasks it did."""

    kit: Kit
    clock: Clock
    tasks: int = 0

    def give(self, *, stopped: bool = False) -> None:
        """Note that this worker lives, or that it stopped in order."""
        with self.kit.backend.database.writing() as session:
            jobs.beat(session, self.kit.worker, kind="distributed", now=self.clock(), ticks=self.tasks, stopped=stopped)


def make_app(signs: Signs, settings: Settings) -> App:
    """The engine with our tasks: each comes once a tick, whoever takes it, and never twice into the queue."""
    connector = PsycopgConnector(
        conninfo=_conninfo(settings.database_url), kwargs={"options": f"-c search_path={SCHEMA}"}
    )
    app = App(connector=connector)
    for name, work in _WORKS.items():
        # No `lock`: a worker that is killed would hold it, and the next tick would wait for nothing. Our claims do.
        task = app.task(name=name, queueing_lock=name)(_counted(signs, name, work))
        app.periodic(cron=cron_of(settings.tick_seconds))(task)
    return app


def ensure_schema(settings: Settings) -> None:
    """Make the job engine's schema as the owner of the tables, anew where another version of it made it."""
    made_by = f"procrastinate {version('procrastinate')}"
    with psycopg.connect(_conninfo(settings.owner_database_url), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        found = connection.execute(
            "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", (SCHEMA,)
        ).fetchone()
        if found is not None and found[0] == made_by:
            _forget_the_dead(connection)
            return
        schema = sql.Identifier(SCHEMA)
        with connection.transaction():
            if found is not None:
                _LOG.info("the schema of the job engine is made anew: %s", made_by)
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
            connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(schema))
            connection.execute(SchemaManager.get_schema())
            connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(schema, sql.Literal(made_by)))
            _let_use(connection, make_url(settings.database_url).username)


def _forget_the_dead(connection: psycopg.Connection[object]) -> None:
    """Tasks of workers that were killed say "doing" for ever; what they were doing is due again in our own rows."""
    connection.execute(
        sql.SQL(
            "DELETE FROM {schema}.procrastinate_jobs AS job WHERE status = 'doing' AND NOT EXISTS ("
            "SELECT 1 FROM {schema}.procrastinate_workers AS worker WHERE worker.id = job.worker_id"
            " AND worker.last_heartbeat > now() - interval '5 minutes')"
        ).format(schema=sql.Identifier(SCHEMA))
    )


def _let_use(connection: psycopg.Connection[object], role: str | None) -> None:
    if role is None or role == connection.info.user:
        return
    names = {"schema": sql.Identifier(SCHEMA), "role": sql.Identifier(role)}
    for grant in (
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {role}",
        "GRANT ALL ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    ):
        connection.execute(sql.SQL(grant).format(**names))


def cron_of(seconds: int) -> str:
    """A tick as the job engine writes it: every so many minutes, or seconds where they are no whole minutes."""
    if seconds % 60 == 0:
        return f"*/{seconds // 60} * * * *" if seconds < 3600 else "0 * * * *"
    return f"* * * * * */{seconds}" if seconds < 60 else "* * * * *"


def _counted(signs: Signs, name: str, work: Callable[[Kit, Clock], Ticked]) -> Callable[[int], None]:
    def do(timestamp: int) -> None:  # noqa: ARG001 - which tick it is, as the engine says it
        signs.give()
        ticked = work(signs.kit, signs.clock)
        signs.tasks += 1
        if ticked.did or ticked.failed:
            _LOG.info("%s: did %s, failed %s", name, ticked.did, ticked.failed)
        signs.give()

    return do


#: The names in the queue, and what each does.
_WORKS: Final[dict[str, Callable[[Kit, Clock], Ticked]]] = {
    **{f"trim.{name}": partial(do_often, only=name) for name in EVERY_TICK},
    "trim.daily": do_daily,
}


def _conninfo(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
