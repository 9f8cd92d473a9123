"""A step past its latest bound becomes a question to the programme, with a clock of its own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from trim.domain.access import system_actor
from trim.store import deadlines
from trim.store.deadlines import DueStep
from trim.store.tables import Escalation, SupportCase
from trim.usecases.acting import clocks
from trim.usecases.acting.act import PREFIXES
from trim.usecases.acting.rule_words import OVERDUE
from trim.usecases.counting import count
from trim.usecases.deadlines.ladder import next_for_case, time_to_answer
from trim.usecases.telling import tell
from trim.usecases.unit_of_work import UnitOfWork

WORKER: Final = system_actor("worker")
ORDINARY: Final = "ordinary"


@dataclass(frozen=True, slots=True)
class Raised:
    """What became of an overdue step: its escalation, how many were told, and whether one stood already."""

    escalation_id: str
    told: int
    stood: bool = False


def raise_overdue(
    uow: UnitOfWork, case: SupportCase, step: DueStep, *, to: str, asked: Collection[str], now: datetime
) -> Raised:
    """Open an escalation of an overdue step and tell somebody else of the programme than was reminded (CARE 4).

    With nobody to tell it is opened all the same, its clock is over at once, and the next tick shows it as an alarm. A
    step whose escalation still waits for an answer opens no second one: its clock was moved, the question is the same.
    """
    standing = deadlines.open_escalation_of(uow.session, step.id)
    if standing is not None:
        return Raised(standing.id, 0, stood=True)
    pack = uow.pack(case.pack_version_id)
    lifecycle = pack.lifecycles["escalation"]
    found = next_for_case(uow, case, now, to=to, asked=asked)
    within = time_to_answer(pack, OVERDUE, None, found.role)
    row_id = uow.new_id()
    escalation = Escalation(
        id=row_id,
        ref=uow.new_ref(PREFIXES["escalation"]),
        case_id=case.id,
        unit_id=case.unit_id,
        pack_version_id=case.pack_version_id,
        state=lifecycle.initial,
        rule=OVERDUE,
        level=ORDINARY,
        to_role=found.role,
        raised_at=now,
        raised_by=WORKER.account_id,
        answer_by=within.after(now, uow.organisation.zone) if found.people else now,
        step_id=step.id,
        sealed=uow.vault.seal(f"case:{case.id}", "escalation", row_id, {"step": step.name}),
    )
    uow.session.add(escalation)
    uow.session.flush()
    clocks.start(
        uow,
        pack=pack,
        lifecycle="escalation",
        subject=escalation,
        names=lifecycle.starts,
        anchors={"escalation.raised_at": now, "now": now},
        variables={},
        case_id=case.id,
        now=now,
    )
    told = tell(
        uow,
        found.people,
        kind="step_escalated",
        subject_kind="escalation",
        subject_ref=escalation.ref,
        cause=row_id,
        now=now,
        actor=WORKER,
        step_id=step.id,
    )
    count(uow, "escalation_raised", case=case, now=now, category=OVERDUE, slot=step.name)
    uow.session.flush()
    return Raised(row_id, told)
