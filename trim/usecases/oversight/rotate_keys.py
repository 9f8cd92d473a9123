"""Change the master key while the servers run; the trail says so before the old one is wiped."""

from __future__ import annotations

from datetime import datetime

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.errors import Forbidden
from trim.usecases.unit_of_work import Backend
from trim.vault.rotation import Rotated, rotate


def rotate_keys(backend: Backend, actor: Actor, *, now: datetime) -> Rotated:
    """Re-wrap every key under a new master key, or finish what was broken off. Raises Forbidden, ContentDamaged."""
    if not actor.is_system:
        raise Forbidden

    def note(done: Rotated) -> None:
        with backend.writing() as uow:
            uow.record(
                actor,
                now,
                "keys.rotated",
                chain=trail.ORGANISATION,
                subject="keys",
                codes={"master": done.master, "rewrapped": done.rewrapped},
            )

    return rotate(backend.vault.ring, before_last_step=note)
