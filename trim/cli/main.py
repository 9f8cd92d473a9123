"""The command `trim`. Its subcommands are loaded when they are used, so that `trim --help` answers at once."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

import click

from trim import __version__
from trim.cli.messages import CommandFailed
from trim.domain.errors import TrimError
from trim.settings import UnusableSetting


class Lazy(NamedTuple):
    """Where a command lives (its module has it as `command`) and its one line in the list."""

    module: str
    help: str


COMMANDS = {
    "demo": Lazy("trim.cli.demo", "Build a demonstration organisation."),
    "init": Lazy("trim.cli.init", "Make an empty organisation and its first invitation."),
    "serve": Lazy("trim.cli.serve", "Serve the pages to browsers."),
    "worker": Lazy("trim.cli.worker", "Send reminders and mails, act on what is overdue, work at night."),
    "mail": Lazy("trim.cli.mail", "Try the mail server and the pager, see what waits."),
    "jobs": Lazy("trim.cli.jobs", "Show how that work goes, and what is stuck."),
    "import": Lazy("trim.cli.import_", "Bring in people or past incidents from a CSV file."),
    "workflow": Lazy("trim.cli.workflow", "Check workflow packs."),
    "statistics": Lazy("trim.cli.statistics", "Publish figures from which nobody can be worked out."),
    "audit": Lazy("trim.cli.audit", "Seal, export and check the trail."),
    "keys": Lazy("trim.cli.keys", "Look after the keys that open case content."),
    "backup": Lazy("trim.cli.backup", "Copy database and keys into a folder."),
    "restore": Lazy("trim.cli.restore", "Put the newest backup of a folder back."),
    "calendar": Lazy("trim.cli.calendar", "Say where and when the organisation works."),
    "retention": Lazy("trim.cli.retention", "Erase what has been kept long enough."),
    "keyholder": Lazy("trim.cli.keyholder", "Hold the master key under a user of its own."),
    "db": Lazy("trim.cli.db", "Look after the database."),
    "doctor": Lazy("trim.cli.doctor", "Say what is missing and how to mend it."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported one by one, and which turns known problems into one clear line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command that was asked for; None when there is none of that name."""
        lazy = COMMANDS.get(cmd_name)
        if lazy is None:
            return None
        command: click.Command = import_module(lazy.module).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.help) for name, lazy in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a problem of our own becomes a line with cause and cure, never a traceback."""
        try:
            return super().invoke(ctx)
        except UnusableSetting as problem:
            raise CommandFailed(f"{problem.name}: {problem.cause}", problem.cure) from problem
        except TrimError as problem:
            raise CommandFailed(str(problem) or type(problem).__name__) from problem


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="TRIM_INSTANCE names the folder of database, keys and mails (default: ./instance), TRIM_DATABASE_URL "
    "another database, PORT the port.",
)
@click.version_option(__version__, prog_name="trim")
def main() -> None:
    """Peer support after trauma and stress at work.

    \b
    A first look:
      trim demo     build a demonstration organisation
      trim serve    then open http://127.0.0.1:8000
    """


if __name__ == "__main__":
    main(prog_name="trim")
