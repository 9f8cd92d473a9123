"""Databases to tick on: many cases with steps that want nothing yet, and groups of steps that are due in turn.

Rows are copies of real ones, made by the database itself: what is measured is how the worker meets them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Table, event, insert, select, text, update

from tests.support.organisation import Organisation
from tests.support.story import Story
from tests.support.sweeping import step_of, sweep
from trim.audit.trail import GENESIS
from trim.store.columns import UtcInstant
from trim.store.tables import metadata

CASES, STEPS, OUTBOX, STAGES, HEADS = (
    metadata.tables[one] for one in ("support_case", "step", "outbox", "deadline_stage", "trail_head")
)
FAR = timedelta(days=3650)
STEP = "first_assessment"


def prepare(made: Organisation) -> str:
    """One real case whose step was told that it is due, and whose notice left; gives its reference."""
    story = Story(made)
    ref = story.supported_case()
    sweep(made, step_of(made, ref, STEP).due_at)
    with made.backend.database.engine.begin() as connection:
        connection.execute(update(OUTBOX).values(state="sent", sent_at=made.now, settled_at=made.now))
    return ref


def fill(engine: Engine, ref: str, number: int, far: datetime) -> None:
    """So many cases, each with a step that wants something in ten years, a notice that left, a stage that acted.

    `engine` speaks as the owner of the tables: their indexes are taken off while the rows come in, and made anew.
    """
    on_sqlite = engine.dialect.name == "sqlite"
    if on_sqlite:
        event.listen(engine, "connect", _to_fill)
        engine.dispose()
    indexes = _indexes(engine)
    _run(engine, [f'DROP INDEX "{name}"' for name in indexes])
    of_case = f"FROM support_case t WHERE t.ref = '{ref}'"
    of_step = f"FROM step t JOIN support_case c ON c.id = t.case_id WHERE c.ref = '{ref}' AND t.name = '{STEP}'"
    of_notice = "FROM (SELECT * FROM outbox WHERE kind = 'step_due' ORDER BY id LIMIT 1) t WHERE 1 = 1"
    case_id = "md5('c' || n.i)"
    _copy(engine, CASES, of_case, number, id=case_id, ref="'M-' || n.i")
    _copy(
        engine,
        STEPS,
        of_step,
        number,
        id="md5('s' || n.i)",
        case_id=case_id,
        subject_id=case_id,
        acts_at=":far",
        far=far,
    )
    changed = {"id": "md5('n' || n.i)", "once_key": "'k' || n.i", "subject_ref": "'M-' || n.i", "step_id": "NULL"}
    _copy(engine, OUTBOX, of_notice, number, message_id="md5('m' || n.i)", **changed)
    # Each had a reminder once, and a chain that has begun.
    of_stage = "FROM (SELECT * FROM deadline_stage ORDER BY id LIMIT 1) t WHERE 1 = 1"
    _copy(engine, STAGES, of_stage, number, id="md5('a' || n.i)", subject_id="md5('s' || n.i)", case_id=case_id)
    of_head = "FROM (SELECT * FROM trail_head ORDER BY chain LIMIT 1) t WHERE 1 = 1"
    _copy(engine, HEADS, of_head, number, chain="'case:' || md5('c' || n.i)")
    _run(engine, [*indexes.values(), "ANALYZE"])
    if on_sqlite:
        event.remove(engine, "connect", _to_fill)
        engine.dispose()


def due_group(engine: Engine, ref: str, name: str, number: int, acts_at: datetime) -> list[dict[str, Any]]:
    """So many cases more whose step wants something at that instant, each with a chain that has begun; the steps."""
    with engine.begin() as connection:
        case = dict(connection.execute(select(CASES).where(CASES.c.ref == ref)).mappings().one())
        query = select(STEPS).where(STEPS.c.case_id == case["id"], STEPS.c.name == STEP)
        step = dict(connection.execute(query).mappings().one())
        # Opened after its reminder would have been: what it wants is to be told as due, and that alone.
        step |= {"opened_at": step["due_at"] - timedelta(hours=1)}
        cases, steps, heads = [], [], []
        for place in range(number):
            row_id = _hex(f"{name}-c-{place}")
            cases.append({**case, "id": row_id, "ref": f"{name}-{place:06d}"})
            steps.append({**step, "id": _hex(f"{name}-s-{place}"), "case_id": row_id, "subject_id": row_id})
            heads.append({"chain": f"case:{row_id}", "number": 3, "hash": GENESIS, "sealed_number": 0})
        for table, rows in ((CASES, cases), (STEPS, [{**one, "acts_at": acts_at} for one in steps]), (HEADS, heads)):
            connection.execute(insert(table), rows)
    return [{**one, "ref": case["ref"]} for one, case in zip(steps, cases, strict=True)]


def _copy(
    engine: Engine, table: Table, source: str, number: int, *, far: datetime | None = None, **changed: str
) -> None:
    names = [column.name for column in table.columns]
    # Quoted: "window" is a word of PostgreSQL's own.
    values = ", ".join(changed.get(one, f't."{one}"') for one in names)
    into = ", ".join(f'"{one}"' for one in names)
    numbers = (
        f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number}) SELECT i FROM n) AS n"
        if engine.dialect.name == "sqlite"
        else f"generate_series(1, {number}) AS n(i)"
    )
    begun, _, where = source.rpartition(" WHERE ")
    statement = f"INSERT INTO {table.name} ({into}) SELECT {values} {begun} CROSS JOIN {numbers} WHERE {where}"
    bound = {"far": UtcInstant().process_bind_param(far, engine.dialect)} if far is not None else {}
    if bound and engine.dialect.name == "sqlite":
        bound = {"far": str(bound["far"]) + ("" if "." in str(bound["far"]) else ".000000")}
    with engine.begin() as connection:
        connection.execute(text(statement), bound)


def _indexes(engine: Engine) -> dict[str, str]:
    """Name and statement of each index of the tables that are filled, without those of keys."""
    names = ", ".join(f"'{one.name}'" for one in (CASES, STEPS, OUTBOX, STAGES, HEADS))
    asked = (
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({names})"
        if engine.dialect.name == "sqlite"
        else f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ({names}) AND indexname NOT IN "
        "(SELECT conname FROM pg_constraint)"
    )
    with engine.begin() as connection:
        return {row[0]: row[1] for row in connection.execute(text(asked))}


def _run(engine: Engine, statements: Iterable[str]) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _to_fill(connection: Any, _: object) -> None:
    connection.create_function("md5", 1, _hex, deterministic=True)
    # While it is filled only: room for the indexes, and no waiting for the disk.
    connection.execute("PRAGMA cache_size = -1000000")
    connection.execute("PRAGMA synchronous = OFF")


def _hex(value: str) -> str:
    return hashlib.md5(str(value).encode()).hexdigest()
