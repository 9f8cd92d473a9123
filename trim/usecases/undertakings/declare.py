"""“Line manager unknown” means ask, beside cases too: a reader says whether there is a line, before anything opens
(CARE 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor
from trim.domain.errors import ConflictUnknown
from trim.store import undertakings
from trim.store.tables import Undertaking, UndertakingLineAnswer
from trim.usecases.acting.beside_standing import overseers_for, people_of, stand_to
from trim.usecases.telling import tell
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class LineQuestion:
    """Whom the question is about: nobody can answer it without the names, so they are the one thing shown."""

    ref: str
    people: tuple[str, ...]


def line_question(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> LineQuestion | None:
    """The question, or None when it is answered or need not be asked. Raises NotFound for whoever may not read."""
    row = undertakings.load(uow.session, ref)
    if not _is_asked(uow, actor, row):
        return None
    uow.record(
        actor,
        now,
        "undertaking.read",
        chain=f"undertaking:{row.id}",
        subject=f"{row.kind}:{row.id}",
        codes={"page": "line_manager"},
    )
    who = people_of(uow, row, undertakings.parties(uow.session, row.id)).values()
    return LineQuestion(row.ref, tuple(sorted(one.name for one in who if not one.line_manager_known)))


def declare_line(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, is_clear: bool) -> None:
    """Keep the answer. With a line the actor sees it no more, leads it no more, and its coordinators hear of that.

    Raises NotFound; an answer that nobody asked for changes nothing.
    """
    row = undertakings.load(uow.session, ref, lock=True)
    if not _is_asked(uow, actor, row):
        return
    uow.session.add(
        UndertakingLineAnswer(
            id=uow.new_id(), undertaking_id=row.id, account_id=actor.account_id, clear=is_clear, answered_at=now
        )
    )
    uow.record(
        actor,
        now,
        "undertaking.line_declared",
        chain=f"undertaking:{row.id}",
        subject=f"{row.kind}:{row.id}",
        codes={"clear": is_clear},
    )
    leading = [one for one in undertakings.leaders(uow.session, row.id) if one.account_id == actor.account_id]
    if is_clear or not leading:
        return
    uow.session.delete(leading[0])
    uow.session.flush()
    tell(
        uow,
        overseers_for(uow, row, now),
        kind="leader_missing",
        subject_kind="undertaking",
        subject_ref=row.ref,
        cause=actor.account_id,
        now=now,
        actor=actor,
    )


def _is_asked(uow: UnitOfWork, actor: Actor, row: Undertaking) -> bool:
    try:
        stand_to(uow, actor, row)
    except ConflictUnknown:
        return True
    return False
