"""The schemas as editors use them: a file is read as YAML and held against the schema of its kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from trim.domain.vocabulary import VOCABULARY
from trim.engine.schema.documents import schemas


@cache
def schema(name: str) -> dict[str, Any]:
    """The schema of a kind of file, such as "pack" or "extends/lifecycle"."""
    made: dict[str, Any] = json.loads(schemas(VOCABULARY)[f"{name}.json"])
    return made


def refusals(name: str, text: str, draft: Any = Draft202012Validator) -> list[str]:
    """What an editor would mark in a file of this kind: place and cause; empty where the file is right."""
    found = draft(schema(name)).iter_errors(by_name(YAML(typ="safe", pure=True).load(text)))
    return [f"{error.json_path}: {deepest(error).message}" for error in found]


def deepest(error: Any) -> Any:
    """The cause within an `anyOf`, of the branch that comes nearest."""
    while error.context:
        error = max(error.context, key=lambda one: (len(one.absolute_path), one.validator != "type"))
    return error


def by_name(value: Any) -> Any:
    """Names as text, as JSON has them: an anchor `0:` is a number in YAML."""
    if isinstance(value, dict):
        return {str(name): by_name(one) for name, one in value.items()}
    return [by_name(one) for one in value] if isinstance(value, list) else value


def kind_of(place: Path, *, extends: bool = False) -> str:
    """Which schema a pack's file has, by where it stands in the pack's folder."""
    if place.name == "pack.yaml":
        return "pack"
    kind = "instrument" if place.parts[0] == "instruments" else "lifecycle" if len(place.parts) == 2 else "part"
    return f"extends/{kind}" if extends else kind


def marked(folder: Path, *, extends: bool = False) -> Iterator[str]:
    """Everything that an editor would mark in a pack's folder."""
    for path in sorted(
        (*folder.glob("*.yaml"), *folder.glob("lifecycles/**/*.yaml"), *folder.glob("instruments/*.yaml"))
    ):
        place = path.relative_to(folder)
        for one in refusals(kind_of(place, extends=extends), path.read_text(encoding="utf-8")):
            yield f"{place}: {one}"
