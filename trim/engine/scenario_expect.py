"""Holds what a step of a scenario expects against what came, and says in words where they differ."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from trim.engine.moving import PAUSED
from trim.engine.scenario import (
    Expectation,
    ExpectedEscalation,
    ExpectedRefusal,
    ExpectedStep,
    Finding,
    found,
)
from trim.engine.scenario_time import meets, shown, wanted
from trim.engine.scenario_world import Outcome, Thing, World
from trim.engine.source import Source


def compare(expected: Expectation, world: World, outcome: Outcome) -> list[Finding]:
    """Give a finding for everything that one line of `expect` says and that did not come."""
    return _KINDS[expected.kind](expected, world, outcome)


def _state(expected: Expectation, _: World, outcome: Outcome) -> list[Finding]:
    return _same(expected, expected.value, outcome.thing.state)


def _open(expected: Expectation, world: World, outcome: Outcome) -> list[Finding]:
    steps = outcome.thing.steps
    findings = _names(expected, expected.value, steps)
    for name, one in expected.value.items():
        if one is not None and name in steps:
            findings += _clock(_place(expected, name), one, name, world, outcome.thing)
    return findings


def _clock(place: Source, expected: ExpectedStep, name: str, world: World, thing: Thing) -> list[Finding]:
    step = thing.steps[name]
    findings = []
    anchor = expected.anchor or step.anchor
    if anchor != step.anchor:
        said = f"{name} to run from {anchor}"
        came = f"it runs from {step.anchor} ({shown(step.anchor_at, world.zone)})"
        return [found(place.get("from") or place, said, came)]
    came_at = {"earliest": step.span.earliest_at, "due": step.span.due_at, "latest": step.span.latest_at}
    for which, bound in expected.bounds.items():
        if not meets(bound, came_at[which], step.anchor_at, world.zone):
            said = f"{name} {which} {wanted(bound, anchor, step.anchor_at, world.zone)}"
            findings.append(found(place.get(which) or place, said, shown(came_at[which], world.zone)))
    standing = PAUSED if name in thing.going.paused else step.span.standing(world.now)
    if expected.standing not in (None, standing):
        findings.append(found(place.get("is") or place, f"{name} to be {expected.standing}", f"it is {standing}"))
    number = thing.going.numbers[name]
    if expected.number not in (None, number):
        findings.append(found(place.get("number") or place, f"{name} number {expected.number}", f"number {number}"))
    return findings


def _done(expected: Expectation, _: World, outcome: Outcome) -> list[Finding]:
    return _names(expected, expected.value, outcome.done)


def _cancelled(expected: Expectation, _: World, outcome: Outcome) -> list[Finding]:
    return _names(expected, expected.value, outcome.cancelled)


def _passed(expected: Expectation, _: World, outcome: Outcome) -> list[Finding]:
    return _names(expected, expected.value, outcome.passed)


def _raised(expected: Expectation, world: World, outcome: Outcome) -> list[Finding]:
    raised = {one.target.rule: one for one in outcome.raised}
    findings = _names(expected, expected.value, raised)
    for name, one in expected.value.items():
        if one is not None and name in raised:
            findings += _escalation(_place(expected, name), one, raised[name], world)
    return findings


def _escalation(place: Source, expected: ExpectedEscalation, came: Thing, world: World) -> list[Finding]:
    findings = []
    if expected.to not in (None, came.to):
        findings.append(found(place.get("to") or place, f"{came.target.rule} to go to {expected.to}", came.to))
    if expected.level not in (None, came.level):
        said = f"{came.target.rule} of level {expected.level}"
        findings.append(found(place.get("level") or place, said, came.level or "no level"))
    within = expected.within
    if within is not None and not meets(within, came.answer_by, world.now, world.zone):
        said = f"{came.target.rule} answered by {wanted(within, 'it was raised', world.now, world.zone)}"
        findings.append(found(place.get("within") or place, said, shown(came.answer_by, world.zone)))
    return findings


def _waiting(expected: Expectation, world: World, _: Outcome) -> list[Finding]:
    return _names(expected, expected.value, [one.target.rule for one in world.waiting()])


def _refused(expected: Expectation, _: World, outcome: Outcome) -> list[Finding]:
    value: ExpectedRefusal = expected.value
    refusal = outcome.refusal
    said = ", ".join(part for part in (value.code, value.says and f"“{value.says}”", *value.fields) if part)
    if refusal is None:
        return [found(expected.place, f"a refusal ({said})", f"it was done, and it stands at {outcome.thing.state}")]
    kept = (
        value.code in (None, refusal.code)
        and (value.says is None or any(value.says in one for one in refusal.told))
        and set(value.fields) <= set(refusal.fields)
    )
    return [] if kept else [found(expected.place, f"a refusal ({said})", str(refusal))]


def _score(expected: Expectation, _: World, outcome: Outcome) -> list[Finding]:
    held = outcome.held
    if held is None:
        return [found(expected.place, "a score", "no interview was held")]
    came = {
        "total": held.score.total,
        "band": held.score.band,
        "complete": held.score.complete,
        "change": held.change.difference if held.change is not None else None,
    }
    return [
        found(expected.place.get(name) or expected.place, f"{name} {_word(value)}", _word(came[name]))
        for name, value in expected.value.items()
        if value != came[name]
    ]


def _can(expected: Expectation, world: World, outcome: Outcome) -> list[Finding]:
    return _possible(expected, world, outcome, can=True)


def _cannot(expected: Expectation, world: World, outcome: Outcome) -> list[Finding]:
    return _possible(expected, world, outcome, can=False)


def _possible(expected: Expectation, world: World, outcome: Outcome, *, can: bool) -> list[Finding]:
    findings = []
    for role, actions in expected.value.items():
        possible = world.possible(outcome.thing, [role])
        for action in actions:
            if (action in possible) is not can:
                said = f"{action} to be {'possible' if can else 'impossible'} for {role}"
                findings.append(found(_place(expected, role), said, f"possible: {_list(possible)}"))
    return findings


def _asked(expected: Expectation, _: World, outcome: Outcome) -> list[Finding]:
    missing = [name for name in expected.value if name not in outcome.shown]
    return [found(expected.place, f"{_list(missing)} to be asked", f"asked: {_list(outcome.shown)}")] if missing else []


def _not_asked(expected: Expectation, _: World, outcome: Outcome) -> list[Finding]:
    there = [name for name in expected.value if name in outcome.shown]
    return [found(expected.place, f"{_list(there)} not to be asked", "it is asked")] if there else []


def _known(expected: Expectation, world: World, outcome: Outcome) -> list[Finding]:
    known = world.known(outcome.thing.target.lifecycle)
    return [
        found(_place(expected, name), f"{name} {_word(value)}", _word(known.get(name)))
        for name, value in expected.value.items()
        if value != known.get(name)
    ]


def _names(expected: Expectation, names: Collection[str], came: Collection[str]) -> list[Finding]:
    """Compare names without their order; nothing that is not named may come."""
    return [] if sorted(names) == sorted(came) else [found(expected.place, _list(names), _list(came))]


def _same(expected: Expectation, value: str, came: str) -> list[Finding]:
    return [] if value == came else [found(expected.place, value, came)]


def _place(expected: Expectation, name: str) -> Source:
    """The line of a name below an expectation."""
    return dict(expected.place.entries()).get(name, expected.place)


def _list(names: Collection[str]) -> str:
    return ", ".join(names) or "none"


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "none" if value is None else str(value)


_KINDS: Final[Mapping[str, Callable[[Expectation, World, Outcome], list[Finding]]]] = {
    "state": _state,
    "open": _open,
    "done": _done,
    "cancelled": _cancelled,
    "passed": _passed,
    "raised": _raised,
    "waiting": _waiting,
    "refused": _refused,
    "score": _score,
    "can": _can,
    "cannot": _cannot,
    "asked": _asked,
    "not_asked": _not_asked,
    "known": _known,
}

KINDS = frozenset(_KINDS)
"""Everything that can be expected."""
