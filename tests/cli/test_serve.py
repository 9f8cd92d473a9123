"""`trim serve` starts only on what it can serve, and says in one line why not."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from trim.cli.main import main
from trim.cli.messages import CommandFailed
from trim.cli.serve import require_free


def serve(folder: Path, *arguments: str, **environ: str) -> Result:
    return CliRunner(env={"TRIM_INSTANCE": str(folder), **environ}).invoke(main, ["serve", *arguments])


def test_without_a_database_it_says_how_to_begin(tmp_path: Path) -> None:
    result = serve(tmp_path)
    assert result.exit_code == 1
    assert "There are no tables yet." in result.stderr
    assert "trim demo" in result.stderr


def test_without_its_keys_it_makes_no_new_ones(tmp_path: Path) -> None:
    CliRunner(env={"TRIM_INSTANCE": str(tmp_path)}).invoke(main, ["db", "upgrade"])
    result = serve(tmp_path)
    assert result.exit_code == 1
    assert "master.key" in result.stderr
    assert "backup" in result.stderr
    assert not (tmp_path / "keys").exists()


def test_a_port_in_use_is_named_with_another_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandFailed) as problem:
            require_free("127.0.0.1", port)
    assert f"Port {port} on 127.0.0.1 is in use." in problem.value.message
    assert "PORT=" in problem.value.cure
    require_free("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    # 192.0.2.0/24 is set aside for documentation: no machine has it.
    with pytest.raises(CommandFailed, match="Cannot listen on"):
        require_free("192.0.2.1", 8000)
