"""A long lifecycle goes on in a folder of its own name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.small_pack import FILES, WORDS
from trim.engine.loader import check_folder, load_pack

MORE = """\
actions:
  second_talk:
    label: {en: Talk again, fr: Reparler}
    from: open
    by: coordinator
    does: log_contact
"""


def written(folder: Path, part: str) -> Path:
    for name, text in {**FILES, "lifecycles/case/1-more.yaml": part}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_actions_of_a_further_file_come_after_those_of_the_first(tmp_path: Path) -> None:
    pack = load_pack(written(tmp_path, MORE), WORDS)
    assert list(pack.lifecycles["case"].actions)[-1] == "second_talk"


@pytest.mark.parametrize(
    ("part", "line", "cause"),
    [
        ("label: {en: Case, fr: Cas}\n", 1, "does not belong into a further file"),
        ("actions: none\n", 1, "does not belong into a further file"),
        ("actions:\n  raise_red_flag: {from: open}\n", 2, "is defined in two files"),
        ("actions:\n  - [\n", 3, "not readable YAML"),
    ],
)
def test_what_cannot_be_added_is_named_with_its_place(tmp_path: Path, part: str, line: int, cause: str) -> None:
    problems = check_folder(written(tmp_path, part), WORDS)
    assert [(one.file, one.line) for one in problems if cause in one.cause] == [("lifecycles/case/1-more.yaml", line)]
