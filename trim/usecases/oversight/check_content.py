"""Does content open, and is it what the trail's digests say? An older ciphertext put back into its own row shows here.

Interviews and their drafts are compared, content that was written once (what was filled in) is opened. What was found
names rows and says nothing of what they hold.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.errors import ContentDamaged, Forbidden, KeyDestroyed
from trim.store.tables import ActionRecord, Assessment, AssessmentDraft, SupportCase, TrailEntry
from trim.usecases.unit_of_work import UnitOfWork

#: Cases that are looked at between two questions to the database.
BATCH = 100


@dataclass(frozen=True, slots=True)
class WrongContent:
    """A row whose content does not open (`damaged`) or is not what the trail says (`other`)."""

    table: str
    row_id: str
    problem: str


def check_content(uow: UnitOfWork, actor: Actor, *, now: datetime) -> list[WrongContent]:
    """Open the content of every case and compare it with the trail; a line in the trail says so. Raises Forbidden."""
    if not actor.is_system:
        raise Forbidden
    wrong: list[WrongContent] = []
    count, after = 0, ""
    query = select(SupportCase).order_by(col(SupportCase.id)).limit(BATCH)
    while page := list(uow.session.scalars(query.where(col(SupportCase.id) > after))):
        after, count = page[-1].id, count + len(page)
        for case in page:
            wrong += _of_case(uow, case)
    uow.record(
        actor,
        now,
        "content.checked",
        chain=trail.ORGANISATION,
        subject="content",
        codes={"cases": count, "wrong": len(wrong)},
    )
    return wrong


def _of_case(uow: UnitOfWork, case: SupportCase) -> list[WrongContent]:
    said = _digests(uow.session, case.id)
    rows: list[Any] = [case]
    for table in (ActionRecord, Assessment, AssessmentDraft):
        rows += uow.session.scalars(select(table).where(col(table.case_id) == case.id))
    wrong = []
    for row in rows:
        name = row.__tablename__
        try:
            content = uow.vault.unseal(f"case:{case.id}", name, row.id, row.sealed)
        except (ContentDamaged, KeyDestroyed):
            wrong.append(WrongContent(name, row.id, "damaged"))
            continue
        expected = said.get(row.id if isinstance(row, Assessment) else f"draft {getattr(row, 'step', '')}")
        if isinstance(row, Assessment | AssessmentDraft) and uow.vault.digest(f"case:{case.id}", content) != expected:
            wrong.append(WrongContent(name, row.id, "other"))
    return wrong


def _digests(session: Session, case_id: str) -> dict[str, str]:
    """The newest digest of each interview by its row id, and of each draft by its step."""
    found: dict[str, str] = {}
    query = select(TrailEntry.text).where(col(TrailEntry.chain) == f"case:{case_id}")  # type: ignore[call-overload]
    for text in session.scalars(query.order_by(col(TrailEntry.number))):
        line = json.loads(text)
        digests, codes = line.get("digests", {}), line.get("codes", {})
        if "assessment" in digests:
            found[codes["assessment"]] = digests["assessment"]
        if "draft" in digests:
            found[f"draft {codes['step']}"] = digests["draft"]
    return found
