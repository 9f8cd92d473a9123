"""After a red flag: whom to call this minute, and where to note whom one spoke to (CARE 1, 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor
from trim.domain.organisation import CrisisLine
from trim.engine.definition import Choice
from trim.engine.wording import Text
from trim.store import accounts
from trim.store.tables import SupportCase
from trim.usecases.acting.standing import subject_of
from trim.usecases.perform import find
from trim.usecases.telling import duty_for
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody of the programme who answers the telephone now."""

    name: str
    phone: str
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Numbers:
    """Whom to call; nobody on duty is said, and the crisis lines are always there."""

    on_duty: tuple[OnDuty, ...]
    crisis_lines: tuple[CrisisLine, ...]


@dataclass(frozen=True, slots=True)
class CallNow:
    """The page after a red flag."""

    escalation_ref: str
    version: int
    case_ref: str
    person: str
    level: str
    level_words: Choice | None
    answer_by: datetime
    advice: Text | None
    numbers: Numbers
    #: The pack's action by which a talk is noted; None when it is not to be had any more.
    speak_action: str | None


def numbers_for(uow: UnitOfWork, case: SupportCase, now: datetime) -> Numbers:
    """Who is on duty and may hear of this case, and the organisation's crisis lines."""
    able = {account.id for account in duty_for(uow, case, now)}
    return Numbers(
        tuple(
            OnDuty(account.name, turn.phone, turn.until_at)
            for turn, account in accounts.on_duty(uow.session, case.programme, now)
            if account.id in able
        ),
        uow.organisation.crisis_lines,
    )


def call_now(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> CallNow:
    """Whom to call about the escalation of that reference. Raises NotFound, ConflictUnknown."""
    found = find(uow, actor, "escalation", ref, lock=False, glass=True)
    case, one = found.case, found.subject
    assert case is not None
    uow.record(
        actor,
        now,
        "case.read",
        chain=f"case:{case.id}",
        subject=f"escalation:{one.id}",
        role=sorted(found.roles)[0],
        codes={"page": "call_now"},
    )
    speak = next(
        (
            action.name
            for action in found.pack.lifecycles["escalation"].actions.values()
            if "record_spoke_to" in action.does and one.state in action.from_ and found.roles & set(action.by)
        ),
        None,
    )
    return CallNow(
        escalation_ref=one.ref,
        version=one.version,
        case_ref=case.ref,
        person=subject_of(uow, case).name,
        level=one.level,
        level_words=found.pack.choice("red_flag_levels", one.level),
        answer_by=one.answer_by,
        advice=found.pack.texts.get("call_now"),
        numbers=numbers_for(uow, case, now),
        speak_action=speak,
    )
