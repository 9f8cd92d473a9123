"""Notices that reached nobody, for those who can see to it: coordinators of their units, administrators of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.audit import trail
from trim.domain.access import Actor, Can, Role
from trim.domain.confidentiality import sees
from trim.domain.errors import Forbidden, NotFound
from trim.store import telling
from trim.store.people import units
from trim.usecases.unit_of_work import UnitOfWork

#: Rows of one page.
PAGE = 25


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One notice that did not reach its recipient; `because` is a word.

    Kind and reference are empty for an administrator: address and account are theirs to mend, and nothing more is
    theirs to know (CARE 12).
    """

    notice_id: str
    kind: str
    subject_kind: str
    subject_ref: str
    recipient: str
    because: str
    urgent: bool
    made_at: datetime
    failed_at: datetime


@dataclass(frozen=True, slots=True)
class UndeliveredPage:
    """A page of them, the newest first, and the key of the next."""

    rows: tuple[Undelivered, ...]
    next_key: tuple[datetime, str] | None


def list_undelivered(
    uow: UnitOfWork, actor: Actor, *, now: datetime, after: tuple[datetime, str] | None = None
) -> UndeliveredPage:
    """Notices of which nobody took note, with a line in the reader's chain. Raises Forbidden."""
    knows = bool(actor.roles & sees("notice", "undelivered"))
    found = telling.undelivered(uow.session, unit_ids=_scope(uow, actor), after=after, limit=PAGE + 1)
    rows = tuple(
        Undelivered(
            notice_id=one.id,
            kind=one.kind if knows else "",
            subject_kind=one.subject_kind if knows else "",
            subject_ref=one.subject_ref if knows else "",
            recipient=account.name,
            because=one.failed_because or "",
            urgent=one.urgent,
            made_at=one.made_at,
            failed_at=one.settled_at or one.made_at,
        )
        for one, account in found[:PAGE]
    )
    chain = trail.account_chain(actor.account_id)
    uow.record(actor, now, "notice.listed", chain=chain, subject=chain, codes={"number": len(rows)})
    more = len(found) > PAGE
    return UndeliveredPage(rows, (rows[-1].failed_at, rows[-1].notice_id) if more else None)


def count_undelivered(uow: UnitOfWork, actor: Actor) -> int:
    """How many of them this reader could see to. Raises Forbidden."""
    return telling.count_undelivered(uow.session, unit_ids=_scope(uow, actor))


def take_note(uow: UnitOfWork, actor: Actor, *, now: datetime, notice_id: str) -> None:
    """Take a notice off the page: somebody has seen to it. Raises Forbidden, NotFound."""
    row = telling.failed_notice(uow.session, notice_id, unit_ids=_scope(uow, actor))
    if row is None:
        raise NotFound
    if row.seen_at is not None:
        return
    row.seen_at, row.seen_by = now, actor.account_id
    uow.session.add(row)
    chain = trail.account_chain(row.recipient_id)
    uow.record(actor, now, "notice.seen", chain=chain, subject=chain, codes={"notices": [row.id]})


def _scope(uow: UnitOfWork, actor: Actor) -> frozenset[str] | None:
    """The units of this reader and those above, whose people work for them too; None: all. Raises Forbidden."""
    if not actor.can(Can.SEE_UNDELIVERED):
        raise Forbidden
    if Role.ADMINISTRATOR in actor.roles:
        return None
    tree = units(uow.session)
    mine = set(actor.units_where(Can.SEE_UNDELIVERED))
    for unit_id in list(mine):
        above = tree[unit_id].parent_id if unit_id in tree else None
        while above is not None and above not in mine:
            mine.add(above)
            above = tree[above].parent_id
    return frozenset(mine)
