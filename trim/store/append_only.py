"""Triggers that keep the trail append-only in the database itself.

They stop the application and whoever works through it. The owner of a SQLite file, or the owner role of PostgreSQL, can
drop them: only witnesses outside the database protect against that owner.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

#: Tables to which rows are only ever added, each with the columns of its primary key.
ADDED_TO = {
    "trail_entry": ("chain", "number"),
    "trail_subject": ("chain", "number", "subject"),
    "trail_leaf": ("position",),
    "trail_checkpoint": ("number",),
}
REFUSAL = "the trail is append-only"


def _sqlite_up() -> list[str]:
    made = []
    for table, key in ADDED_TO.items():
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        twice = f"SELECT 1 FROM {table} WHERE {same}"  # noqa: S608 - names of our own, no input
        made += [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
            # INSERT OR REPLACE slips past the two above: it deletes without firing DELETE triggers.
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS ({twice}) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        ]
    made += [
        f"CREATE TRIGGER trail_head_no_delete BEFORE DELETE ON trail_head BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        # A head grows by one, or keeps its place when a checkpoint covers it.
        "CREATE TRIGGER trail_head_forward BEFORE UPDATE ON trail_head WHEN NOT (NEW.chain = OLD.chain AND ("
        "NEW.number = OLD.number + 1 OR (NEW.number = OLD.number AND NEW.hash = OLD.hash))) "
        "BEGIN SELECT RAISE(ABORT, 'a chain only grows by one'); END",
    ]
    return made


def _sqlite_down() -> list[str]:
    names = [f"{table}_{what}" for table in ADDED_TO for what in ("no_update", "no_delete", "no_replace")]
    return [f"DROP TRIGGER {name}" for name in (*names, "trail_head_no_delete", "trail_head_forward")]


def _postgresql_up() -> list[str]:
    made = [
        "CREATE FUNCTION trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        "CREATE FUNCTION trail_head_forward() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.chain = OLD.chain AND (NEW.number = OLD.number + 1 "
        "OR (NEW.number = OLD.number AND NEW.hash = OLD.hash)) THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION 'a chain only grows by one'; END $$",
        "CREATE TRIGGER trail_head_no_delete BEFORE DELETE ON trail_head "
        "FOR EACH ROW EXECUTE FUNCTION trail_is_append_only()",
        "CREATE TRIGGER trail_head_no_truncate BEFORE TRUNCATE ON trail_head "
        "FOR EACH STATEMENT EXECUTE FUNCTION trail_is_append_only()",
        "CREATE TRIGGER trail_head_forward BEFORE UPDATE ON trail_head "
        "FOR EACH ROW EXECUTE FUNCTION trail_head_forward()",
    ]
    for table in ADDED_TO:
        made += [
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION trail_is_append_only()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION trail_is_append_only()",
        ]
    return made


def _postgresql_down() -> list[str]:
    pairs = [(f"{table}_{what}", table) for table in ADDED_TO for what in ("no_change", "no_truncate")]
    heads = [(f"trail_head_{what}", "trail_head") for what in ("no_delete", "no_truncate", "forward")]
    return [
        *(f"DROP TRIGGER {name} ON {table}" for name, table in (*pairs, *heads)),
        "DROP FUNCTION trail_is_append_only()",
        "DROP FUNCTION trail_head_forward()",
    ]


SQLITE_UP = tuple(_sqlite_up())
SQLITE_DOWN = tuple(_sqlite_down())
POSTGRESQL_UP = tuple(_postgresql_up())
POSTGRESQL_DOWN = tuple(_postgresql_down())

#: Tables out of which sealed and archived years may be removed by their owner.
PRUNED = ("trail_entry", "trail_subject")


@contextmanager
def lifted(connection: Connection) -> Iterator[None]:
    """Let the owner remove entries; the triggers are back before the transaction ends, however it ends.

    On PostgreSQL only the role that owns the tables may do this (SQLAlchemy's ProgrammingError otherwise).
    """
    if connection.dialect.name == "sqlite":
        names = [f"{table}_no_delete" for table in PRUNED]
        away = [f"DROP TRIGGER {name}" for name in names]
        back = [made for made in SQLITE_UP if made.split()[2] in names]
    else:
        away = [f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change" for table in PRUNED]
        back = [f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_change" for table in PRUNED]
        # Writers take a head before an entry: whoever has begun finishes first, and nobody meets us half-way.
        away.insert(0, "LOCK TABLE trail_head IN EXCLUSIVE MODE")
    for statement in away:
        connection.exec_driver_sql(statement)
    yield
    # Not in a `finally`: a transaction that failed is rolled back, and its triggers with it.
    for statement in back:
        connection.exec_driver_sql(statement)
