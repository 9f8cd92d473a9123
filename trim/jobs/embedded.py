"""The worker of one machine: a tick now and then, in one process, until it is told to stop.

Started twice it does no harm: everything is claimed in rows before it is done.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from trim.jobs import releases
from trim.jobs.tasks import Kit
from trim.jobs.tick import Clock, Ticked, prepare, tick
from trim.store import jobs

_LOG = logging.getLogger(__name__)


def worker_name() -> str:
    """Machine, process and a random part: no two workers share one, not even after a restart."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid4().hex[:12]}"


@dataclass
class Embedded:
    """Runs ticks every `seconds`; `stop` ends it after the task that is running."""

    kit: Kit
    clock: Clock
    seconds: float
    kind: str = "embedded"
    stopped: threading.Event = field(default_factory=threading.Event)
    #: Called with what each tick did.
    told: Callable[[Ticked], None] = lambda _: None
    ticks: int = 0
    #: Tasks of the last tick that did not come to their end.
    failed: tuple[str, ...] = ()

    def stop(self) -> None:
        """End after the task that is running now."""
        self.stopped.set()

    def run(self, *, once: bool = False) -> None:
        """Tick until stopped, or once. A database that is away for a while is waited for."""
        while not self.stopped.is_set():
            try:
                self._round()
            except Exception as problem:
                if once:
                    raise
                # The database may be away for a while; what was claimed is anybody's once its claim has run out.
                _LOG.error("a tick came to no end (%s)", type(problem).__name__)
            if once:
                break
            self.stopped.wait(self.seconds)
        self._end_apart(once=once)
        with suppress(Exception):
            self._beat(stopped=True)

    def _end_apart(self, *, once: bool) -> None:
        """What runs beside is waited for where everything is to be done once; else it ends with its worker."""
        kit = self.kit
        if not once:
            releases.end(kit.backend, kit.apart, kit.worker)
        elif not releases.finish(kit.backend, kit.apart, kit.worker):
            self.failed = (*self.failed, "releases")

    def _round(self) -> None:
        if self.ticks == 0:
            prepare(self.kit)
        self._beat()
        ticked = tick(self.kit, self.clock, stopping=self.stopped.is_set)
        self.failed = ticked.failed
        self.told(ticked)
        self.ticks += 1
        self._beat()

    def _beat(self, *, stopped: bool = False) -> None:
        now: datetime = self.clock()
        with self.kit.backend.database.writing() as session:
            jobs.beat(session, self.kit.worker, kind=self.kind, now=now, ticks=self.ticks, stopped=stopped)
