"""Make a signed checkpoint of the trail, nightly and on demand."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trim.audit import trail
from trim.audit.checkpoint import Sealed, make_checkpoint, newest
from trim.domain.access import Actor, Can
from trim.domain.errors import Forbidden
from trim.usecases.unit_of_work import UnitOfWork


def seal_trail(uow: UnitOfWork, actor: Actor, *, now: datetime, key: Ed25519PrivateKey) -> Sealed:
    """Cover all chains by a new checkpoint, its own line included. Raises Forbidden."""
    if not (actor.is_system or actor.can(Can.SEE_TRAIL)):
        raise Forbidden
    before = newest(uow.session)
    uow.record(
        actor,
        now,
        "trail.checkpoint",
        chain=trail.ORGANISATION,
        subject="trail",
        codes={"number": before.number + 1 if before is not None else 1},
    )
    return make_checkpoint(uow.session, key, at=now)
