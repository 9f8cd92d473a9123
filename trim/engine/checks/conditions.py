"""Conditions: well-typed, reading only what is known at that moment, comparing with words that exist."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from trim.engine.checks.findings import Findings, listed
from trim.engine.conditions import InvalidCondition, compile_condition
from trim.engine.definition import INCOMPLETE, Lifecycle, Pack

_COMPARED = re.compile(r"\b([a-z_]+)\s*(?:==|!=)\s*(?:'([^']*)'|\"([^\"]*)\")")
_LISTED = re.compile(r"\b([a-z_]+)\s+in\s+\[([^\]]*)\]")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


class _Use(NamedTuple):
    key: str
    text: str
    without: frozenset[str]
    states: Collection[str]


_ACTION: frozenset[str] = frozenset()
_NO_ENGINE = frozenset({"engine"})
_BEFORE_FORM = frozenset({"form"})


def check(findings: Findings) -> None:
    """Compile every condition and look at the names and words in it."""
    types = {name: variable.type for name, variable in findings.vocabulary.variables.items()}
    for use in _uses(findings.pack):
        try:
            condition = compile_condition(use.text, types)
        except InvalidCondition as error:
            findings.fault(
                use.key,
                f"The condition “{use.text}” cannot be used (column {error.column}): {error.cause}.",
                "Known variables and their types stand in workflows/README.md.",
            )
            continue
        if not condition.names:
            findings.fault(
                use.key,
                f"The condition “{use.text}” reads nothing, so it is always the same.",
                "Read a variable in it.",
            )
        for name in condition.names:
            if findings.vocabulary.variables[name].source in use.without:
                findings.fault(
                    use.key,
                    f"“{name}” is not known at this moment.",
                    "Use a variable that is known before the form is filled in."
                    if "form" in use.without
                    else "State and roles can be read only in the conditions of an action.",
                )
        _words(findings, use)


def _uses(pack: Pack) -> Iterator[_Use]:
    for life in pack.lifecycles.values():
        yield from _life(life)
    for rule in pack.escalations.values():
        if rule.when is not None:
            states = {state for life in pack.lifecycles.values() for state in life.states}
            yield _Use(f"escalations.{rule.name}.when", rule.when, _NO_ENGINE, states)


def _life(life: Lifecycle) -> Iterator[_Use]:
    for step in life.steps.values():
        key = f"{life.name}.steps.{step.name}"
        if step.when is not None:
            yield _Use(f"{key}.when", step.when, _ACTION, life.states)
        if step.repeats and step.repeats.while_ is not None:
            yield _Use(f"{key}.repeats.while", step.repeats.while_, _NO_ENGINE | _BEFORE_FORM, life.states)
        for index, other in enumerate(step.instead, 1):
            yield _Use(f"{key}.instead.{index}.when", other.when, _NO_ENGINE | _BEFORE_FORM, life.states)
    for action in life.actions.values():
        key = f"{life.name}.actions.{action.name}"
        for index, requirement in enumerate(action.requires, 1):
            yield _Use(f"{key}.requires.{index}.when", requirement.when, _ACTION, life.states)
        for index, branch in enumerate(action.to or (), 1):
            if branch.when is not None:
                yield _Use(f"{key}.to.{index}.when", branch.when, _ACTION, life.states)
        for field in action.form:
            if field.when is not None:
                yield _Use(f"{key}.form.{field.name}.when", field.when, _BEFORE_FORM, life.states)


def _words(findings: Findings, use: _Use) -> None:
    """Note a comparison with a word that its variable can never have: it would be false for ever, and silent."""
    pack = findings.pack
    bands = {band.name for instrument in pack.instruments.values() for band in instrument.bands} | {INCOMPLETE}
    known: dict[str, Collection[str]] = {
        "band": bands,
        "previous_band": bands,
        "state": use.states,
        "step": [step for life in pack.lifecycles.values() for step in life.steps],
        "outcome": [choice.value for choice in pack.choices.get("closing_outcomes", ())],
        "decision": [choice.value for choice in pack.choices.get("escalation_decisions", ())],
    }
    pairs = [(name, one or two) for name, one, two in _COMPARED.findall(use.text)]
    pairs += [(name, one or two) for name, words in _LISTED.findall(use.text) for one, two in _QUOTED.findall(words)]
    for name, word in pairs:
        if name in known and word not in known[name]:
            findings.fault(use.key, f"“{name}” is never “{word}”.", f"It can be: {listed(sorted(known[name]))}.")
