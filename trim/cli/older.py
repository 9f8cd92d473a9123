"""Before serving: is this database older than what left it?"""

from __future__ import annotations

from datetime import UTC, datetime

import click

from trim.audit.freshness import Freshness, freshness, seen_by_witness
from trim.cli.messages import CommandFailed
from trim.domain.access import system_actor
from trim.settings import Settings
from trim.store.database import Database
from trim.usecases.opening import open_instance
from trim.usecases.oversight.accept_older import accept_older

CURE = (
    "If nobody put a backup back, stop here, keep everything and ask your auditor. If one was put back on purpose, "
    "give anchors and witness a new place (TRIM_ANCHORS, TRIM_WITNESS) and keep the old ones for the auditor; until "
    "then `trim serve --accept-older-database` serves, and notes it in the trail at each start."
)


def look(settings: Settings) -> Freshness:
    """Hold the database against anchors and witness. Raises DatabaseUnavailable, OSError."""
    seen = seen_by_witness(settings.witness)
    database = Database(settings.database_url)
    try:
        with database.reading() as session:
            return freshness(session, settings.anchors_dir, seen)
    finally:
        database.close()


def require_fresh(settings: Settings, *, accepted: bool) -> None:
    """Raise CommandFailed when the database is older than what left it, unless that is accepted, which is noted."""
    found = look(settings)
    if not found.is_older:
        return
    if not accepted:
        raise CommandFailed(found.cause(), CURE)
    backend = open_instance(settings)
    try:
        with backend.writing() as uow:
            accept_older(uow, system_actor("serve"), now=datetime.now(UTC), found=found)
    finally:
        backend.close()
    click.secho(f"WARNING: {found.cause()} It is served all the same, as asked for.", fg="red", bold=True, err=True)
