"""Whom to tell: a notice is a row in the outbox with a reference and nothing more, written with its cause."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from trim.domain.access import Actor, Role
from trim.domain.confidentiality import OVERSEERS
from trim.domain.conflicts import conflicts, forbids
from trim.store import accounts, notices
from trim.store.conflicts import not_named
from trim.store.tables import Account, SupportCase
from trim.usecases.acting.act import Act
from trim.usecases.acting.ties import ties
from trim.usecases.unit_of_work import UnitOfWork

SUPERVISORS = tuple(sorted(OVERSEERS))


def tell(
    uow: UnitOfWork,
    recipients: Iterable[Account],
    *,
    kind: str,
    subject_kind: str,
    subject_ref: str,
    cause: str,
    now: datetime,
    actor: Actor,
    urgent: bool = False,
    step_id: str | None = None,
) -> int:
    """Write one notice to each recipient but the one who acts; `cause` makes it once only. Gives how many.

    `step_id` names what is due: once that is done the notice is dropped instead of sent.
    """
    told = 0
    for account in {account.id: account for account in recipients}.values():
        if account.id == actor.account_id:
            continue
        notices.add(
            uow.session,
            once_key=f"{kind}:{subject_ref}:{cause}:{account.id}",
            kind=kind,
            subject_kind=subject_kind,
            subject_ref=subject_ref,
            recipient=account,
            now=now,
            urgent=urgent,
            step_id=step_id,
        )
        told += 1
    return told


def tell_of_act(act: Act, recipients: Iterable[Account], kind: str, case: SupportCase | None = None) -> None:
    """Tell of an action on a case (or of what it did to another), each time that it is done."""
    tell(
        act.uow,
        recipients,
        kind=kind,
        subject_kind="case",
        subject_ref=(case or act.the_case()).ref,
        cause=act.record_id,
        now=act.now,
        actor=act.actor,
    )


def supervisors_of(
    uow: UnitOfWork, case: SupportCase, now: datetime, roles: Iterable[Role] = SUPERVISORS
) -> list[Account]:
    """Coordinators and leads of a case's unit who have no conflict with its person (CARE 4, 10).

    Of a case that belongs to a restricted incident only its readers are told (CARE 13); should none of them be left in
    any role, the others: a danger must reach somebody (CARE 2).
    """
    wanted = tuple(sorted(roles))
    free = _without_conflict(uow, case, now, wanted)
    readers = _readers(uow, case, free)
    if readers or not free:
        return readers
    everybody = free if wanted == SUPERVISORS else _without_conflict(uow, case, now, SUPERVISORS)
    return [] if _readers(uow, case, everybody) else free


def _without_conflict(uow: UnitOfWork, case: SupportCase, now: datetime, roles: Iterable[Role]) -> list[Account]:
    found = accounts.holders(uow.session, list(roles), case.programme, case.unit_id, now)
    known = ties(uow, case, found)
    return [one for one in found if not forbids(conflicts(known[one.id]))]


def _readers(uow: UnitOfWork, case: SupportCase, found: Iterable[Account]) -> list[Account]:
    some = list(found)
    away = not_named(uow.session, case.id, [one.id for one in some])
    return [one for one in some if one.id not in away]


def duty_for(uow: UnitOfWork, case: SupportCase, now: datetime) -> list[Account]:
    """Who is on duty now and has no conflict; empty means that nobody is, which is itself an alarm (CARE 2)."""
    found = [account for _, account in accounts.on_duty(uow.session, case.programme, now)]
    known = ties(uow, case, found)
    return [one for one in found if not forbids(conflicts(known[one.id]))]


def account_named(uow: UnitOfWork, account_id: str) -> list[Account]:
    """The account of an id, as a list of recipients."""
    account = accounts.by_id(uow.session, account_id)
    return [account] if account is not None and account.active else []
