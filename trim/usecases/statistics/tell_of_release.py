"""Who hears of a release: everybody who reads figures, once, without any figure; and whoever asked for it."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor
from trim.domain.confidentiality import sees
from trim.store import accounts
from trim.store.tables import ReleaseRequest
from trim.usecases.telling import account_named, tell
from trim.usecases.unit_of_work import UnitOfWork


def tell_readers(uow: UnitOfWork, actor: Actor, *, now: datetime, number: int, corrects: int | None) -> int:
    """Tell every account that may read figures of a new release, or that an earlier one is corrected; gives how many.

    Written with the release, and once for each release and person however often it is called.
    """
    readers = [
        account
        for programme in uow.shelf.programmes(uow.session)
        for account in accounts.holders_anywhere(uow.session, sorted(sees("statistics", "figures")), programme, now)
    ]
    return tell(
        uow,
        readers,
        kind="release_published" if corrects is None else "release_corrected",
        subject_kind="release",
        subject_ref=str(number),
        cause="published",
        now=now,
        actor=actor,
    )


def tell_who_asked(uow: UnitOfWork, actor: Actor, request: ReleaseRequest, *, now: datetime, kind: str) -> int:
    """Tell whoever asked for a release what came of it; gives how many: none where the account is closed."""
    return tell(
        uow,
        account_named(uow, request.asked_by),
        kind=kind,
        subject_kind="release_request",
        subject_ref=request.id[:16],
        cause=request.id,
        now=now,
        actor=actor,
    )
