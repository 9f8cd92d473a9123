"""Calls the telephones of people with an urgent notice, besides the mail, which waits for no service that is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from trim.delivery.notice_mail import Told, call_text, reference_of
from trim.delivery.pager import Call, CallRefused, NotPaged, Pager
from trim.delivery.posting import ENOUGH, Clock
from trim.domain.telling import PAGER_WAITS, wait_after
from trim.store import outbox
from trim.store.tables import Account, Notice, PagerCall
from trim.usecases.delivery.plan import POST, note
from trim.usecases.delivery.reach import number_of, pointless
from trim.usecases.unit_of_work import Backend, UnitOfWork

#: How long a claim holds; longer than the service may take with `trim.delivery.pager.PATIENCE` for each answer.
LEASE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Claimed:
    call: Call | None
    attempts: int = 0


def call_due(backend: Backend, pager: Pager | None, *, at: Clock, most: int) -> int:
    """Make the calls that are due; gives how many were taken. Without a pager they end as dropped."""
    made = tries = in_a_row = 0
    while tries < most and in_a_row < ENOUGH:
        claimed = _claim(backend, at(), asked=pager is not None)
        if claimed is None:
            break
        if claimed.call is None or pager is None:
            continue
        tries += 1
        taken, service_at_fault = _make(backend, pager, claimed.call, claimed.attempts, at)
        made += taken
        in_a_row = in_a_row + 1 if service_at_fault else 0
    return made


def _claim(backend: Backend, now: datetime, *, asked: bool) -> _Claimed | None:
    with backend.writing() as uow:
        found = outbox.next_call(uow.session, now)
        if found is None:
            return None
        call, notice, account = found
        ended = _needless(uow, notice, account, asked=asked)
        if ended:
            outbox.note_call(uow.session, call.id, state="dropped", last_problem=ended)
            return _Claimed(None)
        number = number_of(uow.session, account, now)
        if not number:
            _fail(uow, call, notice, now, "no_number")
            return _Claimed(None)
        attempts = call.attempts + 1
        if wait_after(call.attempts, PAGER_WAITS) is None:
            # Every try killed its worker before it could say so.
            _fail(uow, call, notice, now, "gave_up")
            return _Claimed(None)
        outbox.note_call(uow.session, call.id, claimed_until=now + LEASE, attempts=attempts)
        told = Told(notice.id, notice.kind, notice.subject_kind, notice.subject_ref)
        text = call_text(told, account.locale, demonstration=uow.organisation.demonstration)
        return _Claimed(Call(call.id, number, text, reference_of(told)), attempts)


def _needless(uow: UnitOfWork, notice: Notice, account: Account, *, asked: bool) -> str:
    if not asked:
        return "no_pager"
    if not account.active:
        return "account_closed"
    return pointless(uow, [notice]).get(notice.id, "")


def _make(backend: Backend, pager: Pager, call: Call, attempts: int, at: Clock) -> tuple[bool, bool]:
    """Whether one call was taken; and if not, whether the service is at fault rather than the call."""
    try:
        pager.send(call, now=at())
    except NotPaged as problem:
        refused = isinstance(problem, CallRefused)
        wait = None if refused else wait_after(attempts, PAGER_WAITS)
        with backend.writing() as uow:
            if wait is None:
                _end(uow, call.id, at(), problem.problem)
            else:
                outbox.call_later(uow.session, call.id, attempts=attempts, at=at() + wait, problem=problem.problem)
        return False, not refused
    with backend.writing() as uow:
        row, notice = outbox.call_and_notice(uow.session, call.id)
        if row is None or notice is None or row.state != "waiting":
            return False, False
        row.state, row.sent_at, row.claimed_until = "sent", at(), None
        uow.session.add(row)
        note(uow, POST, notice.recipient_id, at(), "notice.paged", [notice])
    return True, False


def _end(uow: UnitOfWork, call_id: str, now: datetime, problem: str) -> None:
    row, notice = outbox.call_and_notice(uow.session, call_id)
    if row is not None and notice is not None and row.state == "waiting":
        _fail(uow, row, notice, now, problem)


def _fail(uow: UnitOfWork, row: PagerCall, notice: Notice, now: datetime, problem: str) -> None:
    row.state, row.claimed_until, row.last_problem = "failed", None, problem[:64]
    uow.session.add(row)
    note(uow, POST, notice.recipient_id, now, "notice.not_paged", [notice], problem)
