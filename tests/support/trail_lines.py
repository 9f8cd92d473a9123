"""The lines of one account's chain in the trail, for tests that tell what was written."""

from __future__ import annotations

from typing import Any

from tests.support.organisation import Organisation
from tests.support.trail import lines
from trim.audit import trail


def lines_of(organisation: Organisation, account: str) -> list[dict[str, Any]]:
    """The lines in the chain of that account, the oldest first."""
    with organisation.backend.reading() as uow:
        return lines(uow.session, trail.account_chain(organisation.accounts[account].id))
