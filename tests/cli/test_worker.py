"""`trim worker` and `trim jobs`: real processes that tick, stop in order and do no harm twice; what is told of them."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.eventually import eventually
from tests.support.processes import clean_environment, free_port, serving
from trim.cli.main import main
from trim.vault.vault import Vault


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty instance that can be served."""
    instance = tmp_path / "instance"
    assert CliRunner(env={"TRIM_INSTANCE": str(instance)}).invoke(main, ["db", "upgrade"]).exit_code == 0
    (instance / "keys").mkdir(mode=0o700)
    vault = Vault(instance / "keys", create=True)
    vault.ring.store.close()
    return instance


def trim(folder: Path, *arguments: str, **environ: str) -> Result:
    return CliRunner(env={"TRIM_INSTANCE": str(folder), **environ}).invoke(main, list(arguments))


def workers(folder: Path) -> list[tuple[str, bool]]:
    """Kind of each worker, and whether it has stopped in order."""
    with closing(sqlite3.connect(folder / "trim.sqlite3")) as connection:
        return sorted((kind, bool(at)) for kind, at in connection.execute("SELECT kind, stopped_at FROM worker"))


def test_once_does_what_is_due_and_jobs_tells_of_it(folder):
    result = trim(folder, "worker", "--once")
    assert result.exit_code == 0, result.output
    told = trim(folder, "jobs", "--json")
    assert told.exit_code == 1
    seen = json.loads(told.stdout)
    # It has stopped, so nobody is at work: that is said, and is the only thing that is wrong.
    assert seen["alarms"] == ["no_worker"]
    assert {one["name"]: one["failures"] for one in seen["jobs"]}["sweep"] == 0
    assert {"sweep", "deliver", "checkpoint", "retention", "stale_drafts"} <= {one["name"] for one in seen["jobs"]}
    assert [one["state"] for one in seen["workers"]] == ["stopped"]
    shown = trim(folder, "jobs")
    assert "No worker is running" in shown.stdout
    assert "Start one: trim worker" in shown.stdout


def test_several_machines_need_postgresql_and_the_command_says_what_to_do(folder):
    result = trim(folder, "worker", "--distributed", "--once")
    assert result.exit_code == 1
    assert "TRIM_DATABASE_URL" in result.output


def test_nothing_to_try_again_is_said(folder):
    result = trim(folder, "jobs", "--again", "none")
    assert result.exit_code == 1
    assert "Nothing with the id none is set aside" in result.output


@pytest.mark.care(34)
def test_no_calendar_is_played_forward_where_there_is_no_demonstration(folder):
    result = trim(folder, "demo", "--until", "2030-01-01")
    assert result.exit_code == 1
    assert "Only a demonstration has a clock that can be put forward" in result.output


@pytest.mark.large
def test_two_workers_side_by_side_live_and_stop_in_order(folder, tmp_path):
    environ = clean_environment(tmp_path / "home", TRIM_INSTANCE=str(folder), TRIM_TICK_SECONDS="5")
    command = [sys.executable, "-m", "trim.cli.main", "worker"]
    running = [subprocess.Popen(command, env=environ, stderr=subprocess.PIPE) for _ in range(2)]
    try:
        eventually(lambda: workers(folder) == [("embedded", False)] * 2, seconds=60)
    finally:
        for one in running:
            one.send_signal(signal.SIGTERM)
        errors = [one.communicate(timeout=60)[1].decode() for one in running]
    assert [one.returncode for one in running] == [0, 0], errors
    assert workers(folder) == [("embedded", True)] * 2
    assert not any("ERROR" in one for one in errors), errors


@pytest.mark.large
def test_the_smallest_installation_has_its_worker_beside_the_server(folder, tmp_path):
    environ = clean_environment(
        tmp_path / "home",
        TRIM_INSTANCE=str(folder),
        PORT=str(free_port()),
        TRIM_SERVE_WORKER="1",
        TRIM_TICK_SECONDS="5",
    )
    command = [sys.executable, "-m", "trim.cli.main", "serve"]
    with serving(command, cwd=tmp_path, environ=environ, log=tmp_path / "log") as server:
        eventually(lambda: workers(folder) == [("serving", False)], seconds=60)
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0, (tmp_path / "log").read_text()
        eventually(lambda: workers(folder) == [("serving", True)], seconds=30)
    with serving(command, cwd=tmp_path, environ=environ, log=tmp_path / "log") as server:
        eventually(lambda: ("serving", False) in workers(folder), seconds=60)
        os.kill(server.pid, signal.SIGKILL)
        # Killed outright, it takes its worker with it, which stops in order.
        eventually(lambda: workers(folder) == [("serving", True)] * 2, seconds=30)
