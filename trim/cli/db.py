"""`trim db`: say how the tables stand, and bring them to this version."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.settings import Settings
from trim.store import migrate

MEANING = {
    "missing": "There are no tables yet.",
    "older": "The tables are of an older version of Trim.",
    "current": "The tables are of this version of Trim.",
    "newer": "The tables are of a newer version of Trim: this one must not touch them.",
}
CURE = {
    "missing": "Run `trim demo` for a demonstration, or `trim init` for an organisation of your own.",
    "older": "Copy the database, then run `trim db upgrade`.",
    "current": "",
    "newer": "Install the newer version of Trim again.",
}


@click.group("db")
def command() -> None:
    """Look after the database.

    \b
    Example:
      trim db state
      trim db upgrade
    """


@command.command("state")
@as_json_option
def show_state(as_json: bool) -> None:
    """Say how the tables stand against this version; exit status 0 only when they fit.

    \b
    Example:
      trim db state --json
    """
    settings = Settings.from_environment()
    state = migrate.state(settings.database_url)
    if as_json:
        print_json({"state": state, "database": readable(settings.database_url)})
    else:
        click.echo(f"{readable(settings.database_url)}: {MEANING[state]}")
    if state != "current":
        if CURE[state]:
            click.echo(CURE[state], err=True)
        raise SystemExit(1)


@command.command()
def upgrade() -> None:
    """Make the tables, or bring older ones to this version; nothing happens when they fit.

    With PostgreSQL, TRIM_DATABASE_OWNER_URL names the role that owns the tables; the role of TRIM_DATABASE_URL
    only gets the right to use them.

    \b
    Example:
      trim db upgrade
    """
    settings = Settings.from_environment()
    if migrate.state(settings.owner_database_url) == "newer":
        raise CommandFailed(MEANING["newer"], CURE["newer"])
    migrate.upgrade(settings.owner_database_url, settings.database_url)
    click.echo(f"{readable(settings.database_url)}: {MEANING['current']}")


def readable(url: str) -> str:
    """A database address for people: the file, or the server without its password."""
    if url.startswith("sqlite:///"):
        return url.removeprefix("sqlite:///")
    parts = urlsplit(url)
    user, at, server = parts.netloc.rpartition("@")
    return f"{user.partition(':')[0]}{at}{server}{parts.path}"


def require_current(settings: Settings) -> None:
    """Raise CommandFailed, with cause and cure, unless the tables are of this version."""
    state = migrate.state(settings.database_url)
    if state != "current":
        raise CommandFailed(f"{readable(settings.database_url)}: {MEANING[state]}", CURE[state])
