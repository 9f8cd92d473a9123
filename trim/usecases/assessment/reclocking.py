"""Clocks that hang on an interview: they move with its day, and stop and start again when it is taken back."""

from __future__ import annotations

from datetime import datetime

from trim.store import steps
from trim.store.tables import Step
from trim.usecases.acting import clocks
from trim.usecases.acting.act import Act
from trim.usecases.acting.variables import case_variables

ANCHOR = "previous_interview.at"


def move_clocks(act: Act, from_at: datetime, to_at: datetime) -> None:
    """Run the open clocks that were counted from `from_at` anew from `to_at`, each in its own row."""
    names = _stop(act, from_at)
    case = act.the_case()
    clocks.start(
        act.uow,
        pack=act.pack,
        lifecycle="case",
        subject=case,
        names=tuple(names),
        anchors={ANCHOR: to_at, "now": act.now},
        variables=case_variables(act.uow, act.actor, case, act.incident, act.pack, act.now),
        case_id=case.id,
        now=act.now,
    )
    act.codes["clocks_moved"] = names


def open_again(act: Act, *, recorded_by: str, recorded_at: datetime, held_at: datetime) -> list[str]:
    """Open the step that an interview had completed, on the clock it had; clocks counted from the interview stop.

    `recorded_by` is the action that recorded it.

    On a case that has ended no clock starts, yet the step no longer counts as done. Gives the names of open steps.
    """
    case, uow = act.the_case(), act.uow
    _stop(act, held_at)
    ended = act.pack.lifecycles["case"].states[act.decision.to_state].kind == "final"
    running = {row.name for row in steps.open_steps(uow.session, "case", case.id)}
    again = []
    for row in steps.of_case(uow.session, case.id):
        if (row.subject_kind, row.state, row.ended_by, row.ended_at) != ("case", "done", recorded_by, recorded_at):
            continue
        row.state, row.ended_by = "cancelled", act.name
        uow.session.add(row)
        if not ended and row.name not in running:
            uow.session.add(_copy(act, row))
            again.append(row.name)
    uow.session.flush()
    return again


def _stop(act: Act, anchor_at: datetime) -> list[str]:
    uow = act.uow
    hanging = [
        row
        for row in steps.open_steps(uow.session, "case", act.the_case().id)
        if row.anchor == ANCHOR and row.anchor_at == anchor_at
    ]
    for row in hanging:
        steps.end(uow.session, row, state="cancelled", by=act.name, now=act.now)
    uow.session.flush()
    return [row.name for row in hanging]


def _copy(act: Act, row: Step) -> Step:
    """The step as it stood when it was ended: one that stood still stands still, with the same day to look again."""
    stood_still = row.paused_at is not None and row.resumed_at is None
    return Step(
        state="paused" if stood_still else "open",
        paused_at=row.paused_at,
        paused_by=row.paused_by,
        paused_minutes=row.paused_minutes,
        resumed_at=row.resumed_at,
        look_again_at=row.look_again_at if stood_still else None,
        reset_at=row.reset_at,
        reset_by=row.reset_by,
        id=act.uow.new_id(),
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        case_id=row.case_id,
        unit_id=row.unit_id,
        name=row.name,
        anchor=row.anchor,
        anchor_at=row.anchor_at,
        earliest_at=row.earliest_at,
        due_at=row.due_at,
        latest_at=row.latest_at,
        window=row.window,
        gap_from_at=row.gap_from_at,
        opened_at=act.now,
    )
