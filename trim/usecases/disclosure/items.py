"""What a package is made of: sections of items, items of lines; and what is left out of them.

Passages are marked as places in the free text of an item, never as copies of it: a mark outlives no content. The digest
of an item says whether it still is what the reviewer read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from trim.engine.wording import Text
from trim.usecases.cases.case_file import Value

#: What stands where a passage was taken out.
BLANK = "[…]"
#: Items of readings: they grow with every look, the review's own included, so their mark does not hang on their lines.
READINGS = "readings"


@dataclass(frozen=True, slots=True)
class Line:
    """One fact; `value` a `str` where people wrote it themselves, so that passages of it can be left out."""

    label: Text
    value: Value


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is held; `key` finds it again, `left_out` gives the reasons for what was taken from it."""

    key: str
    title: Text
    lines: tuple[Line, ...]
    at: datetime | date | None = None
    left_out: tuple[str, ...] = ()
    whole: bool = False

    def content(self) -> list[Any]:
        """The item as JSON-able values in both languages, for its digest."""
        head = [self.title.en, plain(self.at)]
        if self.key.startswith(READINGS):
            return [head]
        return [head, *([line.label.en, plain(line.value)] for line in self.lines)]


@dataclass(frozen=True, slots=True)
class Section:
    """Items that belong together: the directory, one case, who read it. `subject` is the case in the trail."""

    key: str
    title: Text
    items: tuple[Item, ...]
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What the reviewer decided about an item as it was then.

    `cuts` are (line, start, end, reason); `whole` is the reason for leaving the whole item out, if it is left out.
    """

    digest: str
    cuts: tuple[tuple[int, int, int, str], ...] = ()
    whole: str | None = None

    def stored(self) -> dict[str, Any]:
        """As it is sealed."""
        return {"digest": self.digest, "cuts": [list(one) for one in self.cuts], "whole": self.whole}


def marks_of(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Mark]:
    """The marks of a review, by the key of their item."""
    return {
        key: Mark(one["digest"], tuple((c[0], c[1], c[2], c[3]) for c in one["cuts"]), one["whole"])
        for key, one in stored.items()
    }


def passages(item: Item, wanted: Sequence[str]) -> list[tuple[int, int, int]] | None:
    """Every place of some passages in the free text of an item; None when one of them does not occur."""
    places = []
    for passage in wanted:
        found = [
            (number, start, start + len(passage))
            for number, line in enumerate(item.lines)
            if isinstance(line.value, str)
            for start in _places(line.value, passage)
        ]
        if not found:
            return None
        places += found
    return sorted(set(places))


def cut(item: Item, mark: Mark) -> Item:
    """The item as it goes into the package."""
    if mark.whole is not None:
        return replace(item, lines=(), left_out=(mark.whole,), whole=True)
    lines = list(item.lines)
    # From the back, so that the places before stay right; overlapping passages become one blank.
    for number, start, end, _reason in sorted(_merged(mark.cuts), reverse=True):
        text = lines[number].value
        assert isinstance(text, str)
        lines[number] = Line(lines[number].label, text[:start] + BLANK + text[end:])
    return replace(item, lines=tuple(lines), left_out=tuple(sorted({reason for *_, reason in mark.cuts})))


def plain(value: Any) -> Any:
    """A value as JSON holds it: instants and days in ISO 8601, words in English."""
    if isinstance(value, Text):
        return value.en
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return value


def _merged(cuts: Sequence[tuple[int, int, int, str]]) -> list[tuple[int, int, int, str]]:
    merged: list[tuple[int, int, int, str]] = []
    for number, start, end, reason in sorted(cuts):
        if merged and merged[-1][0] == number and start <= merged[-1][2]:
            before = merged[-1]
            merged[-1] = (number, before[1], max(before[2], end), before[3])
        else:
            merged.append((number, start, end, reason))
    return merged


def _places(text: str, passage: str) -> list[int]:
    found, start = [], text.find(passage)
    while start >= 0:
        found.append(start)
        start = text.find(passage, start + 1)
    return found
