"""What leaves the house of the trail is itself in the trail, before anything is written out."""

from __future__ import annotations

from datetime import datetime

from trim.audit import trail
from trim.domain.access import Actor, Can
from trim.domain.errors import Forbidden
from trim.usecases.unit_of_work import UnitOfWork


def note_export(uow: UnitOfWork, actor: Actor, *, now: datetime) -> None:
    """Say that the whole trail is written out. Raises Forbidden."""
    _require(actor)
    uow.record(actor, now, "trail.exported", chain=trail.ORGANISATION, subject="trail")


def note_entry_proof(uow: UnitOfWork, actor: Actor, *, now: datetime, chain: str, number: int) -> None:
    """Say that a proof of one entry is made; the ledger of its case or incident names it. Raises Forbidden."""
    _require(actor)
    uow.record(
        actor,
        now,
        "trail.entry_proved",
        chain=trail.ORGANISATION,
        subject="trail",
        codes={"chain": chain, "number": number},
        also=(chain,) if chain.partition(":")[0] in {"case", "incident"} else (),
    )


def note_growth_proof(uow: UnitOfWork, actor: Actor, *, now: datetime, earlier: int, later: int) -> None:
    """Say that a proof of two checkpoints is made. Raises Forbidden."""
    _require(actor)
    uow.record(
        actor,
        now,
        "trail.growth_proved",
        chain=trail.ORGANISATION,
        subject="trail",
        codes={"from": earlier, "to": later},
    )


def _require(actor: Actor) -> None:
    if not (actor.is_system or actor.can(Can.SEE_TRAIL)):
        raise Forbidden
