"""Rules of care that no pack may bend: alarms wait for nothing, whoever stops is not asked why, answers are heard."""

from __future__ import annotations

from trim.engine.checks.findings import Findings, listed
from trim.engine.definition import ALL, Action, Lifecycle


def check(findings: Findings) -> None:
    """Look at actions that must exist, and at those that must never be hindered or ask why."""
    for life in findings.pack.lifecycles.values():
        _must_have(findings, life)
        _can_stop(findings, life)
        for action in life.actions.values():
            _care(findings, life, action)
            _leads(findings, life, action)
            if set(action.does) & findings.vocabulary.at_any_moment:
                _alarm(findings, life, action)


def _must_have(findings: Findings, life: Lifecycle) -> None:
    done = {effect for action in life.actions.values() for effect in action.does}
    for effect in sorted(findings.vocabulary.care.must_have.get(life.name, frozenset()) - done):
        findings.fault(
            f"{life.name}.actions",
            f"No action does “{effect}”, without which nobody may run this lifecycle.",
            f"Add an action with “does: {effect}”.",
        )


def _can_stop(findings: Findings, life: Lifecycle) -> None:
    stopping = [one for one in life.actions.values() if set(one.does) & findings.vocabulary.asks_nothing]
    left = set(life.open_states()) - {state for action in stopping for state in action.from_}
    if stopping and left:
        findings.fault(
            f"{life.name}.actions.{stopping[-1].name}.from",
            f"From {listed(sorted(left))} nobody can decline or stop.",
            "Add the state to “from” of an action that stops contact.",
        )


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
    if not effects & words.asks_nothing:
        return
    if action.form:
        findings.fault(f"{key}.form", "Whoever declines or stops is never asked why.", "Remove the form.")
    if action.requires:
        findings.fault(
            f"{key}.requires", "Declining and stopping wait for nothing.", "Remove the requirements of this action."
        )
    if ALL not in action.cancels:
        findings.fault(
            f"{key}.cancels", "Whoever declines or stops is left in peace by every clock.", "Write “cancels: all”."
        )


def _leads(findings: Findings, life: Lifecycle, action: Action) -> None:
    """In a state without a meaning nobody would seek a practitioner, nor forget soon what was declined (CARE 26)."""
    reached = {branch.state for branch in action.to} if action.to else set(action.from_)
    for effect in action.does:
        known = findings.vocabulary.care.leads_to.get(effect)
        if known is not None and not reached <= known:
            findings.fault(
                f"{life.name}.actions.{action.name}.to",
                f"What “{effect}” means is told by the state, and {listed(sorted(reached - known))} does not tell it.",
                f"Lead to one of {listed(sorted(known))}, or take the effect out.",
            )


def _alarm(findings: Findings, life: Lifecycle, action: Action) -> None:
    """A red flag is an action of its own, for everybody who works here, with nothing in its way (CARE 1, 2)."""
    words, key = findings.vocabulary, f"{life.name}.actions.{action.name}"
    if action.needs_confirm:
        findings.fault(f"{key}.confirm", "An alarm is not asked about twice.", "Remove “confirm”.")
    if not action.danger:
        findings.fault(f"{key}.danger", "An alarm must be shown as urgent.", "Write “danger: true”.")
    moves = action.pauses or action.resumes or action.resets
    if action.to or action.cancels or action.completes or moves or set(action.does) - words.at_any_moment:
        findings.fault(
            key,
            "An alarm does nothing besides: it moves, ends and stops nothing.",
            "Give the rest an action of its own.",
        )
    for field in action.form:
        if field.required and field.field_class != "level":
            findings.fault(
                f"{key}.form.{field.name}.required",
                "An alarm never waits for an answer other than its level.",
                "Remove “required”.",
            )
    offered = {one.value for field in action.form if field.field_class == "level" for one in field.choices}
    urgent = min(words.care.levels, key=words.care.levels.__getitem__, default="")
    if urgent and urgent not in offered:
        findings.fault(
            f"{key}.form", f"The form does not offer the level “{urgent}”.", f"Offer “{urgent}” among its choices."
        )
    staff = findings.acting_roles([life.name]) & words.acting.get(life.name, frozenset()) - set(words.persons_own)
    if without := staff - set(action.by):
        findings.fault(
            f"{key}.by",
            f"Whoever works here must be able to raise an alarm, but not {listed(sorted(without))}.",
            "Add them to “by”.",
        )
