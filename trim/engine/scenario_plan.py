"""The agreed plan of a scenario: its clocks stop when the case ends, and start again when the case goes on."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from trim.domain.course import plan_anchors
from trim.engine.definition import Pack
from trim.engine.scenario_moving import Ground, open_step
from trim.engine.scenario_thing import Thing

PLAN: Final = "agreed_step"


def stop(things: Iterable[Thing]) -> None:
    """Stop every clock of the plan, and keep which ran."""
    for one in _steps_of_plan(things):
        one.stopped = tuple(one.steps)
        one.steps.clear()
        one.going.paused.clear()


def take_up(
    things: Iterable[Thing], *, pack: Pack, zone: ZoneInfo, now: datetime, free_days: Container[date] = ()
) -> None:
    """Start again what had stopped, but for what was done or dropped meanwhile."""
    for one in _steps_of_plan(things):
        stopped, one.stopped = one.stopped, ()
        if pack.lifecycles[PLAN].states[one.state].kind == "final" or one.planned_for is None:
            continue
        ground = Ground(pack, PLAN, plan_anchors(one.planned_for, now, zone), {}, zone, now, free_days)
        for name in stopped:
            if name not in one.steps:
                one.steps[name] = open_step(ground, one.going, name)


def _steps_of_plan(things: Iterable[Thing]) -> list[Thing]:
    return [one for one in things if one.target.lifecycle == PLAN]
