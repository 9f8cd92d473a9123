"""A database that is older than what left it is served only when somebody says so, and the trail keeps that."""

from __future__ import annotations

from datetime import datetime

from trim.audit import trail
from trim.audit.freshness import Freshness
from trim.domain.access import Actor
from trim.domain.errors import Forbidden
from trim.usecases.unit_of_work import UnitOfWork


def accept_older(uow: UnitOfWork, actor: Actor, *, now: datetime, found: Freshness) -> None:
    """Note that an older database goes into service, with what is known to be missing. Raises Forbidden."""
    if not actor.is_system:
        raise Forbidden
    uow.record(
        actor,
        now,
        "trail.older_accepted",
        chain=trail.ORGANISATION,
        subject="trail",
        codes={
            "checkpoint": found.checkpoint,
            "anchor": found.anchor,
            "contradicted": found.contradicted,
            "chains_behind": len(found.behind),
        },
    )
