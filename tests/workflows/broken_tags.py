"""More ways to break a pack: tags, conversations without a score, plans, cases without an incident."""

from __future__ import annotations

from tests.workflows.breaking import Copy
from tests.workflows.broken_rules import RULES, Expected, rule

__all__ = ["RULES"]

WORDS = "label: {en: X, fr: Y}"
SAID = f"{WORDS}, text: {{en: X, fr: Y}}"


def _instrument(copy: Copy, *items: str, scored: bool = False, more: str = "") -> None:
    """An instrument beside those of the pack; nothing has to record it."""
    text = f"""\
instrument: idle
version: '1'
scored: {str(scored).lower()}
title: {{en: X, fr: Y}}
intro: {{en: X, fr: Y}}
sections:
  one:
    {WORDS}
    items:
{"".join(f"      {one}" + chr(10) for one in items)}{more}"""
    (copy.folder / "instruments" / "idle.yaml").write_text(text, encoding="utf-8")


@rule("tags without anything to choose")
def _no_tags(copy: Copy) -> list[Expected]:
    _instrument(copy, f"odd: {{{SAID}, kind: tags}}")
    return [("idle.sections.one.items.odd", "odd:", "An item of kind tags offers nothing.")]


@rule("choices that are no tags")
def _no_kind(copy: Copy) -> list[Expected]:
    _instrument(copy, f"odd: {{{SAID}, kind: yes_no, choices: contact_channels}}")
    return [("idle.sections.one.items.odd", "odd:", "Only an item of kind tags has choices.")]


@rule("a tag that reads like another answer")
def _special(copy: Copy) -> list[Expected]:
    _instrument(copy, f"odd: {{{SAID}, kind: tags, choices: {{not_asked: {{en: X, fr: Y}}}}}}")
    return [("idle.sections.one.items.odd.choices", "odd:", "told apart from")]


@rule("points in an instrument without a score")
def _half_scored(copy: Copy) -> list[Expected]:
    anchors = "anchors: {0: {en: X, fr: Y}, 1: {en: X, fr: Y}}"
    _instrument(copy, f"odd: {{{SAID}, scored: true, {anchors}}}")
    return [("idle.sections.one.items.odd", "odd:", "An item counts in an instrument without a score.")]


@rule("bands in an instrument without a score")
def _bands(copy: Copy) -> list[Expected]:
    _instrument(
        copy,
        f"odd: {{{SAID}, kind: yes_no}}",
        more=f"bands:\n  all: {{{WORDS}, lowest: 0, highest: 0}}\n",
    )
    return [("idle.bands", "bands:", "An instrument without a score has bands.")]


@rule("a tag that no interview offers")
def _unknown_tag(copy: Copy) -> list[Expected]:
    name = next(one for one, said in copy.pack.escalations.items() if said.at)
    copy.set(f"escalations.{name}.when", "tag_signs_breakfast")
    return [(f"escalations.{name}.when", "when:", "The condition “tag_signs_breakfast”")]


@rule("a plan whose form does not insist on the day")
def _no_day(copy: Copy) -> list[Expected]:
    what = f"what: {{{WORDS}, class: short_text, required: true}}"
    copy.add("case.actions", f"idle: {{{WORDS}, from: open, by: coordinator, does: agree_step, form: {{{what}}}}}")
    found: list[Expected] = [("case.actions.idle.form", "idle:", "“agree_step” cannot do without “day”")]
    if "agreed_step" not in copy.pack.lifecycles:
        found.append(("case.actions.idle.does", "idle:", "runs by the lifecycle “agreed_step”, which is not here"))
    return found


@rule("another thing than a case that says how it comes")
def _opened_by(copy: Copy) -> list[Expected]:
    text = (copy.folder / "lifecycles" / "referral.yaml").read_text(encoding="utf-8")
    changed = text.replace("\ninitial:", "\nopened_by: [request]\ninitial:", 1)
    (copy.folder / "lifecycles" / "referral.yaml").write_text(changed, encoding="utf-8")
    return [("referral.opened_by", "opened_by:", "Only a case says how it comes.")]


@rule("a case without an incident that counts from one")
def _no_incident(copy: Copy) -> list[Expected]:
    copy.set("case.opened_by", "[request, linked]")
    step = next(iter(copy.case.steps))
    copy.set(f"case.steps.{step}.window", "{from: incident.became_known_at, due: P2D, latest: P3D}")
    found = [(f"case.steps.{step}.window", "window:", "“incident.became_known_at” never happens")]
    for name, one in copy.case.steps.items():
        if name != step and one.window.anchor.startswith("incident."):
            found.append((f"case.steps.{name}.window", "window:", f"“{one.window.anchor}” never happens"))
        found += [
            (f"case.steps.{name}.instead.{number}", "when:", f"“{other.window.anchor}” never happens")
            for number, other in enumerate(one.instead, 1)
            if other.window.anchor.startswith(("incident.", "exposure."))
        ]
    return found
