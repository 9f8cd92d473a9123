"""Interviews begun and not submitted: they become overdue and are told, and never vanish (CARE 8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from trim.domain.access import Role
from trim.store import deadlines
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

    Saving it again begins anew; every draft is told of once at each of the two times.
    """
    told, after = 0, ""
    while True:
        with backend.writing() as uow:
            page = deadlines.stale_drafts(uow.session, saved_before=now - STALE, after=after)
            told += _page(uow, page, now)
        if len(page) < deadlines.BATCH:
            return told
        after = page[-1][0].id


def _page(uow: UnitOfWork, page: list[tuple[AssessmentDraft, SupportCase]], now: datetime) -> int:
    done = deadlines.acted(uow.session, [draft.id for draft, _ in page])
    told = 0
    for draft, case in page:
        wanted = [("stale", draft.saved_at + STALE)]
        if now - draft.saved_at >= VERY_STALE:
            wanted.append(("very_stale", draft.saved_at + VERY_STALE))
        left = [(stage, at) for stage, at in wanted if stage_id(draft.id, draft.saved_at, stage) not in done]
        for stage, at in left:
            told += _tell(uow, draft, case, stage, at, now)
    return told


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
