"""The server as a process: it answers, finishes what runs when it is told to stop, and leaves nobody on its port."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from tests.support.eventually import eventually
from tests.support.processes import clean_environment, free_port, get, serving
from trim.cli.main import main
from trim.cli.serve import require_free
from trim.vault.vault import Vault


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment of an empty instance that can be served, on a port of its own."""
    instance = tmp_path / "instance"
    assert CliRunner(env={"TRIM_INSTANCE": str(instance)}).invoke(main, ["db", "upgrade"]).exit_code == 0
    (instance / "keys").mkdir(mode=0o700)
    Vault(instance / "keys", create=True)
    return clean_environment(tmp_path / "home", TRIM_INSTANCE=str(instance), PORT=str(free_port()))


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "trim.cli.main", "serve", *arguments]


def is_free(port: str) -> Callable[[], bool]:
    def asked() -> bool:
        try:
            require_free("127.0.0.1", int(port))
        except Exception:
            return False
        return True

    return asked


def test_it_answers_and_stops_in_order(environ: dict[str, str], tmp_path: Path) -> None:
    with serving(command("--workers", "2"), cwd=tmp_path, environ=environ, log=tmp_path / "log") as server:
        status, page = get(environ["PORT"], "/sign-in", **{"Accept-Language": "en"})
        assert status == 200
        assert "Trim</title>" in page
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
    assert (tmp_path / "log").read_text() == f"Trim is at http://127.0.0.1:{environ['PORT']} (Ctrl-C stops it).\n"
    assert is_free(environ["PORT"])()
    assert not list((tmp_path / "home").iterdir()), "a server writes nothing into HOME"


def test_a_second_server_on_the_same_port_is_refused(environ: dict[str, str], tmp_path: Path) -> None:
    with serving(command(), cwd=tmp_path, environ=environ, log=tmp_path / "log"):
        second = CliRunner(env=environ).invoke(main, ["serve"])
    assert second.exit_code == 1
    assert "is in use" in second.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent was killed")
@pytest.mark.parametrize("moment", ["as soon as one answers", "when all work"])
def test_no_worker_outlives_a_killed_server(environ: dict[str, str], tmp_path: Path, moment: str) -> None:
    with serving(command("--workers", "3"), cwd=tmp_path, environ=environ, log=tmp_path / "log") as server:
        if moment == "when all work":
            time.sleep(1)
        workers = psutil.Process(server.pid).children(recursive=True)
        assert len(workers) >= 3
        os.kill(server.pid, signal.SIGKILL)
        server.wait(5)
        eventually(lambda: not any(map(runs, workers)))
        eventually(is_free(environ["PORT"]))


def runs(process: psutil.Process) -> bool:
    """Whether it does more than wait to be buried by whoever inherited it."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
