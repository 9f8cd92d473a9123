"""More ways to break a pack: states, branches, steps, conditions, instruments and names that lead nowhere."""

from __future__ import annotations

from tests.workflows.breaking import Copy
from tests.workflows.broken_rules import CLOSE, FLAG, RULES, STOP, Expected, rule

__all__ = ["RULES"]

WORDS = "label: {en: X, fr: Y}"
LOST = "{%s, from: %s, to: %s, by: [coordinator], does: record_spoke_to}"


def _instrument(copy: Copy) -> str:
    return next(one.name for one in copy.pack.instruments.values() if one.follows is None)


def _follow_up(copy: Copy) -> str:
    return next(one.name for one in copy.pack.instruments.values() if one.follows)


def _item(copy: Copy, instrument: str) -> str:
    one = copy.pack.instruments[instrument]
    section = next(part for part in one.sections if any(item.scored for item in part.items))
    item = next(item for item in section.items if item.scored)
    return f"{instrument}.sections.{section.name}.items.{item.name}"


def _rule_at(copy: Copy) -> str:
    return next(f"escalations.{one.name}" for one in copy.pack.escalations.values() if one.at and one.when)


@rule("an unreachable state")
def _unreachable(copy: Copy) -> list[Expected]:
    copy.add("case.states", f"attic: {{{WORDS}, kind: final}}")
    return [("case.states.attic", "attic:", "The state “attic” is never reached")]


@rule("a dead end")
def _dead_end(copy: Copy) -> list[Expected]:
    copy.add("escalation.states", f"pit: {{{WORDS}}}")
    copy.add("escalation.actions", f"fall: {LOST % (WORDS, 'open', 'pit')}")
    return [("escalation.states.pit", "pit:", "The state “pit” is a dead end")]


@rule("no way to an end")
def _no_end(copy: Copy) -> list[Expected]:
    copy.add("escalation.states", f"here: {{{WORDS}}}", f"there: {{{WORDS}}}")
    copy.add(
        "escalation.actions",
        f"fall: {LOST % (WORDS, 'open', 'here')}",
        f"go: {LOST % (WORDS, 'here', 'there')}",
        f"go_back: {LOST % (WORDS, 'there', 'here')}",
    )
    return [
        ("escalation.states.here", "here:", "From “here” no final state can be reached"),
        ("escalation.states.there", "there:", "From “there” no final state can be reached"),
    ]


@rule("no state is final")
def _endless(copy: Copy) -> list[Expected]:
    life = copy.pack.lifecycles["escalation"]
    (final,) = [one.name for one in life.states.values() if one.kind == "final"]
    copy.set(f"escalation.states.{final}.kind", "")
    copy.add("escalation.actions", f"again: {LOST % (WORDS, final, 'open')}")
    return [("escalation.states", "states:", "No state is final")]


@rule("somebody who cannot stop")
def _cannot_stop(copy: Copy) -> list[Expected]:
    key = [f"case.actions.{one.name}.from" for one in copy.case.actions.values() if STOP in one.does][-1]
    state = copy.definition(key.removesuffix(".from")).from_[0]
    named = [one for one in copy.definition(key.removesuffix(".from")).from_ if one != state]
    copy.set(key, f"[{', '.join(named)}]")
    return [(key, "from:", f"From {state} nobody can decline or stop")]


@rule("a last branch with a condition")
def _last_branch(copy: Copy) -> list[Expected]:
    key = copy.action(CLOSE)
    to = copy.definition(key).to
    assert to
    copy.set(f"{key}.to", f"[{{state: {to[0].state}, when: first_done}}]")
    return [(f"{key}.to", "to:", "The last branch has a condition")]


@rule("a branch that hides the rest")
def _hidden(copy: Copy) -> list[Expected]:
    key = copy.action(CLOSE)
    to = copy.definition(key).to
    assert to
    copy.set(f"{key}.to", f"[{to[0].state}, {to[0].state}]")
    return [(f"{key}.to", "to:", "those after it are never taken")]


@rule("an action that does nothing")
def _idle(copy: Copy) -> list[Expected]:
    copy.add("case.actions", f"idle: {{{WORDS}, from: open, by: coordinator}}")
    return [("case.actions.idle", "idle:", "The action does nothing")]


@rule("an action from nowhere")
def _nowhere(copy: Copy) -> list[Expected]:
    copy.add("case.actions", f"idle: {{{WORDS}, from: [], by: coordinator, does: log_contact}}")
    return [("case.actions.idle.from", "idle:", "starts from no state")]


@rule("an action that nobody can ever do")
def _contradiction(copy: Copy) -> list[Expected]:
    asked = "{when: role_is_hr, otherwise: {en: X, fr: Y}}"
    copy.add("case.actions", f"idle: {{{WORDS}, from: open, by: coordinator, does: reopen_case, requires: {asked}}}")
    return [("case.actions.idle.requires", "idle:", "Nobody can ever do this")]


@rule("a condition that is no truth value")
def _no_truth(copy: Copy) -> list[Expected]:
    key = f"{_rule_at(copy)}.when"
    copy.set(key, "total")
    return [(key, "when:", "gives int, not a truth value")]


@rule("a condition of the wrong type")
def _wrong_type(copy: Copy) -> list[Expected]:
    key = f"{_rule_at(copy)}.when"
    copy.set(key, "total == 'many'")
    return [(key, "when:", "cannot be used (column")]


@rule("a condition that reads nothing")
def _constant(copy: Copy) -> list[Expected]:
    key = f"{_rule_at(copy)}.when"
    copy.set(key, "1 == 1")
    return [(key, "when:", "reads nothing")]


@rule("a word that never comes")
def _never(copy: Copy) -> list[Expected]:
    key = f"{_rule_at(copy)}.when"
    copy.set(key, "band == 'hihg'")
    return [(key, "when:", "“band” is never “hihg”")]


@rule("a condition that reads what is not known yet")
def _too_early(copy: Copy) -> list[Expected]:
    key = f"{_rule_at(copy)}.when"
    copy.set(key, "role_is_coordinator")
    return [(key, "when:", "“role_is_coordinator” is not known at this moment")]


@rule("an escalation that nobody receives")
def _nobody_receives(copy: Copy) -> list[Expected]:
    key = f"{_rule_at(copy)}.to"
    copy.set(key, "practitioner")
    return [(key, "to:", "never to “practitioner”")]


@rule("an escalation at an unknown step")
def _unknown_step(copy: Copy) -> list[Expected]:
    key = f"{_rule_at(copy)}.at"
    copy.set(key, "breakfast")
    return [(key, "at:", "There is no step “breakfast”")]


@rule("an escalation that nothing raises")
def _unraised(copy: Copy) -> list[Expected]:
    key = _rule_at(copy)
    copy.set(f"{key}.at", "")
    return [(key, f"{key.rpartition('.')[2]}:", "Nothing raises this escalation")]


@rule("an escalation without a clock")
def _no_clock(copy: Copy) -> list[Expected]:
    key = _rule_at(copy)
    copy.set(f"{key}.answer_within", "")
    return [(key, f"{key.rpartition('.')[2]}:", "how soon to answer")]


@rule("an alarm that nobody hears")
def _unheard(copy: Copy) -> list[Expected]:
    action = copy.action(FLAG)
    name = action.rpartition(".")[2]
    ruled = next(one.name for one in copy.pack.escalations.values() if one.by_action == name)
    copy.set(f"escalations.{ruled}.by_action", "shout")
    return [
        (action, f"{name}:", f"Nobody is told when “{name}” is done"),
        (f"escalations.{ruled}.by_action", "by_action:", "There is no action “shout”"),
    ]


@rule("no red flag at all")
def _no_flag(copy: Copy) -> list[Expected]:
    key = copy.action(FLAG)
    name = key.rpartition(".")[2]
    ruled = next(one.name for one in copy.pack.escalations.values() if one.by_action == name)
    copy.set(f"{key}.does", "log_contact")
    copy.set(f"escalations.{ruled}.levels", "{now: PT15M, today: PT4H}")
    return [("case.actions", "actions:", f"No action does “{FLAG}”, without which nobody may run this lifecycle")]


@rule("a red flag at some moments only")
def _sometimes(copy: Copy) -> list[Expected]:
    key = f"{copy.action(FLAG)}.from"
    copy.set(key, f"[{', '.join(copy.case.open_states()[:-1])}]")
    return [(key, "from:", f"This must be possible at any moment, but not from {copy.case.open_states()[-1]}")]


@rule("a red flag that does more")
def _more(copy: Copy) -> list[Expected]:
    key = copy.action(FLAG)
    copy.add(key, "cancels: all")
    return [(key, f"{key.rpartition('.')[2]}:", "An alarm does nothing besides")]


@rule("a red flag for some alone")
def _some(copy: Copy) -> list[Expected]:
    key = f"{copy.action(FLAG)}.by"
    copy.set(key, "[coordinator, programme_lead]")
    return [(key, "by:", "must be able to raise an alarm, but not practitioner")]


@rule("a red flag without its urgent level")
def _no_level(copy: Copy) -> list[Expected]:
    name = copy.action(FLAG)
    ruled = next(one.name for one in copy.pack.escalations.values() if one.by_action == name.rpartition(".")[2])
    copy.set("choices.red_flag_levels.now", "")
    copy.set(f"escalations.{ruled}.levels", "{today: PT4H}")
    return [(f"{name}.form", "form:", "does not offer the level “now”")]


@rule("a practitioner decides an alarm")
def _own_alarm(copy: Copy) -> list[Expected]:
    key = f"{copy.action('decide_escalation')}.by"
    copy.set(key, "[practitioner, coordinator]")
    return [(key, "by:", "“decide_escalation” is never for practitioner: a pack cannot widen access")]


@rule("a step that nothing starts")
def _unstarted(copy: Copy) -> list[Expected]:
    step = copy.case.starts[0]
    copy.set("case.starts", "")
    return [(f"case.steps.{step}", f"{step}:", f"Nothing starts the step “{step}”")]


@rule("a step that nothing completes")
def _uncompleted(copy: Copy) -> list[Expected]:
    copy.add("case.steps", f"idle: {{{WORDS}, who: coordinator, window: {{from: now, due: P1D}}}}")
    copy.add("case.actions", f"begin: {{{WORDS}, from: open, by: coordinator, does: log_contact, starts: idle}}")
    return [("case.steps.idle", "idle:", "No action completes the step “idle”")]


@rule("a timer nobody answers")
def _unanswered(copy: Copy) -> list[Expected]:
    copy.add("case.states", f"attic: {{{WORDS}, kind: final}}")
    copy.add("case.steps", f"idle: {{{WORDS}, who: coordinator, window: {{from: now, due: P1D}}}}")
    copy.add(
        "case.actions",
        f"begin: {{{WORDS}, from: {copy.case.initial}, to: attic, by: coordinator, does: log_contact, starts: idle}}",
        f"end: {{{WORDS}, from: {copy.case.initial}, by: coordinator, does: log_contact, completes: idle}}",
    )
    return [("case.steps.idle", "idle:", "From attic nobody can complete “idle” any more: its clock is never answered")]


@rule("a timer on the list of somebody who can do nothing")
def _no_list(copy: Copy) -> list[Expected]:
    copy.add("incident.actions", f"begin: {{{WORDS}, from: open, by: coordinator, starts: idle, completes: idle}}")
    path = copy.folder / "lifecycles" / "incident.yaml"
    step = f"idle: {{{WORDS}, who: practitioner, window: {{from: now, due: P1D}}}}"
    if "\nsteps:\n" in path.read_text(encoding="utf-8"):
        copy.add("incident.steps", step)
    else:
        path.write_text(path.read_text(encoding="utf-8") + f"\nsteps:\n  {step}\n", encoding="utf-8")
    return [("incident.steps.idle.who", "idle:", "“practitioner”, who can do nothing")]


@rule("an interview compared with a later one")
def _compared_too_early(copy: Copy) -> list[Expected]:
    life = copy.case
    copy.add(
        "case.actions",
        f"idle: {{{WORDS}, from: {life.initial}, by: practitioner, does: record_assessment, "
        f"instrument: {_follow_up(copy)}}}",
    )
    from_initial = [one for one in life.actions.values() if life.initial in one.from_ and one.instrument]
    assert not from_initial
    return [("case.actions.idle.instrument", "idle:", "which cannot have been recorded yet")]


@rule("a score that closes")
def _score_closes(copy: Copy) -> list[Expected]:
    key = copy.action(CLOSE)
    to = copy.definition(key).to
    assert to
    copy.set(f"{key}.to", f"[{{state: {to[0].state}, when: total < 3}}, {{state: {to[0].state}}}]")
    return [(f"{key}.to", "to:", "A score would decide whether it ends")]


@rule("a score that refers")
def _score_refers(copy: Copy) -> list[Expected]:
    key = f"{copy.action('record_assessment')}.does"
    copy.set(key, "[record_assessment, propose_referral]")
    return [(key, "does:", "Recording an interview would at once do propose_referral")]


@rule("a score that bars")
def _score_bars(copy: Copy) -> list[Expected]:
    key = copy.action("propose_referral")
    band = next(band.name for one in copy.pack.instruments.values() for band in one.bands)
    copy.add(key, f"requires: {{when: has_previous && previous_band == '{band}', otherwise: {{en: X, fr: Y}}}}")
    return [(f"{key}.requires.1.when", "requires:", "A score bars nobody")]


@rule("points with a gap")
def _points(copy: Copy) -> list[Expected]:
    copy.add(
        f"{_instrument(copy)}.sections.{copy.pack.instruments[_instrument(copy)].sections[0].name}.items",
        f"idle: {{{WORDS}, text: {{en: X, fr: Y}}, scored: false,"
        " anchors: {0: {en: X, fr: Y}, 2: {en: X, fr: Y}}}",
    )
    section = copy.pack.instruments[_instrument(copy)].sections[0].name
    return [(f"{_instrument(copy)}.sections.{section}.items.idle.anchors", "idle:", "The anchors give 0, 2 points")]


@rule("bands that end too soon")
def _bands(copy: Copy) -> list[Expected]:
    one = copy.pack.instruments[_instrument(copy)]
    last = max(one.bands, key=lambda band: band.highest)
    copy.set(f"{one.name}.bands.{last.name}.highest", str(last.highest - 1))
    return [
        (f"{one.name}.bands", "bands:", f"The bands end at {last.highest - 1}, the highest total is {last.highest}")
    ]


@rule("bands that overlap")
def _overlap(copy: Copy) -> list[Expected]:
    one = copy.pack.instruments[_instrument(copy)]
    last = max(one.bands, key=lambda band: band.highest)
    key = f"{one.name}.bands.{last.name}"
    copy.set(f"{key}.lowest", str(last.lowest - 1))
    return [(key, f"{last.name}:", f"this one should begin at {last.lowest}")]


@rule("a follow-up of nothing")
def _follows_nothing(copy: Copy) -> list[Expected]:
    key = f"{_follow_up(copy)}.follows"
    copy.set(key, "breakfast")
    return [(key, "follows:", "There is no instrument “breakfast”")]


@rule("an unknown instrument")
def _unknown_instrument(copy: Copy) -> list[Expected]:
    copy.add("case.actions", f"idle: {{{WORDS}, from: open, by: coordinator, does: log_contact, instrument: tea}}")
    return [("case.actions.idle.instrument", "idle:", "There is no instrument “tea”")]


@rule("a step completed by another interview")
def _other_interview(copy: Copy) -> list[Expected]:
    step = next(one for one in copy.case.steps.values() if one.instrument)
    copy.add(
        "case.actions", f"idle: {{{WORDS}, from: open, by: coordinator, does: log_contact, completes: {step.name}}}"
    )
    return [("case.actions.idle.completes", "idle:", f"The step “{step.name}” asks for the instrument")]


@rule("a text that the pages need")
def _missing_text(copy: Copy) -> list[Expected]:
    copy.set("texts.call_now", "")
    return [("texts", "texts:", "The text “call_now” is missing")]


@rule("choices that the pages need")
def _missing_choices(copy: Copy) -> list[Expected]:
    copy.set("choices.severities", "{}")
    return [("choices", "choices:", "The choices “severities” are missing")]


@rule("an escalation that may wait for a year")
def _waits(copy: Copy) -> list[Expected]:
    key = f"{_rule_at(copy)}.answer_within"
    copy.set(key, "P1Y")
    return [(key, "answer_within:", "Nobody would have to answer for P1Y")]


@rule("a call that is heard sometimes")
def _sometimes_heard(copy: Copy) -> list[Expected]:
    action = copy.action("raise_escalation")
    name = action.rpartition(".")[2]
    ruled = next(one.name for one in copy.pack.escalations.values() if one.by_action == name)
    copy.add(f"escalations.{ruled}", "when: first_done")
    return [(action, f"{name}:", f"Where no condition of a rule holds, nobody is told that “{name}” was done")]
