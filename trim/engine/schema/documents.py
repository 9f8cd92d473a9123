"""Draws the schema files: one for each kind of file of a pack, and those of a pack that extends another."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from trim.domain.vocabulary import Vocabulary
from trim.engine.files import OWN
from trim.engine.schema.keys import TABLES, Key
from trim.engine.schema.meanings import OFFERING
from trim.engine.schema.scenario import scenario_schema
from trim.engine.schema.shapes import Json, removable

#: The file that says how its pack changes another is known by this key.
EXTENDS: Final = "extends"

_TITLES: Final = MappingProxyType(
    {
        "pack": "pack.yaml",
        "lifecycle": "lifecycles/<name>.yaml",
        "part": "lifecycles/<name>/<part>.yaml",
        "instrument": "instruments/<name>.yaml",
    }
)

#: What one key asks of another, where the map is whole.
_RULES: Final = MappingProxyType(
    {
        "field": [
            {
                "if": {"required": ["class"], "properties": {"class": {"enum": list(OFFERING)}}},
                "then": {"required": ["choices"]},
            }
        ],
        "item": [
            {
                "if": {"properties": {"kind": {"const": "scale"}}},
                "then": {"required": ["anchors"], "properties": {"anchors": {"minProperties": 2}}},
                "else": {"properties": {"scored": {"const": False}}},
            },
            {
                "if": {"required": ["kind"], "properties": {"kind": {"const": "tags"}}},
                "then": {"required": ["choices"]},
                "else": {"properties": {"choices": False}},
            },
        ],
    }
)


def schemas(words: Vocabulary) -> dict[str, str]:
    """Give the text of every schema file under its place; the same words give the same text."""
    made = {f"{name}.json": _document(words, name) for name in _TITLES}
    # pack.yaml says itself whether it extends a pack; in the other files nothing tells an editor.
    made |= {f"{EXTENDS}/{name}.json": _document(words, name, changes=True) for name in _TITLES if name != "pack"}
    made["scenario.json"] = scenario_schema(words)
    return {place: json.dumps(one, ensure_ascii=False, indent=2) + "\n" for place, one in made.items()}


def _document(words: Vocabulary, name: str, *, changes: bool = False) -> Json:
    rooms = _Definitions(words)
    top: Json = rooms.table(name, changes=changes)
    if name == "pack":
        top = {"if": {"required": [EXTENDS]}, "then": rooms.table(name, changes=True), "else": top}
    whose = " of a pack that extends another" if changes else ""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Drawn by `trim workflow schema`. Do not edit it: `make drawings` writes it anew.",
        "title": f"Trim: {_TITLES[name]}{whose}",
        **top,
        "$defs": dict(sorted(rooms.made.items())),
    }


class _Definitions:
    """The definitions of one file, made when something first refers to them."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self.made: dict[str, Json] = {}

    def define(self, name: str, make: Callable[[], Json]) -> Json:
        """Give a reference to a definition that is made once."""
        if name not in self.made:
            self.made[name] = {}  # stands already when the definition refers to itself
            self.made[name] = make()
        return {"$ref": f"#/$defs/{name}"}

    def table(self, name: str, *, changes: bool) -> Json:
        """Give a reference to a table of keys."""
        return self.define(f"{name}_changes" if changes else name, lambda: self._keys(name, changes))

    def _keys(self, name: str, changes: bool) -> Json:
        keys = TABLES[name]
        needed = [key for key, one in keys.items() if one.needed and (not changes or (name == "pack" and key in OWN))]
        made: Json = {
            "type": "object",
            "properties": {key: self._value(one, changes) for key, one in keys.items()},
            "additionalProperties": False,
        }
        if needed:
            made["required"] = needed
        if not changes and name in _RULES:
            made["allOf"] = _RULES[name]
        return made

    def _value(self, key: Key, changes: bool) -> Json:
        shape = key.shape(self, changes)
        return {"description": key.meaning, **removable(shape, changes and not key.needed)}
