"""Starts the real program as a process of its own and waits until it answers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

#: How long a server may take to its first answer, in seconds; generous, because other tests run beside it.
START_SECONDS = 60


class NeverAnswered(AssertionError):
    """Raised when a server ended or stayed silent; the message holds what it printed."""


def free_port() -> int:
    """A TCP port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a person who has just come: an empty HOME, no virtual environment, nothing of ours."""
    ours = ("TRIM_", "PYTHON", "VIRTUAL_ENV", "COV_", "PYTEST_", "MAKE", "MFLAGS", "PORT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    home.mkdir(parents=True, exist_ok=True)
    return kept | {"HOME": str(home)} | more


@contextmanager
def serving(
    command: Sequence[str | Path], *, cwd: Path, environ: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in its own process group, wait until its port (PORT in `environ`) answers at /health; stop it."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(f"http://127.0.0.1:{environ['PORT']}/health", process, log)
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a server and everything it started, in order first and then for good."""
    for how, patience in ((signal.SIGTERM, 20), (signal.SIGKILL, 5)):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return


def get(port: int | str, path: str, **headers: str) -> tuple[int, str]:
    """Status and body of one page, refusals included."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status), answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return int(refusal.code), refusal.read().decode()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise NeverAnswered(f"{url} did not answer; the server printed:\n{log.read_text(errors='replace')}")
