"""What an action does to steps that go on: pauses and resumes them, begins them anew, opens the next of a series.

No row is deleted and none is opened twice: a pause is a state of its row, and two rows of one series cannot share a
number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trim.engine import moving, opening
from trim.engine.clockwork import Span
from trim.engine.definition import Pack
from trim.engine.machine import Decision
from trim.engine.moving import PAUSE_ANCHOR, PAUSED, Place
from trim.store import steps
from trim.store.tables import Step
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Clocks:
    """What the clocks of one subject are reckoned from while an action is being done."""

    uow: UnitOfWork
    pack: Pack
    lifecycle: str
    anchors: Mapping[str, datetime]
    variables: Mapping[str, Any]
    now: datetime


def move(clocks: Clocks, rows: Iterable[Step], decision: Decision, *, record_id: str) -> dict[str, list[str]]:
    """Pause, resume and begin anew what the decision says; gives the names by what was done to them."""
    done: dict[str, list[str]] = {}
    for row in rows:
        how = moving.moved(decision, row.name, paused=row.state == PAUSED)
        if how is None:
            continue
        if how == "pauses":
            row.paused_at = row.paused_at if row.state == PAUSED else clocks.now
            row.state, row.paused_by, row.resumed_at = PAUSED, record_id, None
            row.look_again_at = clocks.anchors.get(PAUSE_ANCHOR)
        elif how == "resumes":
            _resume(clocks, row)
        else:
            _reset(clocks, row, record_id)
        clocks.uow.session.add(row)
        done.setdefault(how, []).append(row.name)
    return {how: sorted(names) for how, names in done.items()}


def _resume(clocks: Clocks, row: Step) -> None:
    zone = clocks.uow.organisation.zone
    assert row.paused_at is not None
    minutes = moving.pause_minutes(row.paused_at, clocks.now, zone)
    later = moving.later(Span(row.earliest_at, row.due_at, row.latest_at), minutes, zone)
    row.state, row.resumed_at, row.look_again_at = "open", clocks.now, None
    row.paused_minutes += minutes
    _bounds(row, later, clocks.now)


def _reset(clocks: Clocks, row: Step, record_id: str) -> None:
    step = opening.opened(
        clocks.pack,
        lifecycle=clocks.lifecycle,
        step=row.name,
        anchors=clocks.anchors,
        variables=clocks.variables,
        zone=clocks.uow.organisation.zone,
        now=clocks.now,
        holidays=clocks.uow.organisation.free_days,
    )
    row.anchor, row.anchor_at, row.window, row.gap_from_at = step.anchor, step.anchor_at, step.window, step.gap_from_at
    row.reset_at, row.reset_by = clocks.now, record_id
    row.paused_minutes, row.look_again_at = 0, None
    if row.state == PAUSED:
        row.state, row.resumed_at = "open", clocks.now
    if row.series_id is not None:
        row.series_id, row.series_at, row.number = row.id, step.anchor_at, 1
    _bounds(row, step.span, clocks.now)


def _bounds(row: Step, span: Span, now: datetime) -> None:
    row.earliest_at, row.due_at, row.latest_at = span.earliest_at, span.due_at, span.latest_at
    row.moved_at = now


def repeat(clocks: Clocks, done: Iterable[Step], decision: Decision) -> list[Step]:
    """Open what follows on the repeating steps that an action completed; gives the rows that are open.

    In a state that has ended nothing comes back, nor what the same action cancels. Raises ConditionFailed.
    """
    life = clocks.pack.lifecycles[clocks.lifecycle]
    if life.states[decision.to_state].kind == "final" or decision.cancels_all:
        return []
    opened = []
    for row in done:
        definition = life.steps.get(row.name)
        if definition is None or definition.repeats is None or row.name in decision.cancels:
            continue
        begin_series(row)
        assert row.series_at is not None
        found = moving.following(
            clocks.pack,
            definition.repeats,
            number=row.number,
            series_at=row.series_at,
            variables=clocks.variables,
            zone=clocks.uow.organisation.zone,
            now=clocks.now,
        )
        for place in found.passed:
            passed = _next(clocks, row, place)
            steps.end(clocks.uow.session, passed, state="cancelled", by=decision.action.name, now=clocks.now)
        if found.next is not None:
            opened.append(_next(clocks, row, found.next))
    return opened


def begin_series(row: Step) -> None:
    """Let a repeating step be the first of its series, if it belongs to none yet."""
    if row.series_id is None:
        row.series_id, row.series_at = row.id, row.anchor_at


def _next(clocks: Clocks, before: Step, place: Place) -> Step:
    uow = clocks.uow
    window = opening.windows_of(clocks.pack, clocks.lifecycle, before.name)[before.window]
    span = opening.reckoned(
        window,
        anchor_at=place.anchor_at,
        gap_from_at=before.gap_from_at,
        zone=uow.organisation.zone,
        holidays=uow.organisation.free_days,
    )
    row = Step(
        id=uow.new_id(),
        subject_kind=before.subject_kind,
        subject_id=before.subject_id,
        case_id=before.case_id,
        unit_id=before.unit_id,
        name=before.name,
        anchor=place.anchor,
        anchor_at=place.anchor_at,
        earliest_at=span.earliest_at,
        due_at=span.due_at,
        latest_at=span.latest_at,
        window=before.window,
        gap_from_at=before.gap_from_at,
        opened_at=clocks.now,
        series_id=before.series_id,
        series_at=before.series_at,
        number=place.number,
    )
    uow.session.add(row)
    return row
