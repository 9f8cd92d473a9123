"""Ways to break a pack: pauses that forget somebody, beginnings that change nothing, steps that come back for ever."""

from __future__ import annotations

from collections.abc import Callable

from tests.workflows.breaking import Copy
from tests.workflows.broken_rules import RULES, Expected, rule

__all__ = ["RULES"]

WORDS = "label: {en: X, fr: Y}"
ASKED = "{label: {en: X, fr: Y}, class: short_text, required: true}"
DAY = "{label: {en: X, fr: Y}, class: date, required: true}"
SOMEBODY = "{label: {en: X, fr: Y}, class: somebody}"
LOOK = f"{{{WORDS}, who: coordinator, window: {{from: pause.look_again_at, due: P1D}}}}"


def _pausing(copy: Copy, *, form: str = "", more: str = "", resumes: bool = True, look: str = LOOK) -> str:
    """A pause of the first step of a case, sound unless something is said; gives the name of that step."""
    step = copy.case.starts[0]
    form = form or f"{{reason: {ASKED}, look_again_on: {DAY}}}"
    halt = f"halt: {{{WORDS}, from: open, by: coordinator, pauses: [{step}], starts: halted, form: {form}{more}}}"
    on = f"go_on: {{{WORDS}, from: open, by: coordinator, completes: halted{', resumes: all' if resumes else ''}}}"
    # A pack that ships may let everything go on again by itself: here it must not.
    if not resumes:
        for action in copy.case.actions.values():
            if action.resumes:
                copy.set(f"case.actions.{action.name}.resumes", "")
    copy.add("case.actions", halt, on)
    copy.add("case.steps", f"halted: {look}")
    return step


def _halt(cause: str, key: str = "case.actions.halt.form", *, form: str) -> Callable[[Copy], list[Expected]]:
    def breaks(copy: Copy) -> list[Expected]:
        _pausing(copy, form=form)
        return [(key, "halt:", cause)]

    return breaks


for what, breaks in {
    "a pause without a day": _halt("A pause needs a day on which somebody looks again", form=f"{{reason: {ASKED}}}"),
    "a pause without a reason": _halt("A pause needs a reason", form=f"{{look_again_on: {DAY}}}"),
    "a pause whose reason may be left out": _halt(
        "A pause needs a reason",
        form=f"{{reason: {{label: {{en: X, fr: Y}}, class: short_text}}, look_again_on: {DAY}}}",
    ),
}.items():
    rule(what)(breaks)


@rule("a pause that no coordinator sees")
def _unseen(copy: Copy) -> list[Expected]:
    _pausing(copy, look=LOOK.replace("coordinator", "practitioner"))
    return [("case.actions.halt.pauses", "halt:", "nothing about this stands on a coordinator's list")]


@rule("a pause without an end")
def _for_ever_paused(copy: Copy) -> list[Expected]:
    step = _pausing(copy, resumes=False)
    found = [("case.actions.halt.pauses", "halt:", f"Nothing lets “{step}” go on again")]
    for action in copy.case.actions.values():
        found += [
            (f"case.actions.{action.name}.pauses", "pauses:", f"Nothing lets “{name}” go on again")
            for name in action.pauses
            if not any(name in other.resets for other in copy.case.actions.values())
        ]
    return found


@rule("paused and done at once")
def _paused_and_done(copy: Copy) -> list[Expected]:
    step = _pausing(copy)
    asks = f"form: {{reason: {ASKED}, look_again_on: {DAY}}}"
    both = f"completes: {step}, pauses: [{step}], starts: halted, {asks}"
    copy.add("case.actions", f"end_both: {{{WORDS}, from: open, by: coordinator, {both}}}")
    return [("case.actions.end_both.pauses", "end_both:", "of the same action too")]


def _add_step(copy: Copy, name: str, step: str, *more: str, life: str = "case") -> None:
    """A step that is begun and ended by actions of its own, and what else is given."""
    copy.add(f"{life}.steps", f"{name}: {step}")
    copy.add(
        f"{life}.actions",
        f"begin: {{{WORDS}, from: open, by: coordinator, starts: {name}}}",
        f"end_it: {{{WORDS}, from: open, by: coordinator, completes: {name}}}",
        *more,
    )


@rule("a new beginning without a reason")
def _no_reason(copy: Copy) -> list[Expected]:
    anew = f"anew: {{{WORDS}, from: open, by: coordinator, resets: wait}}"
    _add_step(copy, "wait", f"{{{WORDS}, who: coordinator, window: {{from: now, due: P1D}}}}", anew)
    return [("case.actions.anew.form", "anew:", "A new beginning needs a reason")]


@rule("a new beginning that changes nothing")
def _nothing_new(copy: Copy) -> list[Expected]:
    anew = f"anew: {{{WORDS}, from: open, by: coordinator, resets: wait, form: {{reason: {ASKED}}}}}"
    _add_step(copy, "wait", f"{{{WORDS}, who: coordinator, window: {{from: case.opened_at, due: P1D}}}}", anew)
    cause = "“wait” counts from “case.opened_at”, which this action does not move: nothing would change"
    return [("case.actions.anew.resets", "anew:", cause)]


@rule("a clock that counts from a pause nobody makes")
def _no_pause(copy: Copy) -> list[Expected]:
    _add_step(copy, "halted", LOOK)
    return [("case.steps.halted.window", "halted:", "“pause.look_again_at” is known only to an action that pauses")]


def _comes_back(
    repeats: str, cause: str, below: str = "", due: str = "P7D", *, alone: bool = False
) -> Callable[[Copy], list[Expected]]:
    """A step that comes back wrongly; `alone` in a lifecycle in which nothing cancels it."""

    def breaks(copy: Copy) -> list[Expected]:
        life = "referral" if alone else "case"
        step = f"{{{WORDS}, who: coordinator, window: {{from: now, due: {due}}}, repeats: {repeats}}}"
        for action in copy.pack.lifecycles[life].actions.values() if alone else ():
            if action.cancels:
                copy.set(f"{life}.actions.{action.name}.cancels", "")
        _add_step(copy, "meet", step, life=life)
        return [(f"{life}.steps.meet.repeats{below}", "meet:", cause)]

    return breaks


for what, breaks in {
    "a step that comes back after no time": _comes_back(
        "{every: PT0S, times: 3}", "Nothing can come back after no time at all", ".every", "PT0S"
    ),
    "a step that is due again at once": _comes_back("{times: 3}", "It would be due again in the moment", "", "PT0S"),
    "a step that comes back before it is due": _comes_back(
        "{every: P2D, times: 3}", "It would come back before the one before is due", ".every"
    ),
    "a step that comes back once in all": _comes_back("{every: P7D, times: 1}", "1 times is no repetition", ".times"),
    "a step that comes back for ever": _comes_back("{every: P7D}", "“meet” comes back for ever", alone=True),
}.items():
    rule(what)(breaks)


@rule("a group session that scores somebody")
def _scored_in_a_group(copy: Copy) -> list[Expected]:
    instrument = next(iter(copy.pack.instruments))
    copy.add("group_session.actions.hold", f"instrument: {instrument}")
    return [("group_session.actions.hold.instrument", "instrument:", "Beside cases nobody is interviewed or scored")]


@rule("a check that asks for an interview")
def _interview_in_a_check(copy: Copy) -> list[Expected]:
    instrument = next(iter(copy.pack.instruments))
    copy.add("periodic_check.steps.pause_review", f"instrument: {instrument}")
    cause = "In the lifecycle “periodic_check” nobody is interviewed or scored"
    return [
        ("periodic_check.steps.pause_review.instrument", "instrument:", cause),
        *(
            (f"periodic_check.actions.{name}.completes", "completes:", "asks for the instrument")
            for name in ("record_check", "resume")
        ),
    ]


@rule("words beside a name")
def _words_beside_a_name(copy: Copy) -> list[Expected]:
    copy.add("group_session.actions.offer_contact.form", f"why: {ASKED}")
    return [("group_session.actions.offer_contact.form.why", "why:", "Beside the name of somebody no words are taken")]


@rule("a field of people in a case")
def _people_in_a_case(copy: Copy) -> list[Expected]:
    copy.add(
        "case.actions", f"tell: {{{WORDS}, from: open, by: coordinator, does: log_contact, form: {{who: {SOMEBODY}}}}}"
    )
    return [("case.actions.tell.form.who.class", "tell:", "The class “somebody” names people of")]


@rule("a clock from a day that nobody is asked for")
def _nobody_asked(copy: Copy) -> list[Expected]:
    copy.set("group_session.actions.plan.form.planned_for", "{label: {en: X, fr: Y}, class: instant}")
    return [("group_session.steps.hold_session.window", "window:", "“undertaking.planned_for” is not asked for")]
