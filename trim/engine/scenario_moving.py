"""What an action of a scenario does to steps that go on, by the functions that the real system moves its rows with."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from trim.engine import moving
from trim.engine.definition import Pack
from trim.engine.machine import Decision
from trim.engine.moving import Place
from trim.engine.opening import Opened, opened, reckoned, windows_of


@dataclass(slots=True)
class Going:
    """Beside the clocks of a thing: since when a step is paused, which repetition it is, when its series began."""

    paused: dict[str, datetime] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    series: dict[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the clocks of one thing are reckoned from."""

    pack: Pack
    lifecycle: str
    anchors: Mapping[str, datetime]
    variables: Mapping[str, Any]
    zone: ZoneInfo
    now: datetime
    free_days: Container[date] = ()


def move(ground: Ground, steps: dict[str, Opened], going: Going, decision: Decision) -> None:
    """Pause, resume and begin anew what the decision says."""
    for name, step in list(steps.items()):
        how = moving.moved(decision, name, paused=name in going.paused)
        if how == "pauses":
            going.paused.setdefault(name, ground.now)
        elif how == "resumes":
            minutes = moving.pause_minutes(going.paused.pop(name), ground.now, ground.zone)
            steps[name] = replace(step, span=moving.later(step.span, minutes, ground.zone))
        elif how == "resets":
            going.paused.pop(name, None)
            steps[name] = open_step(ground, going, name)


def open_step(ground: Ground, going: Going, name: str) -> Opened:
    """Open a step; one that comes back begins its series."""
    step = opened(
        ground.pack,
        lifecycle=ground.lifecycle,
        step=name,
        anchors=ground.anchors,
        variables=ground.variables,
        zone=ground.zone,
        now=ground.now,
        holidays=ground.free_days,
    )
    going.numbers[name], going.series[name] = 1, step.anchor_at
    return step


def repeat(
    ground: Ground, steps: dict[str, Opened], going: Going, decision: Decision, done: Mapping[str, Opened]
) -> Collection[str]:
    """Open what follows on the repeating steps that were done; gives the names of those that were passed over."""
    life = ground.pack.lifecycles[ground.lifecycle]
    passed: list[str] = []
    if life.states[decision.to_state].kind == "final" or decision.cancels_all:
        return passed
    for name, before in done.items():
        repeats = life.steps[name].repeats
        if repeats is None or name in decision.cancels:
            continue
        found = moving.following(
            ground.pack,
            repeats,
            number=going.numbers[name],
            series_at=going.series[name],
            variables=ground.variables,
            zone=ground.zone,
            now=ground.now,
        )
        passed += [name] * len(found.passed)
        if found.next is not None:
            going.numbers[name] = found.next.number
            steps[name] = _next(ground, before, found.next)
    return passed


def _next(ground: Ground, before: Opened, place: Place) -> Opened:
    window = windows_of(ground.pack, ground.lifecycle, before.name)[before.window]
    span = reckoned(
        window,
        anchor_at=place.anchor_at,
        gap_from_at=before.gap_from_at,
        zone=ground.zone,
        holidays=ground.free_days,
    )
    return replace(before, anchor=place.anchor, anchor_at=place.anchor_at, span=span, opened_at=ground.now)
