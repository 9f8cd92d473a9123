"""The graph of states: every state can be reached, none is a trap, and an end is always in sight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from trim.engine.checks.findings import Findings
from trim.engine.checks.ways import Ways
from trim.engine.definition import Action, Lifecycle


def check(findings: Findings) -> None:
    """Look at states and branches of every lifecycle."""
    for life in findings.pack.lifecycles.values():
        for action in life.actions.values():
            _branches(findings, life, action)
        _states(findings, life)


def _branches(findings: Findings, life: Lifecycle, action: Action) -> None:
    key = f"{life.name}.actions.{action.name}"
    branches = action.to or ()
    if branches and branches[-1].when is not None:
        findings.fault(
            f"{key}.to",
            "The last branch has a condition, so there may be nowhere to go.",
            "Add a last branch without “when”.",
        )
    for branch in branches[:-1]:
        if branch.when is None:
            findings.fault(
                f"{key}.to",
                f"The branch to “{branch.state}” has no condition, so those after it are never taken.",
                "Give it a “when”, or put it last.",
            )
    if not action.from_:
        findings.fault(f"{key}.from", "The action starts from no state.", "Name the states in which it can be done.")
    moves = action.pauses or action.resumes or action.resets
    if not (branches or action.does or action.completes or action.starts or action.cancels or moves):
        findings.fault(key, "The action does nothing.", "Give it “to”, “does”, “completes”, “starts” or “cancels”.")


def _states(findings: Findings, life: Lifecycle) -> None:
    found = Ways(life, findings.vocabulary)
    for name in found.blocked:
        findings.fault(
            f"{life.name}.actions.{name}.requires",
            "Nobody can ever do this: its requirements on state and role never hold together.",
            "Look at its “from”, its “by” and its requirements side by side.",
        )
    ways = found.targets
    reached = reachable(ways, [life.initial])
    finals = {state.name for state in life.states.values() if state.kind == "final"}
    if not finals:
        findings.fault(f"{life.name}.states", "No state is final.", "Give one of them “kind: final”.")
    ending = reachable(_turned(ways), finals)
    for state in life.states.values():
        key = f"{life.name}.states.{state.name}"
        if state.name not in reached:
            findings.fault(
                key, f"The state “{state.name}” is never reached.", "Add an action that leads to it, or remove it."
            )
        elif state.name not in finals and not ways[state.name] - {state.name}:
            findings.fault(
                key,
                f"The state “{state.name}” is a dead end: no action leads out of it.",
                "Add an action, or give it “kind: final”.",
            )
        elif finals and state.name not in ending:
            findings.fault(
                key, f"From “{state.name}” no final state can be reached.", "Add an action on the way to an end."
            )


def reachable(ways: Mapping[str, Iterable[str]], start: Iterable[str]) -> set[str]:
    """Give every state that can be reached from the starting ones, themselves included."""
    found, waiting = set(start), list(start)
    while waiting:
        for state in ways[waiting.pop()]:
            if state not in found:
                found.add(state)
                waiting.append(state)
    return found


def _turned(ways: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    turned: dict[str, set[str]] = {name: set() for name in ways}
    for state, targets in ways.items():
        for target in targets:
            turned[target].add(state)
    return turned
