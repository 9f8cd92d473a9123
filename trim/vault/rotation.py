"""A new master key, while the servers go on: every wrapped key is unwrapped with the old and wrapped with the new.

Broken off at any point and begun again, it goes on where it was. The old key is wiped last, when no key needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trim.vault.keyring import KeyRing

#: Keys that are read at a time.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a change of the master key did: the new one's name and how many keys it re-wrapped in this run."""

    master: str
    rewrapped: int


def rotate(ring: KeyRing, *, before_last_step: Callable[[Rotated], None]) -> Rotated:
    """Change the master key. `before_last_step` is called when all is re-wrapped and the old key is still there.

    Raises ContentDamaged when a key does not open: both master keys are kept then.
    """
    store, masters = ring.store, ring.masters
    master = masters.prepare()
    # From here on no key is taken that the old one wraps: what the loop has done stays done.
    store.make_current(master)
    rewrapped = 0
    while batch := store.wrapped_by_others(master, BATCH):
        for wrapped in batch:
            rewrapped += store.swap(wrapped, masters.rewrap(wrapped, master))
    done = Rotated(master, rewrapped)
    before_last_step(done)
    masters.finish(master)
    return done
