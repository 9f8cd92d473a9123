"""The process beside the server: one that dies is started anew, and none is left when the server ends."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support.eventually import eventually
from trim.cli.beside import kept_running

#: Says that it lives, and works until it is told to stop.
WORKS = """
import os, signal, sys, time
with open(sys.argv[1], "a") as log:
    log.write(f"{os.getpid()}\\n")
signal.sigwait({signal.SIGTERM})
"""


def command(log: Path, program: str = WORKS) -> list[str]:
    # SIGTERM has to wait for `sigwait` from the first moment on.
    held = f"import signal; signal.pthread_sigmask(signal.SIG_BLOCK, {{signal.SIGTERM}})\n{program}"
    return [sys.executable, "-c", held, str(log)]


def started(log: Path) -> list[int]:
    """The processes that have said that they live, the first first."""
    return [int(line) for line in log.read_text().splitlines()] if log.exists() else []


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_that_dies_is_started_anew_and_ends_with_its_server(tmp_path: Path) -> None:
    log, told = tmp_path / "log", list[int]()
    with kept_running(command(log), told=told.append, again_after=0.01):
        eventually(lambda: len(started(log)) == 1)
        os.kill(started(log)[0], signal.SIGKILL)
        eventually(lambda: len(started(log)) == 2)
        assert told == [-signal.SIGKILL]
    assert not any(lives(one) for one in started(log))
    assert told == [-signal.SIGKILL], "an end that was asked for is no news"
    assert len(started(log)) == 2


def test_one_that_cannot_start_is_tried_again_and_again_in_sight(tmp_path: Path) -> None:
    log, told = tmp_path / "log", list[int]()
    with kept_running(command(log, "raise SystemExit(3)"), told=told.append, again_after=0.01):
        eventually(lambda: len(told) >= 3)
    assert set(told) == {3}


def test_it_ends_though_the_server_failed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(ValueError, match="the server"), kept_running(command(log), told=print):
        eventually(lambda: len(started(log)) == 1)
        raise ValueError("the server")
    assert not lives(started(log)[0])
