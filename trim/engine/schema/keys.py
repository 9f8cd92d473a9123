"""Every key of the workflow language: where it may stand, what it takes and what it says.

The readers (`trim/engine/read_*.py`, `loader.py`) ask for these keys. A test reads packs with both and compares, key by
key, so that neither can know one that the other does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from trim.engine.schema.shapes import (
    ANCHORS_OF_ITEM,
    CHOICE_GROUPS,
    CONDITION,
    DURATION,
    GUIDANCE,
    LANGUAGE_VERSION,
    LEVELS,
    NAME,
    NUMBER,
    TEXT,
    TRUTH,
    WORD,
    Shape,
    either,
    kind_of,
    labelled,
    named,
    several,
    table,
    word_of,
)


@dataclass(frozen=True, slots=True)
class Key:
    """One key; `needed` where a pack that extends nothing must have it."""

    shape: Shape
    meaning: str
    needed: bool = False


_LABEL: Final = Key(TEXT, "What people read.", needed=True)
_HINT: Final = Key(TEXT, "A sentence of help beside it.")

TABLES: Final = MappingProxyType(
    {
        "pack": {
            "pack": Key(WORD, "The pack's name: that of its folder.", needed=True),
            "version": Key(WORD, "Yours to choose, in quotes; shown beside cases and scores.", needed=True),
            "language": Key(LANGUAGE_VERSION, "Version of the workflow language.", needed=True),
            "extends": Key(WORD, "The pack that this one changes: in the folder beside it, or one that ships."),
            "title": Key(TEXT, "What people call the process.", needed=True),
            "summary": Key(TEXT, "What it is for.", needed=True),
            "confidentiality": Key(table("confidentiality"), "Said before every interview.", needed=True),
            "escalations": Key(
                named(table("escalation")), "When the programme must look at a case. It decides nothing."
            ),
            "contacts": Key(named(table("contact")), "Places for numbers that the organisation fills in."),
            "texts": Key(GUIDANCE, "Guidance that pages show."),
            "choices": Key(CHOICE_GROUPS, "Groups of values with their words; a form names the group."),
        },
        "confidentiality": {
            "version": Key(WORD, "Change it whenever the sense changes: it is then explained anew.", needed=True),
            "opening": Key(TEXT, "How it begins.", needed=True),
            "limits": Key(several(TEXT), "Each case in which something must be passed on.", needed=True),
            "closing": Key(TEXT, "How it ends.", needed=True),
            "confirm": Key(TEXT, "What the practitioner ticks.", needed=True),
        },
        "contact": {"label": _LABEL, "hint": _HINT},
        "choice": {"label": _LABEL, "hint": _HINT},
        "escalation": {
            "label": _LABEL,
            "hint": _HINT,
            "to": Key(word_of("receivers"), "Who must look.", needed=True),
            "at": Key(several(NAME), "Steps: it is looked at when one of them is recorded."),
            "when": Key(CONDITION, "Raised where this holds."),
            "by_action": Key(NAME, "Raised by this action instead of a step."),
            "levels": Key(LEVELS, "A time for an answer for each level that the action's form offers."),
            "answer_within": Key(DURATION, "Time for an answer."),
        },
        "lifecycle": {
            "lifecycle": Key(word_of("lifecycles"), "What lives this way; also the file's name.", needed=True),
            "label": _LABEL,
            "hint": _HINT,
            "initial": Key(NAME, "The state in which it begins.", needed=True),
            "starts": Key(several(NAME), "Steps that run from the beginning."),
            "opened_by": Key(several(kind_of("opened_by")), "How a case may come. Of an incident, if nothing is said."),
            "states": Key(named(table("state")), "Where it can stand. Never how a person is.", needed=True),
            "steps": Key(named(table("step")), "What is expected to happen, and when."),
            "actions": Key(named(table("action")), "What people do.", needed=True),
        },
        "part": {
            "states": Key(named(table("state")), "More states."),
            "steps": Key(named(table("step")), "More steps."),
            "actions": Key(named(table("action")), "More actions."),
        },
        "state": {
            "label": _LABEL,
            "kind": Key(kind_of("state"), "Whether it waits, goes on or has ended."),
            "hint": _HINT,
        },
        "step": {
            "label": _LABEL,
            "hint": _HINT,
            "who": Key(word_of("receivers"), "Whose work-list shows it.", needed=True),
            "instrument": Key(WORD, "The interview it asks for."),
            "when": Key(CONDITION, "Opened only where this holds."),
            "window": Key(table("window"), "When it should be done.", needed=True),
            "instead": Key(several(table("other_window")), "Another window, where its condition holds."),
            "remind": Key(several(DURATION), "Reminders, so long before `due`."),
            "overdue": Key(table("overdue"), "After `latest`, or after `due` where there is no `latest`."),
            "repeats": Key(table("repeats"), "Comes back once it is done, until an end."),
        },
        "window": {
            "from": Key(word_of("anchors"), "What it is reckoned from.", needed=True),
            "earliest": Key(DURATION, "Before it a reason is asked for; it is not refused."),
            "due": Key(DURATION, "When it should be done.", needed=True),
            "latest": Key(DURATION, "After it the step is overdue."),
            "least_gap": Key(DURATION, "Least time since the interview before."),
            "calendar": Key(kind_of("calendar"), "Which days count."),
        },
        "other_window": {
            "when": Key(CONDITION, "Takes this window where it holds.", needed=True),
            "window": Key(table("window"), "The window then.", needed=True),
        },
        "repeats": {
            "every": Key(DURATION, "Keeps to the days of the series. Left out, the next is counted from the doing."),
            "times": Key(NUMBER, "So many in all."),
            "until": Key(DURATION, "None that begins so long after the first."),
            "while": Key(CONDITION, "Only as long as this holds; asked when one is done."),
        },
        "overdue": {
            "remind": Key(several(DURATION), "Reminders, so long after."),
            "escalate": Key(table("escalate"), "Who is told when nothing happens."),
        },
        "escalate": {
            "after": Key(DURATION, "So long after it was overdue.", needed=True),
            "to": Key(word_of("receivers"), "Who is told.", needed=True),
        },
        "action": {
            "label": Key(TEXT, "What the button says: “Close the case”.", needed=True),
            "done": Key(TEXT, "How histories tell it: “Case closed”. The label where it is left out."),
            "hint": _HINT,
            "from": Key(
                several(NAME), "A state, a list, `open` (every state that is not final) or `any`.", needed=True
            ),
            "to": Key(
                several(either(NAME, table("branch"))),
                "Where it leads: a state, or branches of which the first that holds is taken. Leave it out to stay.",
            ),
            "by": Key(several(word_of("acting")), "Roles that may do it.", needed=True),
            "instrument": Key(WORD, "The interview it records."),
            "completes": Key(several(NAME), "Steps that are done with it."),
            "cancels": Key(several(NAME), "Steps that stop; `all` stops every open one."),
            "starts": Key(several(NAME), "Steps that open; cancelling comes before."),
            "pauses": Key(
                several(NAME), "Steps that stand still; `all` every open one. The form asks why and until when."
            ),
            "resumes": Key(several(NAME), "Paused steps that go on; their bounds move by the length of the pause."),
            "resets": Key(several(NAME), "Running steps whose clock begins anew."),
            "step": Key(NAME, "The step it is about, if not the first that it completes."),
            "does": Key(several(word_of("effects")), "What the program does with it."),
            "danger": Key(TRUTH, "Shown as urgent."),
            "confirm": Key(TEXT, "Asked before it is done."),
            "form": Key(named(table("field")), "What it asks for."),
            "requires": Key(
                several(table("requirement")), "What must hold, and what people are told where it does not."
            ),
        },
        "branch": {
            "state": Key(NAME, "The state it leads to.", needed=True),
            "when": Key(CONDITION, "Taken where this holds; the last branch has none."),
            "starts": Key(several(NAME), "Steps that this branch opens."),
        },
        "requirement": {
            "when": Key(CONDITION, "What must hold.", needed=True),
            "otherwise": Key(TEXT, "What people are told where it does not.", needed=True),
        },
        "field": {
            "label": _LABEL,
            "hint": _HINT,
            "class": Key(word_of("field_classes"), "What it takes.", needed=True),
            "choices": Key(
                either(NAME, named(labelled("choice"))), "A group of choices in pack.yaml, or values written here."
            ),
            "required": Key(TRUTH, "Whether it must be answered."),
            "max_length": Key(NUMBER, "Letters, for texts."),
            "when": Key(CONDITION, "Shown only where this holds."),
        },
        "instrument": {
            "instrument": Key(WORD, "The instrument's name; also the file's.", needed=True),
            "version": Key(WORD, "Yours to choose, in quotes.", needed=True),
            "follows": Key(WORD, "The interview it is compared with."),
            "title": Key(TEXT, "What people call it.", needed=True),
            "intro": Key(TEXT, "How to begin.", needed=True),
            "closing": Key(TEXT, "How to end."),
            "sections": Key(named(table("section")), "Its parts, in the order in which they are asked.", needed=True),
            "scored": Key(TRUTH, "False for a conversation without a score: its scales count nothing."),
            "bands_note": Key(TEXT, "Said beside the bands."),
            "bands": Key(named(table("band")), "Ranges of totals, from 0 to the highest without a gap."),
        },
        "section": {
            "label": _LABEL,
            "hint": _HINT,
            "items": Key(named(table("item")), "What is asked.", needed=True),
        },
        "item": {
            "label": Key(TEXT, "The theme, in a word or two.", needed=True),
            "text": Key(TEXT, "What is asked.", needed=True),
            "hint": _HINT,
            "kind": Key(kind_of("item"), "What it takes."),
            "scored": Key(TRUTH, "Whether its points count; only a scale can, and does unless you say false."),
            "changeable": Key(TRUTH, "False for what cannot change: it is carried over."),
            "choices": Key(
                either(NAME, named(labelled("choice"))), "For tags: a group of choices in pack.yaml, or values here."
            ),
            "anchors": Key(ANCHORS_OF_ITEM, "Points, each in words; from 0 without a gap."),
        },
        "anchor": {"label": _LABEL, "hint": _HINT},
        "band": {
            "label": _LABEL,
            "hint": _HINT,
            "lowest": Key(NUMBER, "Lowest total that belongs to it.", needed=True),
            "highest": Key(NUMBER, "Highest total that belongs to it.", needed=True),
            "example": Key(TRUTH, "To be replaced by the organisation."),
        },
    }
)
