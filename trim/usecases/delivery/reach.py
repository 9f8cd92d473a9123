"""Whether somebody can be reached, and whether what was to be said still matters."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from email_validator import EmailNotValidError, validate_email
from sqlmodel import Session

from trim.domain.telling import matters_while
from trim.store import accounts, outbox
from trim.store.tables import Account, Leave, Notice, SupportCase
from trim.usecases.unit_of_work import UnitOfWork

#: The one notice about an escalation that is not made pointless by its decision: it tells of it.
OF_DECISION = "escalation_decided"


class Away:
    """Who is on leave when, looked up once for several people."""

    def __init__(self, session: Session, account_ids: Collection[str], from_on: date) -> None:
        self._leaves: dict[str, list[Leave]] = {}
        for one in outbox.leaves(session, account_ids, from_on):
            self._leaves.setdefault(one.account_id, []).append(one)

    def on(self, account_id: str, day: date) -> bool:
        """Whether somebody is away on a day."""
        return any(one.from_on <= day <= one.until_on for one in self._leaves.get(account_id, ()))


def unreachable(account: Account, *, away: bool, urgent: bool) -> str | None:
    """Why a notice cannot be delivered whatever the mail server does; None when it can. Urgent ones pass leave."""
    if not account.active:
        return "account_closed"
    if not has_address(account.email):
        return "no_address"
    return "on_leave" if away and not urgent else None


def has_address(email: str) -> bool:
    """Whether this can be written to at all; whether somebody reads it only the post can tell."""
    try:
        # An address inside the house (name@mail.local) is one.
        validate_email(email, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return False
    return True


def pointless(uow: UnitOfWork, notices: Collection[Notice]) -> dict[str, str]:
    """What happened since that makes notices pointless, as a word by row id."""
    found: dict[str, str] = {}
    steps = outbox.steps(uow.session, {one.step_id for one in notices if one.step_id})
    asked = outbox.cases_by_ref(uow.session, _refs(notices, {"asked_to_support", "to_allocate"}))
    asking = {one.subject_ref for one in notices if one.subject_kind == "escalation" and one.kind != OF_DECISION}
    questions = outbox.escalations_by_ref(uow.session, asking)
    for one in notices:
        step = steps.get(one.step_id or "")
        case = asked.get(one.subject_ref)
        question = questions.get(one.subject_ref) if one.kind != OF_DECISION else None
        if step is not None and step.state not in matters_while(one.kind) and question is None:
            found[one.id] = f"step_{step.state}"
        elif question is not None and question.decided_at is not None:
            found[one.id] = "decided"
        elif case is not None and _is_answered(one, case):
            found[one.id] = "answered"
    return found


def names_of_due(uow: UnitOfWork, notices: Collection[Notice], locale: str) -> Mapping[str, str]:
    """The pack's name of what is due, in the recipient's language, by row id; it names no person."""
    steps = outbox.steps(uow.session, {one.step_id for one in notices if one.step_id})
    packs = outbox.packs_of_cases(uow.session, {one.case_id for one in steps.values() if one.case_id})
    found = {}
    for one in notices:
        step = steps.get(one.step_id or "")
        version = packs.get(step.case_id or "") if step is not None else None
        if step is None or version is None:
            continue
        lifecycle = uow.pack(version).lifecycles.get(step.subject_kind)
        definition = lifecycle.steps.get(step.name) if lifecycle is not None else None
        if definition is not None:
            found[one.id] = definition.label.of(locale)
    return found


def number_of(session: Session, account: Account, now: datetime) -> str | None:
    """The telephone that will be answered now: the one given for the turn of duty, else the account's own."""
    programmes = {grant.programme for grant in accounts.grants_in_force(session, now, [account.id])}
    for programme in sorted(programmes):
        for turn, holder in accounts.on_duty(session, programme, now):
            if holder.id == account.id and turn.phone:
                return turn.phone
    return account.phone or None


def _is_answered(notice: Notice, case: SupportCase) -> bool:
    if notice.kind == "asked_to_support":
        return notice.recipient_id != case.proposed_practitioner_id
    return notice.kind == "to_allocate" and case.practitioner_id is not None


def _refs(notices: Collection[Notice], kinds: Collection[str]) -> set[str]:
    return {one.subject_ref for one in notices if one.kind in kinds}
