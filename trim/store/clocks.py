"""Clocks that run: read in portions, so that a hundred thousand of them need no more memory than five hundred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from trim.store.deadlines import stage_id
from trim.store.tables import DeadlineStage, Escalation, Exposure, Incident, Referral, Step, SupportCase, Undertaking

#: Where the rules of a subject are pinned.
_PINNED: Mapping[str, Any] = {
    "case": SupportCase,
    "incident": Incident,
    "escalation": Escalation,
    "referral": Referral,
    **dict.fromkeys(("group_session", "periodic_check", "pair", "mediation"), Undertaking),
}
#: Steps that are read at once.
PORTION = 500


def running(session: Session, *, lock: bool) -> Iterator[list[Step]]:
    """Every step that is open or paused, in portions by row id; whoever changes one flushes before the next portion."""
    yield from _portions(session, Step, col(Step.state).in_(("open", "paused")), lock=lock)


def unanswered(session: Session, *, lock: bool) -> Iterator[list[Escalation]]:
    """Every escalation that nobody has decided, in portions by row id."""
    yield from _portions(session, Escalation, col(Escalation.decided_at).is_(None), lock=lock)


def without_time(session: Session, *, lock: bool) -> Iterator[list[Incident]]:
    """Every incident whose time of day nobody noted, in portions by row id."""
    yield from _portions(session, Incident, col(Incident.time_known).is_(False), lock=lock)


def pinned_to(session: Session, steps: Iterable[Step]) -> dict[tuple[str, str], str]:
    """The pack version of each step's subject, by kind and row id of the subject."""
    found: dict[tuple[str, str], str] = {}
    by_kind: dict[str, set[str]] = {}
    for step in steps:
        by_kind.setdefault(step.subject_kind, set()).add(step.subject_id)
    of_one = by_kind.pop("exposure", set())
    if of_one:
        query = select(col(Exposure.id), col(Incident.pack_version_id)).join(
            Incident, col(Incident.id) == col(Exposure.incident_id)
        )
        rows = session.execute(query.where(col(Exposure.id).in_(sorted(of_one))))
        found.update((("exposure", row[0]), row[1]) for row in rows)
    for kind, ids in by_kind.items():
        table = _PINNED.get(kind)
        if table is not None:
            query = select(table.id, table.pack_version_id).where(table.id.in_(sorted(ids)))
            found.update(((kind, row_id), version) for row_id, version in session.execute(query))
    return found


def assumed_anchors(session: Session, case_ids: Iterable[str]) -> dict[str, set[datetime]]:
    """For each case the instants of its incidents whose time nobody noted: a clock that runs from one rests on noon."""
    query = (
        select(col(SupportCase.id), col(Incident.occurred_at))
        .join(Incident, col(Incident.id) == col(SupportCase.incident_id))
        .where(col(SupportCase.id).in_(sorted(set(case_ids))), col(Incident.time_known).is_(False))
    )
    found: dict[str, set[datetime]] = {}
    for case_id, at in session.execute(query):
        found.setdefault(case_id, set()).add(at)
    return found


def incidents_of_exposures(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """The incident of each exposure, by row ids."""
    query = select(col(Exposure.id), col(Exposure.incident_id)).where(col(Exposure.id).in_(sorted(set(ids))))
    return {row[0]: row[1] for row in session.execute(query)}


def stages_that_acted(session: Session, subject_ids: Iterable[str]) -> dict[str, list[DeadlineStage]]:
    """What has acted on these clocks, by row id of the step or escalation."""
    found: dict[str, list[DeadlineStage]] = {}
    query = select(DeadlineStage).where(col(DeadlineStage.subject_id).in_(sorted(set(subject_ids))))
    for row in session.scalars(query):
        found.setdefault(row.subject_id, []).append(row)
    return found


def carry_stage(session: Session, row: DeadlineStage, *, at: datetime, clock_at: datetime) -> None:
    """Let a stage that acted stand for the same stage of the clock that moved: it has acted, and never acts again."""
    session.expunge(row)
    carried = stage_id(row.subject_id, at, row.stage)
    if carried != row.id:
        session.execute(
            update(DeadlineStage)
            .where(col(DeadlineStage.id) == row.id)
            .values(id=carried, wanted_at=at, clock_at=clock_at),
            execution_options={"synchronize_session": False},
        )


def _portions(session: Session, table: Any, which: Any, *, lock: bool) -> Iterator[list[Any]]:
    after = ""
    while True:
        query = select(table).where(which, table.id > after).order_by(table.id).limit(PORTION)
        rows: Sequence[Any] = list(session.scalars(query.with_for_update() if lock else query))
        if not rows:
            return
        after = rows[-1].id
        yield list(rows)
        session.flush()
        for row in rows:
            session.expunge(row)
