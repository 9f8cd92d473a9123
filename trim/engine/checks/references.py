"""Names that point to something the pack does not define, and words that its pages need."""

from __future__ import annotations

from trim.engine.checks.findings import Findings, listed
from trim.engine.definition import Lifecycle


def check(findings: Findings) -> None:
    """Look at instruments, choices and texts that are named but missing."""
    pack, words = findings.pack, findings.vocabulary
    if not pack.lifecycles:
        findings.fault("", "The pack has no lifecycle.", "Add a file such as lifecycles/case.yaml.")
    for life in pack.lifecycles.values():
        _instruments(findings, life)
        for group in sorted(words.needs_choices.get(life.name, ())):
            if not pack.choices.get(group):
                findings.fault("choices", f"The choices “{group}” are missing.", f"Add “{group}:” with its values.")
        for name in sorted(words.needs_texts.get(life.name, ())):
            if name not in pack.texts:
                findings.fault("texts", f"The text “{name}” is missing.", f"Add “{name}: {{en: ..., fr: ...}}”.")
    if not pack.confidentiality.limits:
        findings.fault(
            "confidentiality.limits",
            "No limit of confidentiality is named.",
            "Name each case in which something must be passed on.",
        )


def _instruments(findings: Findings, life: Lifecycle) -> None:
    known = findings.pack.instruments
    named = [(f"{life.name}.steps.{step.name}", step.instrument) for step in life.steps.values()]
    named += [(f"{life.name}.actions.{action.name}", action.instrument) for action in life.actions.values()]
    for key, instrument in named:
        if instrument and instrument not in known:
            findings.fault(
                f"{key}.instrument", f"There is no instrument “{instrument}”.", f"Known here: {listed(known)}."
            )
    for action in life.actions.values():
        for step in action.completes:
            wanted = life.steps[step].instrument
            if wanted and action.instrument != wanted:
                findings.fault(
                    f"{life.name}.actions.{action.name}.completes",
                    f"The step “{step}” asks for the instrument “{wanted}”, which this action does not hold.",
                    f"Write “instrument: {wanted}” in the action, or take it out of the step.",
                )
