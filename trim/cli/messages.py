"""How commands speak: results on standard output, problems with cause and cure on standard error."""

from __future__ import annotations

import json
from typing import IO, Any

import click

as_json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for programs.")


class CommandFailed(click.ClickException):
    """Raised when a command cannot do what was asked: exit status 1, the cause and what to do about it."""

    def __init__(self, cause: str, cure: str = "") -> None:
        super().__init__(cause)
        self.cure = cure

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the problem on standard error."""
        click.echo(f"Error: {self.message}", err=True)
        if self.cure:
            click.echo(self.cure, err=True)


def print_json(value: object) -> None:
    """Print one JSON value."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
