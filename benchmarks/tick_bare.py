"""The limit: the writes of the worker for steps that are due, in its batches, by the bare driver and nothing else.

Everything is reckoned beforehand: texts, hashes, ids. Each kind of row goes in by `executemany`, the fastest a driver
has; what is timed is the database taking the rows.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from trim.audit.trail import GENESIS
from trim.store.database import BUSY_TIMEOUT_MS, sqlite_path
from trim.store.deadlines import BATCH, stage_id

Statement = tuple[str, list[tuple[Any, ...]]]
#: One batch: the statements that claim, and those that act.
Prepared = tuple[list[Statement], list[Statement]]


def batches(engine: Engine, steps: list[dict[str, Any]], *, recipient: str, now: datetime) -> list[Prepared]:
    """What the worker writes for these steps, batch by batch."""
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    at = _stored(engine, now)
    return [_batch(steps[first : first + BATCH], mark, recipient, at, now) for first in range(0, len(steps), BATCH)]


def _batch(steps: list[dict[str, Any]], mark: str, recipient: str, at: Any, now: datetime) -> Prepared:
    ids = [one["id"] for one in steps]
    claims = [(one, "step", "bare-driver", at, 0) for one in ids]
    stages, notices, lines, heads, nexts = [], [], [], [], []
    for step in steps:
        stage = stage_id(step["id"], now, "due")
        once = f"step_due:{step['ref']}:{stage}:{recipient}"
        stages.append((stage, "step", step["id"], step["case_id"], "due", at, at, at, "told", 1))
        notices.append(
            (
                hashlib.sha256(once.encode()).hexdigest()[:32],
                once,
                "step_due",
                "case",
                step["ref"],
                step["id"],
                recipient,
                False,
                at,
                "waiting",
                0,
            )
        )
        chain = f"case:{step['case_id']}"
        text = (
            f'{{"v":1,"chain":"{chain}","n":4,"prev":"{GENESIS}","actor":"system:worker","at":"{now.isoformat()}",'
            f'"codes":{{"outcome":"told","stage":"due","step":"first_assessment","told":1,"wanted":"{now.isoformat()}"}},'
            f'"pack":"{stage}","subject":"{chain}","what":"deadline.reminded"}}'
        )
        digest = hashlib.sha256(text.encode()).hexdigest()
        lines.append((chain, 4, text, digest, at, "system:worker", "deadline.reminded"))
        heads.append((4, digest, chain))
        nexts.append((None, step["id"]))
    return (
        [(_insert("claim", "id subject_kind worker until_at failures", mark), claims)],
        [
            (
                _insert(
                    "deadline_stage",
                    "id subject_kind subject_id case_id stage clock_at wanted_at acted_at outcome told",
                    mark,
                ),
                stages,
            ),
            (
                _insert(
                    "outbox",
                    "id once_key kind subject_kind subject_ref step_id recipient_id urgent made_at state attempts",
                    mark,
                ),
                notices,
            ),
            (_insert("trail_entry", "chain number text hash at actor_id what", mark), lines),
            (f"UPDATE trail_head SET number = {mark}, hash = {mark} WHERE chain = {mark}", heads),
            (f"UPDATE step SET acts_at = {mark} WHERE id = {mark}", nexts),
            (f"DELETE FROM claim WHERE id = {mark}", [(one,) for one in ids]),
        ],
    )


def runner(engine: Engine) -> Callable[[list[Prepared]], None]:
    """A way to make the writes over one connection of the bare driver, set up as ours are."""
    path = sqlite_path(str(engine.url))
    if path is not None:
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)
        for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}")
        return lambda prepared: _sqlite(connection, prepared)
    address = make_url(str(engine.url.render_as_string(hide_password=False))).set(drivername="postgresql")
    speaking = psycopg.connect(address.render_as_string(hide_password=False))
    return lambda prepared: _postgresql(speaking, prepared)


def _sqlite(connection: sqlite3.Connection, prepared: list[Prepared]) -> None:
    for batch in prepared:
        for statements in batch:
            connection.execute("BEGIN IMMEDIATE")
            for statement, rows in statements:
                connection.executemany(statement, rows)
            connection.execute("COMMIT")


def _postgresql(connection: psycopg.Connection[Any], prepared: list[Prepared]) -> None:
    for batch in prepared:
        for statements in batch:
            with connection.cursor() as cursor:
                for statement, rows in statements:
                    cursor.executemany(statement, rows)
            connection.commit()


def _insert(table: str, columns: str, mark: str) -> str:
    names = columns.split()
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))})"


def _stored(engine: Engine, at: datetime) -> Any:
    if engine.dialect.name == "sqlite":
        return at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    return at
