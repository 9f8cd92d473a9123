"""Access: a pack chooses among fixed rights and can add none, neither by a role nor by an effect, a field or a text."""

from __future__ import annotations

import re

from trim.engine.checks.findings import Findings, listed
from trim.engine.definition import Action, Field, Lifecycle

_HOURS = re.compile(r"\b\d{1,2}[.:h]\d{2}\b")
_TELEPHONE = re.compile(r"(?:\d[ .()\u00a0\u202f-]*){6,}")
_SHORT_NUMBER = re.compile(r"\d{3,}")
_ADDRESS = re.compile(r"https?://|www\.|\S@\S+\.\S", re.IGNORECASE)
_TOLD_IN_NEED = ("contacts.", "texts.")
"""Where people look for whom to call: even a short number there is the organisation's to fill in."""

_ASKED_AS = {"bool": "yes_no", "string": "choice"}


def check(findings: Findings) -> None:
    """Look at who may act with what effect, at what forms set, and at texts that lead out of the house."""
    for life in findings.pack.lifecycles.values():
        for action in life.actions.values():
            _roles(findings, life, action)
            _effects(findings, life, action)
            for field in action.form:
                _field(findings, f"{life.name}.actions.{action.name}.form.{field.name}", field)
    _texts(findings)


def _roles(findings: Findings, life: Lifecycle, action: Action) -> None:
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


def _effects(findings: Findings, life: Lifecycle, action: Action) -> None:
    care, key = findings.vocabulary.care, f"{life.name}.actions.{action.name}"
    for effect in action.does:
        homes = care.effects_in.get(effect)
        if homes is not None and life.name not in homes:
            findings.fault(
                f"{key}.does",
                f"“{effect}” belongs to the lifecycle “{listed(sorted(homes))}”, not to “{life.name}”.",
                "Take it out, or put the action there.",
            )
        alone = care.effects_by.get(effect)
        own = findings.vocabulary.acting.get(life.name, frozenset())
        if alone is not None and (others := set(action.by) & own - alone):
            findings.fault(
                f"{key}.by",
                f"“{effect}” is never for {listed(sorted(others))}: a pack cannot widen access.",
                f"Choose among: {listed(sorted(alone))}.",
            )


def _field(findings: Findings, key: str, field: Field) -> None:
    words = findings.vocabulary
    if (field.max_length or 0) > words.care.longest_text:
        findings.fault(
            f"{key}.max_length",
            f"A text of {field.max_length} letters is an account, and no form takes one.",
            f"Write at most {words.care.longest_text}.",
        )
    variable = words.variables.get(field.name)
    if variable is None:
        return
    if variable.source != "form" or field.name in words.care.reckoned:
        findings.fault(
            key, f"“{field.name}” is worked out by Trim, and no form can set it.", "Give the field another name."
        )
    elif field.field_class != _ASKED_AS.get(variable.type):
        findings.fault(
            f"{key}.class",
            f"“{field.name}” sets a variable of type {variable.type}, which a field of this class cannot.",
            f"Write “class: {_ASKED_AS.get(variable.type, 'yes_no')}”, or give the field another name.",
        )


def _texts(findings: Findings) -> None:
    """Numbers and addresses are the organisation's, dated and confirmed in its settings; in a pack they grow stale, and
    could send what somebody writes to a stranger."""
    for key, text in findings.written():
        bare = _HOURS.sub("", text)
        if _TELEPHONE.search(bare) or (key.startswith(_TOLD_IN_NEED) and _SHORT_NUMBER.search(bare)):
            findings.fault(
                key,
                "A pack never holds a number to call.",
                "Take it out; the organisation fills it in under its settings.",
            )
        if _ADDRESS.search(text):
            findings.fault(key, "A pack never holds an address of mail or web.", "Take it out of the text.")
