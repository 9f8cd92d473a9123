"""What a key may take: each shape gives its JSON Schema, whole or, for a pack that extends another, as changes.

Where a pack changes another, maps merge by key: no key is needed and `null` removes. What stands in a list is always
whole, because lists replace; so are texts, in both languages at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from trim.domain.vocabulary import OPENED_BY, Vocabulary
from trim.engine.definition import LANGUAGE
from trim.engine.durations import PATTERN
from trim.engine.read_instrument import KINDS as ITEM_KINDS
from trim.engine.read_lifecycle import CALENDARS
from trim.engine.read_lifecycle import KINDS as STATE_KINDS
from trim.engine.schema.meanings import MEANINGS

Json = dict[str, Any]


class Rooms(Protocol):
    """Keeps the definitions of one file, and knows the closed words."""

    words: Vocabulary

    def define(self, name: str, make: Callable[[], Json]) -> Json:
        """Give a reference to a definition that is made once."""

    def table(self, name: str, *, changes: bool) -> Json:
        """Give a reference to a table of keys."""


Shape = Callable[[Rooms, bool], Json]

_NAMES: Final = {"type": "string", "pattern": "^[a-z_][a-z0-9_]*$"}
_KINDS: Final[Mapping[str, Sequence[str]]] = {
    "state": STATE_KINDS,
    "item": ITEM_KINDS,
    "calendar": CALENDARS,
    "opened_by": OPENED_BY,
}
#: YAML reads 1.0 without quotes as a number; the reader takes it as it is written.
_WORDS: Final = {"type": ["string", "number"], "minLength": 1}


def _plain(name: str, make: Callable[[Rooms], Json]) -> Shape:
    return lambda rooms, _: rooms.define(name, lambda: make(rooms))


def _text(_: Rooms) -> Json:
    said = {"type": ["string", "number"], "pattern": r"\S"}
    return {
        "type": "object",
        "properties": {
            "en": {**said, "description": "In English."},
            "fr": {**said, "description": "In French. Spaces before ? ! ; : are typed as ordinary ones."},
        },
        "required": ["en", "fr"],
        "additionalProperties": False,
    }


def _duration(_: Rooms) -> Json:
    parts = re.sub(r"\?P<\w+>", "", PATTERN.pattern)
    return {
        "description": "ISO 8601: PT15M, PT72H, P28D, P3M. Hours are absolute; days keep the hour on the clock.",
        "type": "string",
        "pattern": rf"^(?=.*\d)(?!.*T$){parts}$",
    }


def _condition(rooms: Rooms) -> Json:
    known = "\n".join(f"- `{name}` ({one.type}): {one.meaning}" for name, one in sorted(rooms.words.variables.items()))
    return {
        "description": "A condition in CEL: == != < <= > >= && || ! and brackets. One that begins with ! needs quotes."
        f"\n\nIt may read:\n\n{known}",
        "type": "string",
        "minLength": 1,
    }


def _word(_: Rooms, __: bool) -> Json:
    return dict(_WORDS)


def _language(_: Rooms, __: bool) -> Json:
    return {"type": "integer", "minimum": 1, "maximum": LANGUAGE}


def _name(_: Rooms, __: bool) -> Json:
    return dict(_NAMES)


def _number(_: Rooms, __: bool) -> Json:
    return {"type": "integer"}


def _truth(_: Rooms, __: bool) -> Json:
    return {"type": "boolean"}


WORD: Final[Shape] = _word
LANGUAGE_VERSION: Final[Shape] = _language
NAME: Final[Shape] = _name
NUMBER: Final[Shape] = _number
TRUTH: Final[Shape] = _truth
TEXT: Final = _plain("text", _text)
DURATION: Final = _plain("duration", _duration)
CONDITION: Final = _plain("condition", _condition)


def closed(words: Iterable[str]) -> Json:
    """A word of a closed set, each with what it means."""
    listed = sorted(words)
    return {"type": "string", "enum": listed, "enumDescriptions": [MEANINGS.get(word, "") for word in listed]}


def kind_of(thing: str) -> Shape:
    """A kind of state, item or calendar."""
    return lambda _, __: closed(_KINDS[thing])


def word_of(words: str) -> Shape:
    """A word of the vocabulary; of roles, those that may act anywhere at all."""

    def made(rooms: Rooms, _: bool) -> Json:
        found = getattr(rooms.words, words)
        return closed(set().union(*found.values()) if words == "acting" else found)

    return made


def table(name: str) -> Shape:
    """A map with the keys of a table."""
    return lambda rooms, changes: rooms.table(name, changes=changes)


def removable(shape: Json, changes: bool) -> Json:
    """The same, or in a pack that extends another `null`, which removes it.

    Neither this nor a text has a description of its own: editors would show it in place of what the key means.
    """
    return {"anyOf": [shape, {"type": "null"}]} if changes else shape


def named(shape: Shape) -> Shape:
    """Things under names of the author's own."""
    return lambda rooms, changes: {
        "type": "object",
        "propertyNames": {"pattern": _NAMES["pattern"]},
        "additionalProperties": removable(shape(rooms, changes), changes),
    }


def either(*shapes: Shape) -> Shape:
    """One of several shapes."""
    return lambda rooms, changes: {"anyOf": [shape(rooms, changes) for shape in shapes]}


def several(shape: Shape) -> Shape:
    """One, or a list."""

    def made(rooms: Rooms, _: bool) -> Json:
        one = shape(rooms, False)
        return {"anyOf": [*one.get("anyOf", [one]), {"type": "array", "items": one}]}

    return made


def labelled(name: str) -> Shape:
    """A text, or a table with it under `label` and a hint."""

    def made(rooms: Rooms, changes: bool) -> Json:
        called = f"{name}_or_text_changes" if changes else f"{name}_or_text"
        return rooms.define(called, lambda: either(TEXT, table(name))(rooms, changes))

    return made


def _anchors(rooms: Rooms, changes: bool) -> Json:
    shape = removable(labelled("anchor")(rooms, changes), changes)
    return {"type": "object", "patternProperties": {"^[0-9]+$": shape}, "additionalProperties": False}


def _levels(rooms: Rooms, changes: bool) -> Json:
    length = removable(DURATION(rooms, changes), changes)
    known = sorted(rooms.words.choices.get("red_flag_levels", ()))
    return {"type": "object", "properties": dict.fromkeys(known, length), "additionalProperties": length}


def _guidance(rooms: Rooms, changes: bool) -> Json:
    text = removable(TEXT(rooms, changes), changes)
    needed = sorted(set().union(*rooms.words.needs_texts.values()))
    return {**named(TEXT)(rooms, changes), "properties": dict.fromkeys(needed, text)}


def _choice_groups(rooms: Rooms, changes: bool) -> Json:
    choice = labelled("choice")
    values = removable(choice(rooms, changes), changes)
    groups = {
        group: removable(
            {"type": "object", "properties": dict.fromkeys(sorted(closed), values), "additionalProperties": False}
            if closed
            else named(choice)(rooms, changes),
            changes,
        )
        for group, closed in sorted(rooms.words.choices.items())
    }
    return {**named(named(choice))(rooms, changes), "properties": groups}


ANCHORS_OF_ITEM: Final[Shape] = _anchors
LEVELS: Final[Shape] = _levels
GUIDANCE: Final[Shape] = _guidance
CHOICE_GROUPS: Final[Shape] = _choice_groups
