"""Cases that no incident opens, and plans of own steps: what they count from, ask for, and need beside them."""

from __future__ import annotations

from trim.engine.checks.findings import Findings, listed
from trim.engine.definition import INCIDENT, Action, Lifecycle

CASE = "case"


def check(findings: Findings) -> None:
    """Look at ways in, at anchors that never happen, and at effects whose form or lifecycle is missing."""
    for life in findings.pack.lifecycles.values():
        if life.name == CASE:
            _anchors(findings, life)
        elif life.opened_by != (INCIDENT,):
            findings.fault(
                f"{life.name}.opened_by", "Only a case says how it comes.", "Take it out, or put it into case.yaml."
            )
        for action in life.actions.values():
            _asks(findings, f"{life.name}.actions.{action.name}", action)


def _anchors(findings: Findings, life: Lifecycle) -> None:
    if INCIDENT in life.opened_by:
        return
    for step in life.steps.values():
        key = f"{life.name}.steps.{step.name}"
        windows = [(f"{key}.window", step.window)]
        windows += [(f"{key}.instead.{number}", other.window) for number, other in enumerate(step.instead, 1)]
        for place, window in windows:
            if window.anchor.partition(".")[0] in ("incident", "exposure"):
                findings.fault(
                    place,
                    f"“{window.anchor}” never happens: no incident opens these cases.",
                    "Count from case.requested_at, or add “incident” to “opened_by”.",
                )


def _asks(findings: Findings, key: str, action: Action) -> None:
    care = findings.vocabulary.care
    asked = {field.name: field for field in action.form}
    for effect in action.does:
        for name, classes in care.asks.get(effect, {}).items():
            field = asked.get(name)
            if field is None or not field.required or field.field_class not in classes:
                findings.fault(
                    f"{key}.form",
                    f"“{effect}” cannot do without “{name}”, and the form does not insist on it.",
                    f"Add “{name}: {{class: {min(classes)}, required: true, ...}}”.",
                )
        needed = care.opens.get(effect)
        if needed is not None and needed not in findings.pack.lifecycles:
            findings.fault(
                f"{key}.does",
                f"“{effect}” opens something that runs by the lifecycle “{needed}”, which is not here.",
                f"Add lifecycles/{needed}.yaml. Known here: {listed(findings.pack.lifecycles)}.",
            )
