"""How long a private link works, as the organisation sets it."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor
from trim.usecases.oversight.install_pack import change_settings
from trim.usecases.unit_of_work import UnitOfWork

#: A link that works longer lies about in a mailbox; one that works for less is gone before it is read.
FEWEST, MOST = 1, 90


def set_link_days(uow: UnitOfWork, actor: Actor, *, now: datetime, days: int) -> None:
    """Set it for links made from now on. Raises ValueError beyond 1 to 90 days, Forbidden."""
    if not FEWEST <= days <= MOST:
        raise ValueError(f"a private link works for {FEWEST} to {MOST} days")
    change_settings(uow, actor, now=now, values={"private_link_days": days})
