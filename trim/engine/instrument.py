"""What an interview is once it is read: items that are asked, points that they give, bands of totals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from trim.engine.wording import Text

NOT_ASKED = "not_asked"
PREFERRED_NOT_TO_ANSWER = "preferred_not_to_answer"
SPECIAL_ANSWERS = (NOT_ASKED, PREFERRED_NOT_TO_ANSWER)
"""Answers that every item takes besides its own (CARE 5)."""

INCOMPLETE = "incomplete"
"""The band of a score that does not stand on an answer to every scored item (CARE 5)."""

ItemKind = Literal["scale", "yes_no", "number", "date", "short_text", "long_text", "tags"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value a person may choose, with its words."""

    value: str
    label: Text
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """One value of a scored item, said in words."""

    value: int
    label: Text
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One theme of an instrument; an item that is not changeable keeps its answer at a follow-up (CARE 6).

    One of kind tags takes several of its `choices`; its answer is their values with a space between.
    """

    name: str
    label: Text
    text: Text
    kind: ItemKind = "scale"
    hint: Text | None = None
    anchors: tuple[Anchor, ...] = ()
    changeable: bool = True
    scored: bool = True
    choices: tuple[Choice, ...] = ()

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
    """A structured interview whose answers give a score: the sum of its scored items; or, said outright, none."""

    name: str
    version: str
    title: Text
    intro: Text
    sections: tuple[Section, ...]
    bands: tuple[Band, ...] = ()
    bands_note: Text | None = None
    closing: Text | None = None
    follows: str | None = None
    scored: bool = True

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
