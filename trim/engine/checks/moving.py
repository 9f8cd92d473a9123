"""Pauses, new beginnings and repetitions: nobody is forgotten in a pause, and nothing comes back for ever."""

from __future__ import annotations

from collections.abc import Collection

from trim.engine.checks.findings import Findings, listed
from trim.engine.definition import ALL, Action, Lifecycle, Step
from trim.engine.moving import LOOK_AGAIN, PAUSE_ANCHOR, REASON

PLAN_ANCHOR = "undertaking.planned_for"
PLANNED = "planned_for"
"""The field of a form that becomes that happening."""


def check(findings: Findings) -> None:
    """Look at what actions do to running steps, and at steps that come back."""
    for life in findings.pack.lifecycles.values():
        for action in life.actions.values():
            _action(findings, life, action)
        for step in life.steps.values():
            _window(findings, life, step)
            _planned(findings, life, step)
            _repeats(findings, life, step)


def _action(findings: Findings, life: Lifecycle, action: Action) -> None:
    key = f"{life.name}.actions.{action.name}"
    if action.pauses:
        _asks(findings, key, action, LOOK_AGAIN, ("date",), "A pause needs a day on which somebody looks again.")
        _asks(findings, key, action, REASON, ("short_text", "long_text", "choice"), "A pause needs a reason.")
        _kept_on_the_list(findings, life, action)
        _comes_back(findings, life, action)
    elif action.resets:
        _asks(findings, key, action, REASON, ("short_text", "long_text", "choice"), "A new beginning needs a reason.")
    for name, one in (("pauses", "completes"), ("pauses", "resumes"), ("resets", "completes"), ("resets", "pauses")):
        if both := set(getattr(action, name)) & set(getattr(action, one)):
            findings.fault(
                f"{key}.{name}",
                f"{listed(sorted(both))} stands in “{one}” of the same action too.",
                "Keep it in one of the two.",
            )
    for step in action.resets:
        _can_begin_anew(findings, life, action, life.steps[step])


def _asks(findings: Findings, key: str, action: Action, name: str, classes: Collection[str], cause: str) -> None:
    """CARE 23: why, and until when, is asked of whoever stops a clock, and cannot be left out."""
    field = next((one for one in action.form if one.name == name), None)
    if field is None or not field.required or field.when is not None or field.field_class not in classes:
        findings.fault(
            f"{key}.form",
            cause,
            f"Add to the form “{name}: {{label: ..., class: {next(iter(classes))}, required: true}}”.",
        )


def _kept_on_the_list(findings: Findings, life: Lifecycle, action: Action) -> None:
    """A step of somebody who oversees stays open as long as the pause lasts, and is due when it is looked at again."""
    overseers = findings.vocabulary.care.upwards
    kept = [
        step
        for name in action.may_start
        if (step := life.steps[name]).who in overseers and step.window.anchor == PAUSE_ANCHOR and step.when is None
    ]
    paused = set(life.steps) if ALL in action.pauses else set(action.pauses)
    if not [step for step in kept if step.name not in paused or ALL in action.pauses]:
        findings.fault(
            f"{life.name}.actions.{action.name}.pauses",
            "While it is paused, nothing about this stands on a coordinator's list.",
            f"Start a step for a coordinator whose window counts from {PAUSE_ANCHOR}.",
        )


def _comes_back(findings: Findings, life: Lifecycle, action: Action) -> None:
    for name in life.steps if ALL in action.pauses else action.pauses:
        again = any(
            name in (*one.resumes, *one.resets) or ALL in one.resumes
            for one in life.actions.values()
            if one is not action
        )
        if not again:
            findings.fault(
                f"{life.name}.actions.{action.name}.pauses",
                f"Nothing lets “{name}” go on again.",
                "Name it in “resumes” of an action.",
            )


def _can_begin_anew(findings: Findings, life: Lifecycle, action: Action, step: Step) -> None:
    """A clock that counts from what this action does not move would begin where it began before."""
    made = findings.vocabulary.care.anchored
    asks = any(field.name == PLANNED for field in action.form)
    if not any(
        window.anchor == "now"
        or (asks and window.anchor == PLAN_ANCHOR)
        or made.get(window.anchor, frozenset()) & set(action.does)
        for window in step.windows
    ):
        findings.fault(
            f"{life.name}.actions.{action.name}.resets",
            f"“{step.name}” counts from “{step.window.anchor}”, which this action does not move: nothing would change.",
            "Count it from “now”, or take it out of “resets”.",
        )


def _window(findings: Findings, life: Lifecycle, step: Step) -> None:
    starting = [action for action in life.actions.values() if step.name in action.may_start]
    if any(window.anchor == PAUSE_ANCHOR for window in step.windows) and (
        step.name in life.starts or any(not action.pauses for action in starting)
    ):
        findings.fault(
            f"{life.name}.steps.{step.name}.window",
            f"“{PAUSE_ANCHOR}” is known only to an action that pauses.",
            "Start this step with such an action alone.",
        )


def _planned(findings: Findings, life: Lifecycle, step: Step) -> None:
    """A clock that counts from the day somebody chose needs somebody to be asked for it."""
    if not any(window.anchor == PLAN_ANCHOR for window in step.windows):
        return
    starting = [action for action in life.actions.values() if step.name in action.may_start]
    asked = all(
        any(field.name == PLANNED and field.field_class == "instant" and field.required for field in action.form)
        for action in starting
    )
    if step.name in life.starts or not asked:
        findings.fault(
            f"{life.name}.steps.{step.name}.window",
            f"“{PLAN_ANCHOR}” is not asked for where this step begins.",
            f"Ask for it: “{PLANNED}: {{label: ..., class: instant, required: true}}”.",
        )


def _repeats(findings: Findings, life: Lifecycle, step: Step) -> None:
    repeats, key = step.repeats, f"{life.name}.steps.{step.name}.repeats"
    if repeats is None:
        return
    shortest = min(one.due.rough_seconds for one in step.windows)
    if repeats.every is not None and repeats.every.rough_seconds <= 0:
        findings.fault(f"{key}.every", "Nothing can come back after no time at all.", "Write for example P7D.")
    elif repeats.every is None and shortest <= 0:
        findings.fault(
            key, "It would be due again in the moment in which it is done.", "Add “every”, or a longer “due”."
        )
    if repeats.every and step.window.due.rough_seconds > repeats.every.rough_seconds:
        findings.fault(
            f"{key}.every", "It would come back before the one before is due.", "Let “due” be no longer than “every”."
        )
    if repeats.times is not None and repeats.times < 2:
        findings.fault(f"{key}.times", f"{repeats.times} times is no repetition.", "Write 2 or more, or remove it.")
    ends = repeats.times or repeats.until or repeats.while_
    stopped = any(ALL in one.cancels or step.name in one.cancels for one in life.actions.values())
    if not ends and not stopped:
        findings.fault(
            key,
            f"“{step.name}” comes back for ever.",
            "Add “times”, “until” or “while”, or name it in “cancels” of an action.",
        )
