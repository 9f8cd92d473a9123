"""The command is understood by a stranger and speaks of problems in one line with cause and cure."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from trim.cli.main import COMMANDS, main

BUILT = {name: lazy for name, lazy in COMMANDS.items() if find_spec(lazy.module)}


def every_command(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    found = [(path, command)]
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            found += every_command(one, (*path, name))
    return found


ALL = [pair for name, lazy in BUILT.items() for pair in every_command(import_module(lazy.module).command, (name,))]


def test_help_lists_every_command_and_imports_none() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert all(name in result.output and lazy.help in result.output for name, lazy in COMMANDS.items())
    # In a process of its own: this one has imported everything already.
    code = "import sys, trim.cli.main; print(*[name for name in sys.modules if name.split('.')[0] in sys.argv[1:]])"
    heavy = ["flask", "sqlalchemy", "granian", "weasyprint", "pydantic", "ruamel"]
    loaded = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == ""


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) for path, _ in ALL])
def test_the_help_of_every_command_has_an_example(path: tuple[str, ...], command: click.Command) -> None:
    result = CliRunner().invoke(main, [*path, "--help"])
    assert result.exit_code == 0
    assert "Example:" in result.output
    assert f"trim {path[0]}" in result.output.partition("Example:")[2]


@pytest.mark.parametrize("arguments", [["no-such-command"], ["serve", "--port", "0"], ["serve", "extra"], ["--what"]])
def test_wrong_usage_ends_with_status_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, arguments).exit_code == 2


def test_an_unusable_setting_is_one_line_with_its_cure() -> None:
    result = CliRunner(env={"PORT": "eighty"}).invoke(main, ["doctor"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "Error: PORT: 'eighty' is not a port.",
        "Give a number from 1 to 65535, for example 8000.",
    ]


def test_a_password_in_an_address_is_never_printed(tmp_path: Path) -> None:
    environ = {"TRIM_INSTANCE": str(tmp_path), "TRIM_DATABASE_URL": "postgresql://app:hunter2@127.0.0.1:1/trim"}
    for arguments in (["db", "state"], ["doctor"], ["serve"]):
        result = CliRunner(env=environ).invoke(main, arguments)
        assert result.exit_code == 1
        assert "hunter2" not in result.output
        assert "does not answer" in result.output
