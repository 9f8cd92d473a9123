"""Schema and reader agree: any value of a sound pack is put wrong in turn, and both are asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.engine.schemas import schema
from tests.engine.small_pack import WORDS, write
from tests.engine.test_schema_keys import plain, sources
from trim.engine import loader
from trim.engine.files import Files, read_files
from trim.engine.problems import Problem
from trim.engine.reader import Reader
from trim.engine.source import Source

WRONG: list[Any] = [
    "", "x", "two words", "P1D", "case", "practitioner", True, 5, [], ["x"], {}, {"a": "b"}, {"en": "a", "fr": "b"},
]  # fmt: skip

#: What runs across a file, or across files: a schema sees one value at a time.
ACROSS = re.compile(
    r"is not a known (state|step|group of choices)|stands in a file of another name|defined in two files|offers nothing"
)
#: Where the schema is stricter in good time: the checker would find that no such step, action or condition can be.
STRICTER = {"when", "at", "by_action"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return read_files(write(tmp_path_factory.mktemp("small")))


def put(value: Any, at: Source) -> Any:
    if isinstance(value, dict):
        return {name: Source(one, at.file, at.line, f"{at.key}.{name}") for name, one in value.items()}
    return [Source(one, at.file, at.line, at.key) for one in value] if isinstance(value, list) else value


def said_by_reader(files: Files) -> list[Problem]:
    for _, source in sources(files):
        for one in source.all():
            one.used.clear()
    read = Reader()
    loader._pack(read, files, WORDS)
    return read.problems


def disagreements(files: Files, every: int) -> Iterator[str]:
    """Put each of so many values wrong; give where one of the two sees nothing amiss and the other does."""
    validators = {kind: Draft202012Validator(schema(kind)) for kind, _ in sources(files)}
    places = [(kind, source, one) for kind, source in sources(files) for one in source.all() if one is not source]
    cases = [(*place, wrong) for place in places for wrong in WRONG]
    for kind, source, one, wrong in cases[::every]:
        stood, one.value = one.value, put(wrong, one)
        problems, marked = said_by_reader(files), not validators[kind].is_valid(plain(source))
        one.value = stood
        last = one.key.rpartition(".")[2]
        if marked and not problems and last not in STRICTER:
            yield f"{one.key}: {wrong!r} is marked, and the reader takes it"
        if not marked and not all(ACROSS.search(problem.cause) for problem in problems):
            yield f"{one.key}: {wrong!r} is not marked, and the reader says {problems[0].cause}"


def test_they_agree_on_a_sample(files: Files) -> None:
    assert list(disagreements(files, every=11)) == []


@pytest.mark.large
def test_they_agree_on_every_value(files: Files) -> None:
    assert list(disagreements(files, every=1)) == []


#: Values that say nothing, where the author meant a rule: they were taken for no rule at all.
SILENT = [
    ("pack", "when: band == 'high'", "when: ''", "Nothing stands here."),
    ("pack", "by_action: raise_red_flag", "by_action: ''", "Nothing stands here."),
    ("pack", "levels: {now: PT15M, today: PT4H}", "levels: PT15M\n    answer_within: PT15M", "Names with their"),
    ("case", "overdue: {remind: [P1D], escalate: {after: P2D, to: coordinator}}", "overdue: P1D", "Keys are expected"),
    ("case", '"!evidence_hold"', "''", "Nothing stands here."),
    ("case", "instrument: interview\n    window", "instrument: ''\n    window", "Nothing stands here."),
    ("case", "when: total > 3", "when: ''", "Nothing stands here."),
    ("interview", "version: '1'", "version: ''", "Nothing stands here."),
    ("interview", "kind: date", "kind: date\n        anchors: 3", "Names with their"),
    ("again", "follows: interview", "follows: ''", "Nothing stands here."),
]


@pytest.mark.parametrize(("stem", "stands", "instead", "said"), SILENT)
def test_a_rule_that_says_nothing_is_a_fault(tmp_path: Path, stem: str, stands: str, instead: str, said: str) -> None:
    found = loader.check_folder(write(tmp_path, **{stem: (stands, instead)}), WORDS)
    assert any(one.cause.startswith(said) for one in found), found
