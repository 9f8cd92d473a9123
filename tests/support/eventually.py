"""Waits for what another process is about to do; never for time itself, which tests hand in."""

from __future__ import annotations

import time
from collections.abc import Callable


def eventually(is_so: Callable[[], bool], *, seconds: float = 10) -> None:
    """Return as soon as `is_so` is true; fail when it is not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not so after {seconds} s"
        time.sleep(0.05)
