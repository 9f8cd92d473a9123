"""Lines of the trail as they would be there after much reading: written by the real writer, without the pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tests.support.organisation import Organisation
from trim.audit import trail
from trim.domain.access import Actor


def opens(organisation: Organisation, who: str, case_ids: Iterable[str], *, at: datetime | None = None) -> None:
    """That account opens these cases."""
    account = organisation.accounts[who]
    actor = Actor(account.id, account.name)
    with organisation.backend.writing() as uow:
        for case_id in case_ids:
            uow.record(
                actor,
                at or organisation.now,
                "case.read",
                chain=trail.case_chain(case_id),
                subject=trail.case_chain(case_id),
                role="coordinator",
                codes={"page": "case"},
            )


def notes(
    organisation: Organisation,
    who: str,
    what: str,
    times: int,
    *,
    at: datetime | None = None,
    subject: str = "directory",
    chain: str | None = None,
    **codes: trail.Code,
) -> None:
    """So many lines of that word, in the chain of the account unless another is named."""
    account = organisation.accounts[who]
    with organisation.backend.writing() as uow:
        for _ in range(times):
            uow.record(
                Actor(account.id, account.name),
                at or organisation.now,
                what,
                chain=chain or trail.account_chain(account.id),
                subject=subject,
                codes=codes,
            )
