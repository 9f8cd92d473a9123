"""One broken pack for each rule of sense: exactly its message, at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.small_pack import named_line, problems, write
from trim.domain.vocabulary import VOCABULARY
from trim.engine.loader import check_folder

Change = dict[str, tuple[str, str] | str | None]

LONELY = """\
  lonely:
    label: {en: Lonely, fr: Isolé}
"""
TRAP = """\
  trap:
    label: {en: Trap, fr: Piège}
    from: talking
    to: lonely
    by: coordinator
    does: log_contact
"""
SPIN = (
    TRAP
    + TRAP.replace("trap", "spin").replace("from: talking", "from: lonely").replace("to: lonely", "to: pit")
    + (TRAP.replace("trap", "back").replace("from: talking", "from: pit"))
)

RULES: dict[str, tuple[Change, list[tuple[str, str]]]] = {
    # rule: (change, for each problem the file and line that is named, and part of the cause)
    "unreachable state": (
        {"case": ("  done:\n", "  lonely:\n    label: {en: Lonely, fr: Isolé}\n  done:\n")},
        [("case: lonely:", "The state “lonely” is never reached")],
    ),
    "dead end": (
        {
            "case": (
                "  done:\n    label: {en: Done, fr: Terminé}\n    kind: final\n",
                "  done:\n    label: {en: Done, fr: Terminé}\n",
            )
        },
        [("case: states:", "No state is final"), ("case: done:", "“done” is a dead end")],
    ),
    "a last branch with a condition": (
        {"case": ("- {state: done}", "- {state: done, when: total < 3}")},
        [("case: to:", "The last branch has a condition")],
    ),
    "a branch that hides the rest": (
        {"case": ("{state: talking, when: total > 3, starts", "{state: talking, starts")},
        [("case: to:", "those after it are never taken")],
    ),
    "an action from nowhere": (
        {"case": ("from: [waiting, talking]", "from: []")},
        [("case: talking:", "“talking” is a dead end"), ("case: from: []", "starts from no state")],
    ),
    "an action that does nothing": (
        {
            "escalation": (
                "    to: decided\n    by: [coordinator, practitioner]\n    does: decide_escalation\n",
                "    by: [coordinator, practitioner]\n",
            )
        },
        [
            ("escalation: open: {label: {en: Open, fr: Ouverte}, kind: waiting}", "“open” is a dead end"),
            ("escalation: decided: {label: {en: Decided, fr: Décidée}, kind: final}", "“decided” is never reached"),
            ("escalation: decide:", "The action does nothing"),
        ],
    ),
    "a step that nothing starts": (
        {"case": ("starts: [talk]\n", "")},
        [("case: talk:", "Nothing starts the step “talk”")],
    ),
    "a step that nothing completes": (
        {"case": ("    completes: again\n", "")},
        [("case: again:", "No action completes the step “again”")],
    ),
    "a step for somebody who can do nothing": (
        {"case": ("who: practitioner", "who: programme_lead")},
        [("case: who: programme_lead", "“programme_lead”, who can do nothing")],
    ),
    "overdue with nothing": (
        {"case": ("overdue: {remind: [P1D], escalate: {after: P2D, to: coordinator}}", "overdue: {remind: []}")},
        [("case: overdue: {remind: []}", "Nothing happens when this is overdue")],
    ),
    "bounds out of order": (
        {"case": ("latest: P2D", "latest: PT2H")},
        [("case: window: {from: case.opened_at, earliest: PT1H, due: P1D, latest: PT2H}", "“due” lies after “latest”")],
    ),
    "an escalation that nobody receives": (
        {"pack": ("to: coordinator", "to: programme_lead")},
        [("pack: to: programme_lead", "reaches nobody")],
    ),
    "overdue that nobody receives": (
        {"case": ("to: coordinator", "to: programme_lead")},
        [("case: overdue: {remind: [P1D], escalate: {after: P2D, to: programme_lead}}", "reaches nobody")],
    ),
    "escalations without their lifecycle": (
        {"escalation": None},
        [
            ("case: overdue: {remind: [P1D], escalate: {after: P2D, to: coordinator}}", "reaches nobody"),
            ("pack: to: coordinator", "reaches nobody"),
            ("pack: to: duty_coordinator", "reaches nobody"),
        ],
    ),
    "an escalation that nothing raises": (
        {"pack": ("    at: talk\n", "")},
        [("pack: high:", "Nothing raises this escalation")],
    ),
    "an escalation at an unknown step": (
        {"pack": ("at: talk", "at: chat")},
        [("pack: at: chat", "no step “chat”")],
    ),
    "an escalation by an unknown action": (
        {"pack": ("by_action: raise_red_flag", "by_action: shout")},
        [
            ("case: raise_red_flag:", "Nobody is told when “raise_red_flag” is done"),
            ("pack: by_action: shout", "no action “shout”"),
        ],
    ),
    "an escalation without a clock": (
        {"pack": ("    answer_within: P1D\n", "")},
        [("pack: high:", "how soon to answer")],
    ),
    "levels that differ from the form": (
        {"pack": ("levels: {now: PT15M, today: PT4H}", "levels: {now: PT15M}")},
        [("pack: levels: {now: PT15M}", "are not those the form offers (now, today)")],
    ),
    "a condition of the wrong type": (
        {"case": ("when: contact_attempts >= 1", "when: contact_attempts")},
        [("case: - when: contact_attempts", "gives int, not a truth value")],
    ),
    "an unknown variable": (
        {"case": ("when: total > 3", "when: totl > 3")},
        [("case: - {state: talking, when: totl > 3, starts: [again]}", "(column 1): undeclared reference to 'totl'")],
    ),
    "a form that waits for itself": (
        {"case": ("when: early", "when: reason_given")},
        [("case: when: reason_given", "“reason_given” is not known at this moment")],
    ),
    "an escalation that reads the role": (
        {"pack": ("when: band == 'high'", "when: band == 'high' || role_is_coordinator")},
        [("pack: when: band == 'high' || role_is_coordinator", "“role_is_coordinator” is not known")],
    ),
    "a window that reads the form": (
        {
            "case": (
                "    overdue: {remind: [P1D]",
                "    instead: {when: total > 1, window: {from: now, due: P1D}}\n    overdue: {remind: [P1D]",
            )
        },
        [("case: instead: {when: total > 1, window: {from: now, due: P1D}}", "“total” is not known at this moment")],
    ),
    "a word that never comes": (
        {"pack": ("when: band == 'high'", "when: band == 'hihg'")},
        [("pack: when: band == 'hihg'", "“band” is never “hihg”")],
    ),
    "a listed word that never comes": (
        {"pack": ("when: band == 'high'", "when: band in ['high', \"hot\"]")},
        [("pack: when: band in ['high', \"hot\"]", "“band” is never “hot”")],
    ),
    "a state of another lifecycle": (
        {"case": ("when: state == 'talking'", 'when: state == "decided"')},
        [('case: - when: state == "decided" || role_is_coordinator', "“state” is never “decided”")],
    ),
    "two items of one name": (
        {"interview": ("      past:\n", "  two:\n    label: {en: Two, fr: Deux}\n    items:\n      sleep:\n")},
        [
            ("again: sleep:", "Here and in “interview” the item differs on whether it can change"),
            ("interview: sleep:", "Two items are called “sleep”"),
            ("interview: sleep:", "Two items are called “sleep”"),
        ],
    ),
    "points with a gap": (
        {"interview": ("          1: {en: Once", "          3: {en: Once")},
        [("interview: anchors:", "0, 3, 2 points"), ("interview: bands:", "the highest total is 5")],
    ),
    "bands with a gap": (
        {"interview": ("lowest: 3", "lowest: 4")},
        [("interview: high: {label: {en: High, fr: Élevé}, lowest: 4, highest: 4}", "should begin at 3")],
    ),
    "bands that end too soon": (
        {"interview": ("highest: 4", "highest: 3")},
        [("interview: bands:", "The bands end at 3, the highest total is 4")],
    ),
    "a band with the engine's own word": (
        {"interview": ("  low: {", "  incomplete: {")},
        [
            (
                "interview: incomplete: {label: {en: Low, fr: Bas}, lowest: 0, highest: 2, example: true}",
                "the engine's own word",
            )
        ],
    ),
    "a follow-up of nothing": (
        {"again": ("follows: interview", "follows: talk")},
        [("again: follows: talk", "no instrument “talk”")],
    ),
    "a follow-up that shares nothing": (
        {"again": ("      sleep:\n", "      rest:\n")},
        [("again: follows: interview", "No item is shared")],
    ),
    "a follow-up with other points": (
        {"again": ("          2: {en: Badly, fr: Mal}\n", "")},
        [("again: anchors:", "has other points")],
    ),
    "a follow-up that differs on change": (
        {"again": ("        anchors:\n", "        changeable: false\n        anchors:\n")},
        [("again: changeable: false", "differs on whether it can change")],
    ),
    "an unknown instrument": (
        {"case": ("by: practitioner\n    instrument: interview", "by: practitioner\n    instrument: chat")},
        [
            ("case: instrument: chat", "There is no instrument “chat”"),
            ("case: completes: talk", "asks for the instrument “interview”"),
        ],
    ),
    "no limit of confidentiality": (
        {"pack": ("  limits:\n    - {en: Unless in danger., fr: Sauf danger.}\n", "  limits: []\n")},
        [("pack: limits: []", "No limit of confidentiality")],
    ),
    "the person decides about somebody else": (
        {"case": ("by: [coordinator]\n    completes: again", "by: [coordinator, person]\n    completes: again")},
        [("case: by: [coordinator, person]", "“person” decides about itself alone")],
    ),
    "access widened": (
        {"escalation": ("by: [coordinator, practitioner]", "by: [coordinator, practitioner, hr]")},
        [("escalation: by: [coordinator, practitioner, hr]", "“hr” never acts in the lifecycle “escalation”")],
    ),
    "an action that nobody can ever do": (
        {"case": ("when: state == 'talking' || role_is_coordinator", "when: state == 'done' || role_is_hr")},
        [
            ("case: talking:", "“talking” is a dead end"),
            ("case: requires:", "Nobody can ever do this"),
        ],
    ),
    "a branch that only another role would take": (
        {
            "case": (
                "{state: talking, when: total > 3, starts",
                "{state: talking, when: total > 3 && role_is_hr, starts",
            )
        },
        [("case: talking:", "“talking” is never reached")],
    ),
    "a condition that reads nothing": (
        {"case": ("when: contact_attempts >= 1", "when: 1 > 2")},
        [("case: - when: 1 > 2", "reads nothing, so it is always the same")],
    ),
    "an action for nobody": (
        {"case": ("by: [coordinator]", "by: []")},
        [("case: by: []", "Nobody may do this")],
    ),
    "a red flag that waits": (
        {
            "case": (
                "    danger: true\n",
                "    danger: true\n    requires: {when: 'early', otherwise: {en: Wait., fr: Attendez.}}\n",
            )
        },
        [("case: requires: {when: 'early', otherwise: {en: Wait., fr: Attendez.}}", "may wait for nothing")],
    ),
    "a red flag at some moments only": (
        {"case": ("from: open", "from: waiting")},
        [("case: from: waiting", "not from talking")],
    ),
    "a decline that asks why": (
        {
            "case": (
                "    does: close_case\n",
                "    does: stop_contact\n    form: {why: {label: {en: Why, fr: Pourquoi}, class: short_text}}\n",
            )
        },
        [
            ("case: to: done", "What “stop_contact” means is told by the state"),
            ("case: form: {why: {label: {en: Why, fr: Pourquoi}, class: short_text}}", "never asked why"),
            ("case: requires:", "wait for nothing"),
        ],
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_its_message(tmp_path: Path, rule: str) -> None:
    change, expected = RULES[rule]
    found = problems(tmp_path, **change)
    said = "\n".join(map(str, found))
    assert len(found) == len(expected), said
    for one, (place, cause) in zip(found, expected, strict=True):
        assert (named_line(tmp_path, one), cause in one.cause) == (place, True), said


def test_no_way_to_an_end(tmp_path: Path) -> None:
    write(tmp_path, case=("actions:\n", "actions:\n" + SPIN))
    path = tmp_path / "lifecycles" / "case.yaml"
    pit = LONELY.replace("lonely", "pit")
    text = path.read_text(encoding="utf-8").replace("  done:\n", LONELY + pit + "  done:\n", 1)
    path.write_text(text.replace("from: open", "from: [waiting, talking, lonely, pit]"), encoding="utf-8")
    found = check_folder(tmp_path, VOCABULARY)
    assert [one.cause for one in found if "states" in one.key] == [
        "From “lonely” no final state can be reached.",
        "From “pit” no final state can be reached.",
    ]


def test_an_instrument_without_points(tmp_path: Path) -> None:
    text = """\
instrument: again
version: '1'
title: {en: Again, fr: Encore}
intro: {en: Hello., fr: Bonjour.}
sections:
  one:
    label: {en: One, fr: Un}
    items:
      day: {label: {en: Day, fr: Jour}, text: {en: Which?, fr: Lequel ?}, kind: date}
"""
    assert [one.cause for one in problems(tmp_path, again=text)] == ["The instrument scores nothing."]


def test_an_empty_pack(tmp_path: Path) -> None:
    found = problems(tmp_path, case=None, escalation=None)
    assert "The pack has no lifecycle." in [one.cause for one in found]
    assert found[0].line == 1


def test_what_the_pages_need(tmp_path: Path) -> None:
    found = check_folder(write(tmp_path), VOCABULARY)
    causes = {one.cause for one in found}
    assert "The choices “contact_channels” are missing." in causes
    assert "The text “evidence_hold” is missing." in causes
