"""What somebody was told: notices with a reference and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor
from trim.store import notices
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Told:
    """One notice; `subject_ref` is the reference of a case or the like, or an id that says nothing."""

    kind: str
    subject_kind: str
    subject_ref: str
    urgent: bool
    at: datetime


def newest_notices(uow: UnitOfWork, actor: Actor, *, limit: int = 30) -> tuple[Told, ...]:
    """The newest notices to oneself."""
    found = notices.newest(uow.session, actor.account_id, limit)
    return tuple(Told(one.kind, one.subject_kind, one.subject_ref, one.urgent, one.made_at) for one in found)
