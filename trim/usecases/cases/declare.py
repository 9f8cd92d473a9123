"""“Line manager unknown” means ask: a reader says whether they lead the person, before anything opens (CARE 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor
from trim.domain.errors import ConflictUnknown
from trim.store import cases
from trim.store.tables import ConflictAnswer
from trim.usecases.acting.standing import standing, subject_of
from trim.usecases.break_glass.end_opening import end_own
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class LineQuestion:
    """Whom the question is about: nobody can answer it without the name, so it is the one thing shown."""

    ref: str
    person: str


def line_question(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> LineQuestion | None:
    """The question, or None when it is answered or need not be asked. Raises NotFound for whoever may not read."""
    case = cases.load(uow.session, "case", ref)
    try:
        standing(uow, actor, case, glass=True)
    except ConflictUnknown:
        uow.record(
            actor,
            now,
            "case.read",
            chain=f"case:{case.id}",
            subject=f"case:{case.id}",
            codes={"page": "line_manager"},
        )
        return LineQuestion(case.ref, subject_of(uow, case).name)
    return None


def declare_line(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, is_clear: bool) -> None:
    """Keep the answer. With a line between the two the case is hidden from the actor from now on.

    Raises NotFound; an answer that nobody asked for changes nothing.
    """
    case = cases.load(uow.session, "case", ref, lock=True)
    try:
        standing(uow, actor, case, glass=True)
        return
    except ConflictUnknown:
        pass
    uow.session.add(
        ConflictAnswer(id=uow.new_id(), case_id=case.id, account_id=actor.account_id, clear=is_clear, answered_at=now)
    )
    uow.record(
        actor,
        now,
        "case.line_declared",
        chain=f"case:{case.id}",
        subject=f"case:{case.id}",
        codes={"clear": is_clear},
    )
    if not is_clear:
        end_own(uow, actor, now=now, case=case)
