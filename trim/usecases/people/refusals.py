"""Refused attempts are part of the trail (law 7)."""

from __future__ import annotations

from datetime import datetime

from trim.audit import trail
from trim.domain.access import Actor
from trim.usecases.unit_of_work import UnitOfWork


def record_refusal(uow: UnitOfWork, actor: Actor, *, now: datetime, place: str, code: str) -> None:
    """One line in the chain of the account; `place` is the name of a page, never its address with what was typed."""
    uow.record(
        actor,
        now,
        "access.refused",
        chain=trail.account_chain(actor.account_id),
        subject=f"page:{place}",
        codes={"reason": code},
    )
