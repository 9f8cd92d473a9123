"""Workers in processes of their own, with connections of their own, which may die at any point of their work."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import event

from tests.support.organisation import Organisation
from trim.usecases.opening import open_backend

Work = Callable[[Organisation], object]


def in_child(made: Organisation, work: Work) -> int:
    """Do `work` in a child process; gives its id. Its status is 0 when the work came to its end."""
    # Connections do not survive a fork: whoever goes on here gets new ones as well.
    made.backend.close()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        urls = made.urls
        backend = open_backend(urls.url, Path(str(made.folder)) / "keys", owner_url=urls.owner_url)
        work(replace(made, backend=backend))
        status = 0
    finally:
        os._exit(status)


def status_of(child: int) -> int:
    """Wait for a child and give its wait status."""
    return os.waitpid(child, 0)[1]


def was_killed(child: int) -> bool:
    """Wait for a child and say whether a signal ended it."""
    return os.WIFSIGNALED(status_of(child))


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def dies_at(made: Organisation, point: int, work: Work) -> bool:
    """Do `work` in a child that dies before its statement of that number, commits counted; True when it did."""

    def counted(own: Organisation) -> None:
        seen = 0

        def count(*_: object) -> None:
            nonlocal seen
            seen += 1
            if seen == point:
                die()

        for moment in ("before_cursor_execute", "commit"):
            event.listen(own.backend.database.engine, moment, count)
        work(own)

    return was_killed(in_child(made, counted))
