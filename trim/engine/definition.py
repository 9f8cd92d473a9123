"""What a pack is once it is read: plain frozen values, in the order in which the pack's author wrote them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from trim.engine import codec, hashing
from trim.engine.durations import Duration
from trim.engine.wording import Text

LANGUAGE = 1
"""The version of the workflow language that this engine writes; it reads every older one."""
FIRST_LANGUAGE = 1
"""What compiled text is written in that names no version: it must stay the same when LANGUAGE grows."""

NOT_ASKED = "not_asked"
PREFERRED_NOT_TO_ANSWER = "preferred_not_to_answer"
SPECIAL_ANSWERS = (NOT_ASKED, PREFERRED_NOT_TO_ANSWER)
"""Answers that every item takes besides its own (CARE 5)."""

INCOMPLETE = "incomplete"
"""The band of a score that does not stand on an answer to every scored item (CARE 5)."""

ALL = "all"
"""In `cancels`: every open step."""

StateKind = Literal["waiting", "active", "final"]
ItemKind = Literal["scale", "yes_no", "number", "date", "short_text"]
Calendar = Literal["calendar", "working_days"]


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Choice:
    """One value a person may choose, with its words."""

    value: str
    label: Text
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One question of an action's form; `when` (a condition) hides it where it has no meaning."""

    name: str
    label: Text
    field_class: str
    hint: Text | None = None
    required: bool = False
    choices: tuple[Choice, ...] = ()
    max_length: int | None = None
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition that must hold before an action, and what to tell the person where it does not."""

    when: str
    otherwise: Text


@dataclass(frozen=True, slots=True)
class Branch:
    """Where an action leads; the first branch whose condition holds is taken and opens its own steps."""

    state: str
    when: str | None = None
    starts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """Where a thing can stand; its word is public metadata, so it may say nothing about a person's health."""

    name: str
    label: Text
    kind: StateKind = "active"
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person does; `to` empty or None means the state stays.

    `label` bids ("Close the case"), `done` tells ("Case closed"); without it the label tells too.
    """

    name: str
    label: Text
    from_: tuple[str, ...]
    by: tuple[str, ...]
    to: tuple[Branch, ...] | None = None
    hint: Text | None = None
    form: tuple[Field, ...] = ()
    requires: tuple[Requirement, ...] = ()
    completes: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    cancels: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    instrument: str | None = None
    step: str | None = None
    danger: bool = False
    needs_confirm: Text | None = None
    done: Text | None = None

    @property
    def told(self) -> Text:
        """The words of a history: what was done."""
        return self.done or self.label


@dataclass(frozen=True, slots=True)
class Window:
    """When a step should be done, reckoned from its anchor; `least_gap` is kept from the previous interview."""

    anchor: str
    due: Duration
    earliest: Duration | None = None
    latest: Duration | None = None
    least_gap: Duration | None = None
    calendar: Calendar = "calendar"


@dataclass(frozen=True, slots=True)
class OtherWindow:
    """A window that takes the place of a step's own one where its condition holds."""

    when: str
    window: Window


@dataclass(frozen=True, slots=True)
class Overdue:
    """What happens after a step's latest bound (or after `due` where it has none)."""

    remind: tuple[Duration, ...] = ()
    escalate_after: Duration | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is expected to happen within a window; `who` is the role whose work list shows it.

    `remind` are lengths of time before `due` at which that role is reminded.
    """

    name: str
    label: Text
    window: Window
    who: str
    hint: Text | None = None
    instrument: str | None = None
    when: str | None = None
    instead: tuple[OtherWindow, ...] = ()
    remind: tuple[Duration, ...] = ()
    overdue: Overdue | None = None


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The states and actions of one kind of thing: an incident, a case, a referral, an escalation."""

    name: str
    label: Text
    initial: str
    states: Mapping[str, State]
    actions: Mapping[str, Action]
    steps: Mapping[str, Step] = field(default_factory=_nothing)
    starts: tuple[str, ...] = ()
    hint: Text | None = None

    def open_states(self) -> tuple[str, ...]:
        """Give the names of all states that are not final."""
        return tuple(state.name for state in self.states.values() if state.kind != "final")


@dataclass(frozen=True, slots=True)
class Anchor:
    """One value of a scored item, said in words."""

    value: int
    label: Text
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One theme of an instrument; an item that is not changeable keeps its answer at a follow-up (CARE 6)."""

    name: str
    label: Text
    text: Text
    kind: ItemKind = "scale"
    hint: Text | None = None
    anchors: tuple[Anchor, ...] = ()
    changeable: bool = True
    scored: bool = True

    @property
    def pins_texts(self) -> bool:
        """Say whether the words are part of the measure, and so of the behaviour a case is pinned to."""
        return self.scored

    @property
    def most(self) -> int:
        """Give the most points the item can add."""
        return max((anchor.value for anchor in self.anchors), default=0) if self.scored else 0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an interview, such as "After the event"."""

    name: str
    label: Text
    items: tuple[Item, ...]
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A range of totals, both ends belonging to it; `example` figures are to be replaced by the organisation."""

    name: str
    label: Text
    lowest: int
    highest: int
    hint: Text | None = None
    example: bool = False


@dataclass(frozen=True, slots=True)
class Instrument:
    """A structured interview whose answers give a score: the sum of its scored items."""

    name: str
    version: str
    title: Text
    intro: Text
    sections: tuple[Section, ...]
    bands: tuple[Band, ...] = ()
    bands_note: Text | None = None
    closing: Text | None = None
    follows: str | None = None

    def items(self) -> Iterator[Item]:
        """Give every item in the order in which it is asked."""
        for section in self.sections:
            yield from section.items

    def scored_items(self) -> tuple[Item, ...]:
        """Give the items that count towards the score."""
        return tuple(item for item in self.items() if item.scored)

    @property
    def maximum(self) -> int:
        """Give the highest possible total."""
        return sum(item.most for item in self.items())

    def band(self, name: str | None) -> Band | None:
        """Find a band by its name; None for an incomplete score."""
        return next((band for band in self.bands if band.name == name), None)


@dataclass(frozen=True, slots=True)
class EscalationRule:
    """When the programme must look at a case, who must, and within what time."""

    name: str
    label: Text
    to: str
    when: str | None = None
    at: tuple[str, ...] = ()
    by_action: str | None = None
    levels: Mapping[str, Duration] = field(default_factory=_nothing)
    answer_within: Duration | None = None
    hint: Text | None = None

    def within(self, level: str | None = None) -> Duration | None:
        """Give the time for an answer: that of the level, else the rule's, else the shortest of all levels."""
        if level is not None and level in self.levels:
            return self.levels[level]
        return self.answer_within or min(self.levels.values(), key=lambda one: one.rough_seconds, default=None)


@dataclass(frozen=True, slots=True)
class Confidentiality:
    """What is explained before every interview; a new version is explained anew (CARE 29)."""

    version: str = field(metadata={"wording": True})
    opening: Text
    limits: tuple[Text, ...]
    closing: Text
    confirm: Text


@dataclass(frozen=True, slots=True)
class ContactPlace:
    """A place for a telephone number or address that the organisation fills in; a pack never holds the number."""

    name: str
    label: Text
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class VariableType:
    """A value that conditions may read; `source` is case, form (known once the form is filled in) or engine."""

    name: str
    type: str
    source: str = "case"


@dataclass(frozen=True, slots=True)
class Pack:
    """An organisation's whole process. Two packs with equal behaviour hash decide everything alike."""

    name: str
    version: str = field(metadata={"wording": True})
    title: Text
    summary: Text
    confidentiality: Confidentiality
    lifecycles: Mapping[str, Lifecycle] = field(default_factory=_nothing)
    instruments: Mapping[str, Instrument] = field(default_factory=_nothing)
    escalations: Mapping[str, EscalationRule] = field(default_factory=_nothing)
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=_nothing)
    contacts: tuple[ContactPlace, ...] = ()
    texts: Mapping[str, Text] = field(default_factory=_nothing)
    variables: Mapping[str, VariableType] = field(default_factory=_nothing)
    language: int = FIRST_LANGUAGE
    behaviour_hash: str = field(default="", metadata={"derived": True})
    wording_hash: str = field(default="", metadata={"derived": True})

    def sealed(self) -> Pack:
        """Give this pack with both hashes reckoned from what it holds."""
        return replace(self, behaviour_hash=hashing.behaviour_hash(self), wording_hash=hashing.wording_hash(self))

    def choice(self, group: str, value: str) -> Choice | None:
        """Find a choice of a group; None where the pack does not know it."""
        return next((choice for choice in self.choices.get(group, ()) if choice.value == value), None)

    def to_json(self) -> str:
        """Write the pack as canonical JSON, without its hashes: they are reckoned anew on reading."""
        return codec.dumps(codec.encode(self))

    @classmethod
    def from_json(cls, text: str) -> Pack:
        """Read what to_json wrote; raises ValueError for a pack of a newer language.

        A text that was read before gives the same pack: packs cannot change, and reckoning the hashes takes time.
        """
        return _from_json(text)


@lru_cache(maxsize=32)
def _from_json(text: str) -> Pack:
    data = json.loads(text)
    if data.get("language", FIRST_LANGUAGE) > LANGUAGE:
        raise ValueError(f"this pack is written in language {data['language']}, this engine reads up to {LANGUAGE}")
    return codec.decode(Pack, data).sealed()
