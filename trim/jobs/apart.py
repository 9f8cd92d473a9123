"""Long reckoning in a process of its own, so that no reminder and no red flag waits for it.

A release can take an hour of one processor. The worker only starts a process for it, sees at each tick whether it is
still there, and ends it when it is ended itself. Which request is made stands in our own rows: a process that dies
loses its claim, and the next one begins anew.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Final

from trim.domain.errors import TrimError

#: How long a process that is told to stop may take to give back what it had begun, in seconds.
GRACE_SECONDS: Final = 20.0


def end_in_order(process: subprocess.Popen[bytes]) -> None:
    """Tell a process to stop, and kill it where it has not stopped in time; gives back once it is over."""
    process.terminate()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class ApartFailed(TrimError):
    """The process ended without saying that all went well; its log says why."""


def command(worker: str) -> list[str]:
    """What is started: this program, which ends with this process and claims in the name of `worker`."""
    inside = ["--inside", str(os.getpid()), "--as", worker]
    return [sys.executable, "-m", "trim.cli.main", "statistics", "make", *inside]


@dataclass
class Apart:
    """At most one such process of this worker."""

    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def is_running(self) -> bool:
        """Whether it is still at work; one that has ended is noticed by `reap`."""
        return self.process is not None and self.process.poll() is None

    def start(self, worker: str) -> None:
        """Start it; it reads the same environment as this process."""
        self.process = subprocess.Popen(command(worker), stdin=subprocess.DEVNULL)  # noqa: S603 - this very program

    def reap(self) -> int | None:
        """The exit status of a process that has ended since the last look; None where there is none."""
        if self.process is None or self.process.poll() is None:
            return None
        status, self.process = self.process.returncode, None
        return status

    def wait(self) -> int | None:
        """Wait until it is over; its exit status, None where there was none."""
        if self.process is None:
            return None
        self.process.wait()
        return self.reap()

    def stop(self) -> bool:
        """End it, in order first and then for good; False where it had to be killed or had died."""
        if self.process is None:
            return True
        end_in_order(self.process)
        return self.reap() == 0
