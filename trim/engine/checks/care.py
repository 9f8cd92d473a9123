"""Rules of care and of access that no pack may bend, whatever else it arranges."""

from __future__ import annotations

from trim.engine.checks.findings import Findings, listed
from trim.engine.definition import Action, Lifecycle


def check(findings: Findings) -> None:
    """Look at who may act, and at actions that must never be hindered or ask why."""
    for life in findings.pack.lifecycles.values():
        for action in life.actions.values():
            _access(findings, life, action)
            _care(findings, life, action)


def _access(findings: Findings, life: Lifecycle, action: Action) -> None:
    allowed = findings.vocabulary.acting.get(life.name, frozenset())
    key = f"{life.name}.actions.{action.name}.by"
    for role in action.by:
        if role not in allowed:
            findings.fault(
                key,
                f"The role “{role}” never acts in the lifecycle “{life.name}”: a pack cannot widen access.",
                f"Choose among: {listed(sorted(allowed))}.",
            )
        own = findings.vocabulary.persons_own.get(role)
        if own is not None and not (action.does and set(action.does) <= own):
            findings.fault(
                key,
                f"The role “{role}” decides about itself alone, and this action does more than that.",
                f"Take it out, or let the action do nothing but {listed(sorted(own))}.",
            )
    if not action.by:
        findings.fault(key, "Nobody may do this.", f"Choose among: {listed(sorted(allowed))}.")


def _care(findings: Findings, life: Lifecycle, action: Action) -> None:
    words, effects = findings.vocabulary, set(action.does)
    key = f"{life.name}.actions.{action.name}"
    if action.requires and effects & words.unhindered:
        findings.fault(
            f"{key}.requires",
            "This action helps at once and may wait for nothing.",
            "Remove its requirements; ask or confirm afterwards.",
        )
    missing = set(life.open_states()) - set(action.from_)
    if missing and effects & words.at_any_moment:
        findings.fault(
            f"{key}.from",
            f"This must be possible at any moment, but not from {listed(sorted(missing))}.",
            "Write “from: open”.",
        )
    if action.form and effects & words.asks_nothing:
        findings.fault(f"{key}.form", "Whoever declines or stops is never asked why.", "Remove the form.")
