"""The schema of scenario files: every shipped story fits, it knows the reader's keys, and wrong values are marked."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import trim.engine
from tests.engine.test_schema_keys import plain
from trim.domain.vocabulary import VOCABULARY
from trim.engine.loader import load_pack
from trim.engine.scenario_expect import KINDS
from trim.engine.scenario_read import read_scenario
from trim.engine.schema.documents import schemas
from trim.engine.source import Source, read_yaml
from trim.resources import workflows_dir

SCHEMA: Any = json.loads(schemas(VOCABULARY)["scenario.json"])
MARKS = Draft202012Validator(SCHEMA)
FILES = sorted(workflows_dir().glob("*/scenarios/*.yaml"))
#: What a schema of one file cannot see: names of the pack, what excludes one another, the order of instants.
ACROSS = re.compile(
    r"is not a known (state|step|action|field|escalation|item|choice)|both say when|needs a length of time"
    r"|holds no interview|must be told once|Nothing is done|Nothing is expected|Nobody does|is no total"
    r"|after the moment|is not a time zone"
)


def properties(shape: Any) -> Iterator[str]:
    """Every key that some map of the schema names."""
    if isinstance(shape, dict):
        yield from shape.get("properties", {})
        for one in shape.values():
            yield from properties(one)
    elif isinstance(shape, list):
        for one in shape:
            yield from properties(one)


def test_it_is_a_schema_and_lies_beside_the_packs() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads((workflows_dir() / "schema" / "scenario.json").read_text(encoding="utf-8")) == SCHEMA


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_every_shipped_scenario_fits(path: Path) -> None:
    said = plain(read_yaml(path, path.name))
    assert [f"{list(one.path)}: {one.message}" for one in MARKS.iter_errors(said)] == []


def test_it_knows_every_key_that_the_reader_asks_for() -> None:
    engine = Path(trim.engine.__file__).parent
    code = "".join(
        (engine / name).read_text(encoding="utf-8") for name in ("scenario_read.py", "scenario_read_expect.py")
    )
    asked = {one for pair in re.findall(r"\.get\(\"(\w+)\"\)|need\(\w+, \"(\w+)\"", code) for one in pair if one}
    assert len(asked) > 15
    assert asked | KINDS <= set(properties(SCHEMA))


SOUND: dict[str, Any] = {
    "scenario": "One",
    "lifecycle": "case",
    "given": {"now": "2026-03-03T09:00", "by": "coordinator", "variables": {"evidence_hold": False}},
    "steps": [
        {
            "when": {"after": "P1D", "do": "make_offer", "with": {"channel": "phone"}},
            "expect": {"state": "offered", "open": {"offer_answer": {"due": "P3D", "is": "ready"}}, "done": ["offer"]},
        }
    ],
}
WRONG: list[tuple[str, Any]] = [
    ("lifecycle", "dossier"),
    ("given.now", "tomorrow"),
    ("given.by", "chief"),
    ("given.variables.evidence_hold", 3),
    ("given.variables.wind", 3),
    ("given.anchors", {"offer.made_at": "2026-03-03T09:00"}),
    ("binding", "yes"),
    ("steps.0.when.after", "soon"),
    ("steps.0.when.whatever", "x"),
    ("steps.0.when.by", ["practitioner", "chief"]),
    ("steps.0.when.since", "breakfast"),
    ("steps.0.expect.open.offer_answer.is", "late"),
    ("steps.0.expect.open.offer_answer.due", "soon"),
    ("steps.0.expect.open.offer_answer.how", "soon"),
    ("steps.0.expect.refused", {"code": "because"}),
    ("steps.0.expect.outcome", "x"),
    ("steps.0.expect.can", {"chief": ["withdraw"]}),
]


def changed(path: str, value: Any) -> Any:
    made = copy.deepcopy(SOUND)
    place: Any = made
    *way, last = path.split(".")
    for one in way:
        place = place[int(one)] if one.isdigit() else place[one]
    place[last] = value
    return made


def as_source(value: Any, key: str = "") -> Source:
    if isinstance(value, dict):
        return Source({name: as_source(one, name) for name, one in value.items()}, "one.yaml", 1, key)
    if isinstance(value, list):
        return Source([as_source(one, key) for one in value], "one.yaml", 1, key)
    return Source(value, "one.yaml", 1, key)


def refused_by_reader(said: Any) -> list[str]:
    pack = load_pack(workflows_dir() / "trim", VOCABULARY, [workflows_dir()])
    _, reader = read_scenario(as_source(said), pack, VOCABULARY)
    return [one.cause for one in reader.problems if not ACROSS.search(one.cause)]


def test_what_is_sound_is_marked_by_neither() -> None:
    assert list(MARKS.iter_errors(SOUND)) == []
    assert refused_by_reader(SOUND) == []


@pytest.mark.parametrize(("path", "value"), WRONG, ids=[path for path, _ in WRONG])
def test_what_is_wrong_is_marked_by_both(path: str, value: Any) -> None:
    said = changed(path, value)
    assert list(MARKS.iter_errors(said)) != []
    assert refused_by_reader(said) != []


@pytest.mark.parametrize("key", ["scenario", "lifecycle", "given", "steps"])
def test_what_is_missing_is_marked(key: str) -> None:
    said = {name: one for name, one in SOUND.items() if name != key}
    assert [one.validator for one in MARKS.iter_errors(said)] == ["required"]
