"""One fault for each rule of the checker, as something to do to a copy of any pack that ships."""

from __future__ import annotations

from collections.abc import Callable

from tests.workflows.breaking import Copy

Expected = tuple[str, str, str]
"""Dotted key of the message, how the line begins that it points to, part of the cause."""

Rule = Callable[[Copy], list[Expected]]
RULES: dict[str, Rule] = {}


def rule(said: str) -> Callable[[Rule], Rule]:
    """Enter a way to break a pack under what it is."""

    def enter(breaks: Rule) -> Rule:
        RULES[said] = breaks
        return breaks

    return enter


FLAG, STOP, CLOSE = "raise_red_flag", "stop_contact", "close_case"
TWO = "{label: {en: X, fr: Y}, class: short_text}"


def _last(key: str) -> str:
    return key.rpartition(".")[2]


def _flag_rule(copy: Copy) -> str:
    name = _last(copy.action(FLAG))
    return next(f"escalations.{one.name}" for one in copy.pack.escalations.values() if one.by_action == name)


def _set(find: Callable[[Copy], str], below: str, value: str, cause: str, deeper: str = "") -> Rule:
    """Give a key below what is found another value; the message stands there, or deeper on the same line."""

    def breaks(copy: Copy) -> list[Expected]:
        key = find(copy) + below
        copy.set(key, value)
        return [(key + deeper, f"{_last(key)}:", cause)]

    return breaks


def _add(find: Callable[[Copy], str], name: str, value: str, cause: str, deeper: str = "") -> Rule:
    """Put a key below what is found; the message stands there, or deeper on the same line."""

    def breaks(copy: Copy) -> list[Expected]:
        key = find(copy)
        copy.add(key, f"{name}: {value}")
        return [(f"{key}.{name}{deeper}", f"{name}:", cause)]

    return breaks


def _flag(copy: Copy) -> str:
    return copy.action(FLAG)


def _stop(copy: Copy) -> str:
    return copy.action(STOP, lambda one: not one.requires)


def _close(copy: Copy) -> str:
    return copy.action(CLOSE)


def _first_step(copy: Copy) -> str:
    return f"case.steps.{copy.case.starts[0]}"


def _contact(copy: Copy) -> str:
    return next(f"contacts.{one.name}" for one in copy.pack.contacts if one.hint is None)


for what, breaks in {
    # Access.
    **{
        f"the role {role} acts": _set(_close, ".by", f"[coordinator, {role}]", f"“{role}” never acts in the lifecycle")
        for role in ("hr", "administrator", "auditor", "reporter")
    },
    "the person acts for others": _set(_close, ".by", "[coordinator, person]", "“person” decides about itself alone"),
    "nobody acts": _set(_close, ".by", "[]", "Nobody may do this"),
    "an unknown role": _set(_close, ".by", "[coordinator, chief]", "“chief” is not a known role", ".2"),
    "an effect of an unknown name": _set(_close, ".does", "open_doors", "“open_doors” is not a known effect"),
    "an effect of another lifecycle": _set(
        _close, ".does", "[close_case, send_referral]", "“send_referral” belongs to the lifecycle “referral”"
    ),
    "an account of any length": _add(
        lambda copy: _close(copy) + ".form",
        "story",
        "{label: {en: X, fr: Y}, class: long_text, max_length: 90000}",
        "is an account, and no form takes one",
        ".max_length",
    ),
    "a field class that does not exist": _add(
        lambda copy: _close(copy) + ".form",
        "story",
        "{label: {en: X, fr: Y}, class: everything}",
        "“everything” is not a known field class",
        ".class",
    ),
    "a form that sets what Trim reckons": _add(
        lambda copy: _close(copy) + ".form", "open_escalations", TWO, "no form can set it"
    ),
    "a form that sets a variable of another type": _add(
        lambda copy: _close(copy) + ".form",
        "agreed",
        TWO,
        "sets a variable of type bool, which a field of this class cannot",
        ".class",
    ),
    "a choice among nothing": _add(
        lambda copy: _close(copy) + ".form",
        "story",
        "{label: {en: X, fr: Y}, class: choice}",
        "A field of class choice offers nothing",
    ),
    "a contact with a number": _add(_contact, "hint", "{en: Call 0 800 123 456, fr: Y}", "never holds a number", ".en"),
    "a contact with a short number": _add(_contact, "hint", "{en: Call 3114, fr: Y}", "never holds a number", ".en"),
    "a text that leads out of the house": _add(
        lambda _: "texts", "more", "{en: Send it to boss@example.org, fr: Y}", "never holds an address", ".en"
    ),
    # Care.
    "a red flag that waits": _add(
        _flag, "requires", "{when: first_done, otherwise: {en: X, fr: Y}}", "may wait for nothing"
    ),
    "a red flag that is asked about twice": _add(_flag, "confirm", "{en: X, fr: Y}", "not asked about twice"),
    "a red flag that looks like anything": _set(_flag, ".danger", "false", "must be shown as urgent"),
    "a red flag with another question": _add(
        lambda copy: _flag(copy) + ".form",
        "why",
        "{label: {en: X, fr: Y}, class: short_text, required: true}",
        "never waits for an answer other than its level",
        ".required",
    ),
    "a red flag with a condition": _add(_flag_rule, "when", "first_done", "passed on whatever the case"),
    "a red flag for whoever raised it": _set(_flag_rule, ".to", "coordinator", "goes to whoever is on duty"),
    "a red flag that may wait for a month": _set(
        _flag_rule, ".levels", "{now: P30D, today: PT4H}", "At the level “now” nobody would have to answer for P30D"
    ),
    "a level without its time": _set(_flag_rule, ".levels", "{now: PT15M}", "are not those the form offers"),
    "whoever declines is asked why": _add(_stop, "form", f"{{why: {TWO}}}", "never asked why"),
    "whoever declines must wait": _add(
        _stop, "requires", "{when: first_done, otherwise: {en: X, fr: Y}}", "wait for nothing"
    ),
    "whoever declines is reminded": _set(_stop, ".cancels", "[]", "left in peace by every clock"),
    "an answer that nobody hears": _add(
        lambda _: "case.actions",
        "idle",
        "{label: {en: X, fr: Y}, from: open, by: coordinator, does: record_answer}",
        "What “record_answer” means is told by the state",
        ".to",
    ),
    "a stop after which everything is kept": _add(
        lambda _: "case.actions",
        "idle",
        "{label: {en: X, fr: Y}, from: open, by: coordinator, does: stop_contact, cancels: all}",
        "What “stop_contact” means is told by the state",
        ".to",
    ),
    "no limit of confidentiality": _set(lambda _: "confidentiality", ".limits", "[]", "No limit of confidentiality"),
    # Sense.
    "bounds out of order": _set(
        _first_step, ".window", "{from: case.opened_at, due: P9D, latest: P2D}", "“due” lies after “latest”"
    ),
    "an unknown anchor": _set(_first_step, ".window", "{from: the_start, due: P2D}", "not a known anchor", ".from"),
    "a timer for somebody who can do nothing": _set(
        _first_step,
        ".who",
        "nobody",
        "“nobody” is not a known receiver",
    ),
    "overdue with nothing": _set(_first_step, ".overdue", "{remind: []}", "Nothing happens when this is overdue"),
    "a clock from a later happening": _set(
        _first_step, ".window", "{from: previous_interview.at, due: P2D}", "cannot have happened yet"
    ),
    "missing French": _set(lambda _: "summary", "", "{en: X}", "The French text is missing"),
    "missing English": _set(lambda _: "summary", "", "{fr: X}", "The English text is missing"),
    "text in one language": _set(lambda _: "summary", "", "X", "A text in both languages"),
    "misspelt key": _add(_close, "cancel", "all", "“cancel” is not a key"),
}.items():
    RULES[what] = breaks
