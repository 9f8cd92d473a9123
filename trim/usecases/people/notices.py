"""What somebody was told: notices with a reference and nothing more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor
from trim.store import notices, telling
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Told:
    """One notice; `subject_ref` is the reference of a case or the like, or an id that says nothing."""

    kind: str
    subject_kind: str
    subject_ref: str
    urgent: bool
    at: datetime


def newest_notices(
    uow: UnitOfWork, actor: Actor, *, limit: int = 30, since: datetime | None = None, without: Collection[str] = ()
) -> tuple[Told, ...]:
    """The newest notices to oneself: made since then, and of no kind named in `without`."""
    found = notices.newest(uow.session, actor.account_id, limit, since=since, without=without)
    return tuple(Told(one.kind, one.subject_kind, one.subject_ref, one.urgent, one.made_at) for one in found)


def own_notice(uow: UnitOfWork, actor: Actor, notice_id: str) -> Told | None:
    """A notice to oneself, by the id that its mail's link names; None for anybody else's, whether it exists or not."""
    one = telling.notice_to(uow.session, notice_id, actor.account_id)
    return Told(one.kind, one.subject_kind, one.subject_ref, one.urgent, one.made_at) if one is not None else None
