"""The lines of one chain of the trail, for tests that tell what was written."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from tests.support.organisation import Organisation
from trim.audit import trail
from trim.store.tables import TrailEntry


def lines_of(organisation: Organisation, account: str) -> list[dict[str, Any]]:
    """The lines in the chain of that account, the oldest first."""
    return lines_in(organisation, trail.account_chain(organisation.accounts[account].id))


def lines_in(organisation: Organisation, chain: str) -> list[dict[str, Any]]:
    """The lines of a chain, the oldest first."""
    with organisation.backend.reading() as uow:
        query = select(TrailEntry).where(col(TrailEntry.chain) == chain).order_by(col(TrailEntry.number))
        return [json.loads(one.text) for one in uow.session.scalars(query)]
