"""The order of things: nothing counts from, compares with, or waits for what cannot have happened or can no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trim.engine.checks.findings import Findings, listed
from trim.engine.checks.flow import reachable
from trim.engine.checks.ways import Ways
from trim.engine.definition import Action, Lifecycle, Step


def check(findings: Findings) -> None:
    """Look at clocks that run from a later happening, interviews compared with a later one, clocks nobody can end."""
    for life in findings.pack.lifecycles.values():
        ways = Ways(life, findings.vocabulary)
        before = _before(life, ways)
        _anchors(findings, life, before)
        _comparisons(findings, life, before)
        _answers(findings, life, ways.targets)


def _done(action: Action) -> set[str]:
    return {*action.does, *([f"instrument:{action.instrument}"] if action.instrument else [])}


def _before(life: Lifecycle, ways: Ways) -> dict[str, set[str]]:
    """For each state all effects and interviews that some way to it holds."""
    found: dict[str, set[str]] = {name: set() for name in life.states}
    changed = True
    while changed:
        changed = False
        for (name, state), targets in ways.leads.items():
            brought = found[state] | _done(life.actions[name])
            for target in targets or [state]:
                if not brought <= found[target]:
                    found[target] |= brought
                    changed = True
    return found


def _starting(life: Lifecycle, step: Step, before: dict[str, set[str]]) -> Iterator[set[str]]:
    """For each place that starts a step, what may have happened by then."""
    if step.name in life.starts:
        yield set()
    for action in life.actions.values():
        if step.name in action.may_start:
            yield _done(action).union(*(before[state] for state in action.from_))


def _anchors(findings: Findings, life: Lifecycle, before: dict[str, set[str]]) -> None:
    here = {effect for action in life.actions.values() for effect in action.does}
    for step in life.steps.values():
        key = f"{life.name}.steps.{step.name}.window"
        windows = [(key, step.window)]
        windows += [
            (f"{life.name}.steps.{step.name}.instead.{number}", other.window)
            for number, other in enumerate(step.instead, 1)
        ]
        for place, window in windows:
            makes = findings.vocabulary.care.anchored.get(window.anchor)
            # What happens in another lifecycle may have happened at any moment of this one.
            if makes is None or not makes & here:
                continue
            if any(not makes & done for done in _starting(life, step, before)):
                findings.fault(
                    place,
                    f"“{window.anchor}” cannot have happened yet where this step begins.",
                    "Count from something earlier, or start the step later.",
                )


def _comparisons(findings: Findings, life: Lifecycle, before: dict[str, set[str]]) -> None:
    for action in life.actions.values():
        instrument = findings.pack.instruments.get(action.instrument or "")
        earlier = instrument.follows if instrument else None
        if earlier in findings.pack.instruments and not any(
            f"instrument:{earlier}" in before[state] for state in action.from_
        ):
            findings.fault(
                f"{life.name}.actions.{action.name}.instrument",
                f"It is compared with “{earlier}”, which cannot have been recorded yet.",
                "Record the earlier interview on the way here.",
            )


def _answers(findings: Findings, life: Lifecycle, ways: Mapping[str, set[str]]) -> None:
    for step in life.steps.values():
        answered = {
            state for action in life.actions.values() if step.name in action.completes for state in action.from_
        }
        begins = {life.initial} if step.name in life.starts else set()
        for action in life.actions.values():
            for branch in action.to or ():
                if step.name in (*action.starts, *branch.starts):
                    begins.add(branch.state)
            if step.name in action.starts and not action.to:
                begins |= set(action.from_)
        lost = sorted(state for state in begins if not reachable(ways, [state]) & answered)
        if lost and answered:
            findings.fault(
                f"{life.name}.steps.{step.name}",
                f"From {listed(lost)} nobody can complete “{step.name}” any more: its clock is never answered.",
                "Let an action complete it from there on, or do not start it.",
            )
