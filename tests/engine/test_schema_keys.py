"""The schema knows exactly the keys that the readers ask for: packs are read by both, and compared map by map."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.engine.schemas import schema
from tests.engine.small_pack import write
from trim.domain.vocabulary import VOCABULARY
from trim.engine import loader
from trim.engine.files import PARTS, Files, read_files
from trim.engine.reader import Reader
from trim.engine.schema.keys import TABLES
from trim.engine.schema.meanings import MEANINGS
from trim.engine.schema.shapes import closed
from trim.engine.source import Source
from trim.resources import workflows_dir

CURE = "Say what the key means in trim/engine/schema/keys.py, and then: make drawings"


def sources(files: Files) -> Iterator[tuple[str, Source]]:
    yield "pack", files.pack
    yield from (("lifecycle", one) for one in files.lifecycles)
    yield from (("instrument", one) for one in files.instruments)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Source]]:
    """Every file of two packs, after the readers have asked it for what they know."""
    found = []
    for folder in (workflows_dir() / "trim", write(tmp_path_factory.mktemp("small"))):
        files = read_files(folder)
        loader._pack(Reader(), files, VOCABULARY)
        found += list(sources(files))
    return found


def plain(source: Source) -> Any:
    """A source tree as an editor has it."""
    if isinstance(source.value, list):
        return [plain(one) for one in source.value]
    if isinstance(source.value, dict):
        return {name: plain(one) for name, one in source.value.items()}
    return source.value


def maps(node: dict[str, Any], source: Source, document: dict[str, Any]) -> Iterator[tuple[str, set[str], Source]]:
    """Give every map of a file that has keys of the language: its definition, the keys of the schema, the source."""
    name = ""
    while True:
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            node = document["$defs"][name]
        elif "if" in node and "then" in node and "else" in node and "type" not in node:
            node = node["else"]
        elif "anyOf" in node:
            fits = [
                one
                for one in node["anyOf"]
                if Draft202012Validator({**one, **only_defs(document)}).is_valid(plain(source))
            ]
            assert fits, f"{source.file}:{source.line}: {source.key} fits none of {node}"
            node = fits[0]
        else:
            break
    if isinstance(source.value, list):
        for one in source.value:
            yield from maps(node["items"], one, document)
    if not isinstance(source.value, dict):
        return
    properties = node.get("properties", {})
    if name in TABLES or name == "text":
        yield name, set(properties), source
    for key, one in source.entries():
        below = properties.get(key) or next(iter(node.get("patternProperties", {}).values()), None)
        below = below or node.get("additionalProperties")
        if isinstance(below, dict) and one.value is not None:
            yield from maps(below, one, document)


def only_defs(document: dict[str, Any]) -> dict[str, Any]:
    return {"$defs": document["$defs"]}


def test_readers_and_schema_know_the_same_keys_everywhere(read: list[tuple[str, Source]]) -> None:
    visited = set()
    for kind, source in read:
        for name, known, one in maps({"$ref": f"#/$defs/{kind}"}, source, schema(kind)):
            visited.add(name)
            # Of a choice or an anchor the reader asks for a label before it takes it as a text.
            asked = one.used - {"label"} if name == "text" else one.used
            assert known == asked, f"{name} at {one.key}: {sorted(known ^ asked)}. {CURE}"
    assert set(TABLES) - visited == {"part"}, "No pack shows these tables: the comparison would pass by silence."


def test_the_further_files_of_a_lifecycle_hold_what_the_files_may() -> None:
    assert tuple(TABLES["part"]) == PARTS
    for key, one in TABLES["part"].items():
        assert not one.needed
        assert key in TABLES["lifecycle"]


@pytest.mark.parametrize("words", ["roles", "receivers", "effects", "anchors", "field_classes"])
def test_every_word_is_explained_beside_itself(words: str) -> None:
    known = set(getattr(VOCABULARY, words))
    if words == "roles":
        known = set().union(*VOCABULARY.acting.values())
    assert {one for one in known if not MEANINGS.get(one)} == set(), "Add them to trim/engine/schema/meanings.py."


def test_nothing_is_explained_that_is_no_word() -> None:
    assert set(MEANINGS) <= words_of_all_schemas()


def words_of_all_schemas() -> set[str]:
    found: set[str] = set()

    def everywhere(value: Any) -> None:
        if isinstance(value, dict) and "enumDescriptions" in value:
            found.update(value["enum"])
        for one in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
            everywhere(one)

    for kind in ("pack", "lifecycle", "instrument"):
        everywhere(schema(kind))
    return found


def test_a_closed_word_without_a_meaning_still_completes() -> None:
    assert closed(["b", "a"]) == {"type": "string", "enum": ["a", "b"], "enumDescriptions": ["", ""]}


def test_conditions_name_every_variable() -> None:
    said = schema("lifecycle")["$defs"]["condition"]["description"]
    assert all(f"`{name}` ({one.type})" in said for name, one in VOCABULARY.variables.items())


def test_the_schemas_that_ship_are_the_drawn_ones() -> None:
    from trim.engine.schema.documents import schemas

    folder = workflows_dir() / "schema"
    shipped = {
        path.relative_to(folder).as_posix(): Path(path).read_text(encoding="utf-8") for path in folder.rglob("*.json")
    }
    assert shipped == schemas(VOCABULARY), "Run: make drawings"
