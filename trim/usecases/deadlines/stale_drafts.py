"""Interviews begun and not submitted: they become overdue and are told, and never vanish (CARE 8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from trim.domain.access import Role
from trim.store import deadlines
from trim.store.database import DatabaseUnavailable
from trim.store.deadlines import stage_id
from trim.store.tables import AssessmentDraft, SupportCase
from trim.usecases.deadlines.ladder import next_for_case
from trim.usecases.deadlines.raise_overdue import WORKER
from trim.usecases.telling import account_named, tell
from trim.usecases.unit_of_work import Backend, UnitOfWork

#: Untouched for so long a draft is overdue: our own choice. What was said fades, and the next clock runs from it.
STALE: Final = timedelta(days=2)
#: Untouched for so long a coordinator hears of it too.
VERY_STALE: Final = timedelta(days=5)


def is_stale(saved_at: datetime, now: datetime) -> bool:
    """Whether a draft has lain for so long that pages show it as overdue."""
    return now - saved_at >= STALE


def tell_of_stale_drafts(backend: Backend, *, now: datetime) -> int:
    """Tell of each draft that lies untouched: whoever supports the person first, then a coordinator. Gives how many.

    Saving it again begins anew; every draft is told of once at each of the two times. One of which nobody can be told
    stops no other: what went wrong with the first such is raised once all the rest is done.
    """
    told, after, problems = 0, "", list[Exception]()
    while True:
        with backend.reading() as uow:
            page = deadlines.stale_drafts(uow.session, saved_before=now - STALE, after=after)
            wanting = [draft.id for draft, _ in page if _wanted(uow, draft, now)]
        for draft_id in wanting:
            try:
                with backend.writing() as uow:
                    told += _tell_of(uow, draft_id, now)
            except DatabaseUnavailable:
                raise
            except Exception as problem:
                # One of which nobody can be told must not stop the others; it is raised when they are done.
                problems.append(problem)
        if len(page) < deadlines.BATCH:
            break
        after = page[-1][0].id
    if problems:
        raise problems[0]
    return told


def _tell_of(uow: UnitOfWork, draft_id: str, now: datetime) -> int:
    """Tell of one draft what it still wants, looked at again: it may have been saved or submitted meanwhile."""
    told = 0
    for draft, case in deadlines.stale_drafts(uow.session, saved_before=now - STALE, only=draft_id):
        for stage, at in _wanted(uow, draft, now):
            told += _tell(uow, draft, case, stage, at, now)
    return told


def _wanted(uow: UnitOfWork, draft: AssessmentDraft, now: datetime) -> list[tuple[str, datetime]]:
    """The stages of a draft whose time has come and that have not acted."""
    stages = [("stale", draft.saved_at + STALE), ("very_stale", draft.saved_at + VERY_STALE)]
    due = [(stage, at) for stage, at in stages if at <= now]
    done = deadlines.acted(uow.session, [draft.id]) if due else set()
    return [(stage, at) for stage, at in due if stage_id(draft.id, draft.saved_at, stage) not in done]


def _tell(uow: UnitOfWork, draft: AssessmentDraft, case: SupportCase, stage: str, at: datetime, now: datetime) -> int:
    people = account_named(uow, case.practitioner_id) if case.practitioner_id and stage == "stale" else []
    if not people:
        asked = {case.practitioner_id} if case.practitioner_id else set()
        people = list(next_for_case(uow, case, now, to=Role.COORDINATOR.value, asked=asked).people)
    told = tell(
        uow,
        people,
        kind="draft_waits",
        subject_kind="case",
        subject_ref=case.ref,
        cause=f"{stage}:{draft.id}:{draft.version}",
        now=now,
        actor=WORKER,
    )
    row = {
        "id": stage_id(draft.id, draft.saved_at, stage),
        "subject_kind": "draft",
        "subject_id": draft.id,
        "case_id": case.id,
        "stage": stage,
        "clock_at": draft.saved_at,
        "wanted_at": at,
        "acted_at": now,
        "outcome": "told" if told else "nobody",
        "told": told,
        "escalation_id": None,
    }
    deadlines.write_stages(uow.session, [row])
    uow.record(
        WORKER,
        now,
        "deadline.draft_waits",
        chain=f"case:{case.id}",
        subject=f"case:{case.id}",
        pack=case.pack_version_id,
        codes={"step": draft.step, "stage": stage, "told": told},
    )
    return 1
