"""What runs beside cases: nobody is scored there, and no form takes words beside the name of somebody (CARE 27)."""

from __future__ import annotations

from trim.engine.checks.findings import Findings, listed
from trim.engine.definition import Action, Lifecycle

SOMEBODY = frozenset({"somebody", "party", "parties"})
WORDS = frozenset({"short_text", "long_text"})
THEME = "theme"
"""The one text that may stand in a form with names: what a meeting was about, in a few words."""
LONGEST_THEME = 120


def check(findings: Findings) -> None:
    """Look at the lifecycles beside cases, and at fields that only they know."""
    care = findings.vocabulary.care
    for life in findings.pack.lifecycles.values():
        for action in life.actions.values():
            key = f"{life.name}.actions.{action.name}"
            if life.name in care.unscored:
                _unscored(findings, key, action)
            else:
                _no_somebody(findings, life, action)
            if life.name in care.nameless_words:
                _nameless(findings, key, action)
        for step in life.steps.values():
            if life.name in care.unscored and step.instrument:
                findings.fault(
                    f"{life.name}.steps.{step.name}.instrument",
                    f"In the lifecycle “{life.name}” nobody is interviewed or scored.",
                    "Take it out; an offer leads to a case, which has interviews.",
                )


def _unscored(findings: Findings, key: str, action: Action) -> None:
    if action.instrument:
        findings.fault(
            f"{key}.instrument",
            "Beside cases nobody is interviewed or scored.",
            "Take it out; an offer leads to a case, which has interviews.",
        )


def _no_somebody(findings: Findings, life: Lifecycle, action: Action) -> None:
    for field in action.form:
        if field.field_class in SOMEBODY:
            findings.fault(
                f"{life.name}.actions.{action.name}.form.{field.name}.class",
                f"The class “{field.field_class}” names people of {listed(sorted(findings.vocabulary.care.unscored))}.",
                "Choose another class.",
            )


def _nameless(findings: Findings, key: str, action: Action) -> None:
    if not any(field.field_class in SOMEBODY for field in action.form):
        return
    for field in action.form:
        if field.field_class not in WORDS:
            continue
        if field.name != THEME or (field.max_length or LONGEST_THEME + 1) > LONGEST_THEME:
            findings.fault(
                f"{key}.form.{field.name}",
                "Beside the name of somebody no words are taken: they would be a note about one person.",
                f"Take it out, or ask for it in an action of its own; a “{THEME}” of {LONGEST_THEME} letters may stay.",
            )
