"""No score refers, closes or bars anybody: a score asks people to look, and people decide (CARE 7)."""

from __future__ import annotations

from trim.engine.checks.findings import Findings, listed
from trim.engine.conditions import names_in
from trim.engine.definition import Action, Lifecycle


def check(findings: Findings) -> None:
    """Look at every action for a score that would decide in somebody's place."""
    for life in findings.pack.lifecycles.values():
        for action in life.actions.values():
            _action(findings, life, action)


def _action(findings: Findings, life: Lifecycle, action: Action) -> None:
    care, key = findings.vocabulary.care, f"{life.name}.actions.{action.name}"
    for index, requirement in enumerate(action.requires, 1):
        if names_in(requirement.when) & care.scores:
            findings.fault(
                f"{key}.requires.{index}.when",
                "A score bars nobody from anything.",
                "Let a rule under “escalations” ask the programme to look, and remove this requirement.",
            )
    branches = action.to or ()
    by_score = any(branch.when and names_in(branch.when) & care.scores for branch in branches)
    ends = [
        branch.state for branch in branches if branch.state in life.states and branch.state not in life.open_states()
    ]
    if by_score and ends:
        findings.fault(
            f"{key}.to",
            f"A score would decide whether it ends at {listed(ends)}.",
            "Lead to a state from which somebody ends it.",
        )
    deciding = set(action.does) & care.decides
    if deciding and set(action.does) & care.records:
        findings.fault(
            f"{key}.does",
            f"Recording an interview would at once do {listed(sorted(deciding))}: a person decides that, apart.",
            "Give it an action of its own.",
        )
