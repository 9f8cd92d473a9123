"""A process beside this one, kept running: started anew whenever it ends by itself, and ended with this one."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from trim.jobs.apart import GRACE_SECONDS, end_in_order

#: How long after its end it is started anew, in seconds: one that cannot start must not fill the log.
AGAIN_SECONDS: Final = 10.0


@contextmanager
def kept_running(
    command: Sequence[str], *, told: Callable[[int], object], again_after: float = AGAIN_SECONDS
) -> Iterator[None]:
    """Keep `command` running while the work inside goes on; `told` hears of each exit status but 0.

    One thread starts the process each time and outlives it: Linux sends the signal of a parent's death when the thread
    ends that started it.
    """
    over, running = threading.Event(), list[subprocess.Popen[bytes]]()
    starting = threading.Lock()

    def keep() -> None:
        while True:
            with starting:
                if over.is_set():
                    return
                running[:] = [subprocess.Popen(command)]  # noqa: S603 - this very program
            status = running[0].wait()
            if over.is_set():
                return
            if status:
                # One that was told to stop together with this process, by Ctrl-C, is no news.
                told(status)
            over.wait(again_after)

    beside = threading.Thread(target=keep, name="trim-beside", daemon=True)
    beside.start()
    try:
        yield
    finally:
        with starting:
            over.set()
        for process in running:
            end_in_order(process)
        beside.join(GRACE_SECONDS)
