"""Steps and escalations: every clock that runs has somebody who answers it."""

from __future__ import annotations

from itertools import pairwise

from trim.engine.checks.findings import Findings, listed
from trim.engine.definition import EscalationRule, Lifecycle, Step, Window

ESCALATION = "escalation"
"""The lifecycle through which raised escalations go."""


def check(findings: Findings) -> None:
    """Look at steps, their windows, and the rules of escalation."""
    for life in findings.pack.lifecycles.values():
        for step in life.steps.values():
            _step(findings, life, step)
    for rule in findings.pack.escalations.values():
        _rule(findings, rule)
    _told(findings)


def _step(findings: Findings, life: Lifecycle, step: Step) -> None:
    key = f"{life.name}.steps.{step.name}"
    for window in step.windows:
        _window(findings, f"{key}.window", window)
    started = {*life.starts} | {name for action in life.actions.values() for name in action.may_start}
    if step.name not in started:
        findings.fault(
            key, f"Nothing starts the step “{step.name}”.", "Name it in “starts” of an action, or remove it."
        )
    if not any(step.name in action.completes for action in life.actions.values()):
        findings.fault(
            key, f"No action completes the step “{step.name}”, so its clock runs for ever.", "Name it in “completes”."
        )
    role = findings.vocabulary.receivers[step.who]
    if role not in findings.acting_roles([life.name]):
        findings.fault(
            f"{key}.who",
            f"The step is on the work list of “{step.who}”, who can do nothing in the lifecycle “{life.name}”.",
            f"Add {role} to “by” of an action, or give the step to another.",
        )
    overdue = step.overdue
    if overdue and not overdue.remind and overdue.escalate_after is None:
        findings.fault(f"{key}.overdue", "Nothing happens when this is overdue.", "Add “remind” or “escalate”.")
    if overdue and overdue.to:
        _receiver(findings, f"{key}.overdue.escalate.to", overdue.to)


def _window(findings: Findings, key: str, window: Window) -> None:
    bounds = [
        (name, bound.rough_seconds)
        for name, bound in (("earliest", window.earliest), ("due", window.due), ("latest", window.latest))
        if bound is not None
    ]
    for (before, low), (after, high) in pairwise(bounds):
        if low > high:
            findings.fault(key, f"“{before}” lies after “{after}”.", "Put the bounds in order: earliest, due, latest.")


def _rule(findings: Findings, rule: EscalationRule) -> None:
    key = f"escalations.{rule.name}"
    lives = findings.pack.lifecycles.values()
    _receiver(findings, f"{key}.to", rule.to)
    if not rule.at and not rule.by_action:
        findings.fault(key, "Nothing raises this escalation.", "Add “at” with a step, or “by_action” with an action.")
    for step in rule.at:
        if not any(step in life.steps for life in lives):
            findings.fault(f"{key}.at", f"There is no step “{step}”.", "Name a step of one of the lifecycles.")
    actions = [action for life in lives for action in life.actions.values() if action.name == rule.by_action]
    if rule.by_action and not actions:
        findings.fault(
            f"{key}.by_action", f"There is no action “{rule.by_action}”.", "Name an action of one of the lifecycles."
        )
    if rule.within() is None:
        findings.fault(key, "Nobody is told how soon to answer.", "Add “answer_within”, or “levels” with their times.")
    longest = findings.vocabulary.care.longest_answer
    if longest and rule.answer_within and rule.answer_within.rough_seconds > longest:
        findings.fault(
            f"{key}.answer_within",
            f"Nobody would have to answer for {rule.answer_within}.",
            f"Give it at most {longest // 86400} days.",
        )
    offered = {
        choice.value
        for action in actions
        for field in action.form
        if field.field_class == "level"
        for choice in field.choices
    }
    if offered and (rule.levels or rule.within()) and offered != set(rule.levels):
        findings.fault(
            f"{key}.levels",
            f"The levels ({listed(sorted(rule.levels))}) are not those the form offers ({listed(sorted(offered))}).",
            "Give each level of the form its time, and no other.",
        )
    if any(set(action.does) & findings.vocabulary.at_any_moment for action in actions):
        _alarm(findings, key, rule)


def _alarm(findings: Findings, key: str, rule: EscalationRule) -> None:
    """Whoever is on duty hears of an alarm, under no condition, and soon (CARE 2)."""
    care = findings.vocabulary.care
    if rule.when is not None:
        findings.fault(f"{key}.when", "An alarm is passed on whatever the case.", "Remove “when”.")
    if care.on_duty and rule.to != care.on_duty:
        findings.fault(f"{key}.to", "An alarm goes to whoever is on duty.", f"Write “to: {care.on_duty}”.")
    for level, longest in care.levels.items():
        within = rule.levels.get(level)
        if within is not None and within.rough_seconds > longest:
            findings.fault(
                f"{key}.levels",
                f"At the level “{level}” nobody would have to answer for {within}.",
                f"Give it at most {longest // 3600} hours.",
            )


def _told(findings: Findings) -> None:
    """Whatever calls the programme must reach it: each action that raises something needs a rule that says whom."""
    raising = findings.vocabulary.care.raises
    rules = findings.pack.escalations.values()
    ruled = {rule.by_action for rule in rules}
    always = {rule.by_action for rule in rules if rule.when is None}
    for life in findings.pack.lifecycles.values():
        for action in life.actions.values():
            if set(action.does) & raising and action.name not in ruled:
                findings.fault(
                    f"{life.name}.actions.{action.name}",
                    f"Nobody is told when “{action.name}” is done.",
                    f"Add a rule to “escalations” with “by_action: {action.name}”.",
                )
            elif set(action.does) & raising - findings.vocabulary.at_any_moment and action.name not in always:
                findings.fault(
                    f"{life.name}.actions.{action.name}",
                    f"Where no condition of a rule holds, nobody is told that “{action.name}” was done.",
                    "Give one of the rules no “when”.",
                )


def _receiver(findings: Findings, key: str, receiver: str) -> None:
    upwards = findings.vocabulary.care.upwards
    if upwards and receiver not in upwards:
        findings.fault(
            key,
            f"An escalation goes up the programme, never to “{receiver}”.",
            f"Choose among: {listed(sorted(upwards))}.",
        )
    role = findings.vocabulary.receivers[receiver]
    life = findings.pack.lifecycles.get(ESCALATION)
    acting = (
        {one for action in life.actions.values() if life.initial in action.from_ for one in action.by}
        if life
        else set()
    )
    if role not in acting:
        findings.fault(
            key,
            f"An escalation to “{receiver}” reaches nobody: at its beginning no action of the lifecycle “{ESCALATION}” "
            f"is for {role}.",
            f"Add {role} to “by” of its actions, or choose another receiver.",
        )
