"""Triggers that keep the trail append-only in the database itself.

They stop the application and whoever works through it. The owner of a SQLite file, or the owner role of PostgreSQL, can
drop them: only witnesses outside the database protect against that owner.
"""

from __future__ import annotations

SQLITE_UP = (
    "CREATE TRIGGER trail_entry_no_update BEFORE UPDATE ON trail_entry "
    "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END",
    "CREATE TRIGGER trail_entry_no_delete BEFORE DELETE ON trail_entry "
    "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END",
    # INSERT OR REPLACE slips past the two above: it deletes without firing DELETE triggers.
    "CREATE TRIGGER trail_entry_no_replace BEFORE INSERT ON trail_entry "
    "WHEN EXISTS (SELECT 1 FROM trail_entry WHERE chain = NEW.chain AND number = NEW.number) "
    "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END",
    "CREATE TRIGGER trail_head_no_delete BEFORE DELETE ON trail_head "
    "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END",
    "CREATE TRIGGER trail_head_forward BEFORE UPDATE ON trail_head WHEN NEW.number <> OLD.number + 1 "
    "BEGIN SELECT RAISE(ABORT, 'a chain only grows by one'); END",
)
SQLITE_DOWN = (
    "DROP TRIGGER trail_entry_no_update",
    "DROP TRIGGER trail_entry_no_delete",
    "DROP TRIGGER trail_entry_no_replace",
    "DROP TRIGGER trail_head_no_delete",
    "DROP TRIGGER trail_head_forward",
)

POSTGRESQL_UP = (
    "CREATE FUNCTION trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$",
    "CREATE FUNCTION trail_head_forward() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN IF NEW.number <> OLD.number + 1 OR NEW.chain <> OLD.chain THEN "
    "RAISE EXCEPTION 'a chain only grows by one'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER trail_entry_no_change BEFORE UPDATE OR DELETE ON trail_entry "
    "FOR EACH ROW EXECUTE FUNCTION trail_is_append_only()",
    "CREATE TRIGGER trail_entry_no_truncate BEFORE TRUNCATE ON trail_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION trail_is_append_only()",
    "CREATE TRIGGER trail_head_no_delete BEFORE DELETE ON trail_head "
    "FOR EACH ROW EXECUTE FUNCTION trail_is_append_only()",
    "CREATE TRIGGER trail_head_no_truncate BEFORE TRUNCATE ON trail_head "
    "FOR EACH STATEMENT EXECUTE FUNCTION trail_is_append_only()",
    "CREATE TRIGGER trail_head_forward BEFORE UPDATE ON trail_head FOR EACH ROW EXECUTE FUNCTION trail_head_forward()",
)
POSTGRESQL_DOWN = (
    "DROP TRIGGER trail_entry_no_change ON trail_entry",
    "DROP TRIGGER trail_entry_no_truncate ON trail_entry",
    "DROP TRIGGER trail_head_no_delete ON trail_head",
    "DROP TRIGGER trail_head_no_truncate ON trail_head",
    "DROP TRIGGER trail_head_forward ON trail_head",
    "DROP FUNCTION trail_is_append_only()",
    "DROP FUNCTION trail_head_forward()",
)
