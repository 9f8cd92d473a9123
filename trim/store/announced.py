"""Erasures that were announced, as one supervisor may see them: paged by key, without what conflicts hide (CARE 10)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlmodel import Session, col

from trim.store import conflicts, incident_lists
from trim.store.tables import ActionRecord, Incident, RetentionWarning, SupportCase

#: The day of erasure and the row id of the last announcement of a page.
Key = tuple[datetime, str]


def cases_announced(
    session: Session, sight: conflicts.Sight, *, after: Key | None, limit: int
) -> list[tuple[RetentionWarning, SupportCase]]:
    """Cases whose erasure was announced, the next day first."""
    query = select(RetentionWarning, SupportCase).join(
        SupportCase, col(SupportCase.id) == col(RetentionWarning.subject_id)
    )
    return _page(session, query.where(*conflicts.seen_by(sight)), "case", after, limit)


def incidents_announced(
    session: Session, sight: incident_lists.Sight, *, after: Key | None, limit: int
) -> list[tuple[RetentionWarning, Incident]]:
    """Incidents whose erasure was announced, the next day first."""
    query = select(RetentionWarning, Incident).join(Incident, col(Incident.id) == col(RetentionWarning.subject_id))
    return _page(session, query.where(incident_lists.visible(sight)), "incident", after, limit)


def last_done(session: Session, kind: str, ids: Collection[str]) -> dict[str, datetime]:
    """The instant of the last thing done on each of these, beside a case too; the same as erasure counts from."""
    subject = col(ActionRecord.case_id) if kind == "case" else col(ActionRecord.subject_id)
    query = select(subject, func.max(ActionRecord.done_at)).where(subject.in_(list(ids))).group_by(subject)
    return {row[0]: row[1] for row in session.execute(query)}


def _page(session: Session, query: Any, kind: str, after: Key | None, limit: int) -> list[Any]:
    place = (col(RetentionWarning.due_at), col(RetentionWarning.id))
    query = query.where(col(RetentionWarning.subject_kind) == kind)
    if after is not None:
        query = query.where(tuple_(*place) > after)
    return [(row[0], row[1]) for row in session.execute(query.order_by(*place).limit(limit))]
