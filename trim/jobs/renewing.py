"""Holds a claim for as long as the work goes on, from a thread beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def renewed(renew: Callable[[], object], *, every: float, name: str) -> Iterator[None]:
    """Call `renew` every so many seconds until the work inside is over. One that fails is made up for by the next."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(every):
            # The database may be busy or away for a moment: the next renewal is before the claim runs out.
            with suppress(Exception):
                renew()

    beside = threading.Thread(target=beat, name=f"trim-{name}", daemon=True)
    beside.start()
    try:
        yield
    finally:
        over.set()
        beside.join()
