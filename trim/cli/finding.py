"""One thing that `trim doctor` looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was found, and when it is not well, what to do."""

    name: str
    ok: bool
    found: str
    cure: str = ""
