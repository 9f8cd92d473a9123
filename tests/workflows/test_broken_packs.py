"""Every pack that ships, broken once for each rule of the checker: exactly its message, with file and line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from tests.engine.test_checker import RULES as OF_THE_SMALL_PACK
from tests.engine.test_loader import BROKEN as UNREADABLE
from tests.workflows.breaking import PACKS, Copy, read_once
from tests.workflows.broken_moving import RULES as OF_MOVING
from tests.workflows.broken_sense import RULES
from tests.workflows.broken_tags import RULES as OF_TAGS
from trim.engine import files

assert OF_MOVING is RULES, "one table, entered from several files"
assert OF_TAGS is RULES
ENGINE = Path(files.__file__).parent
#: Where rules of the checker stand.
SOURCES = ["checker.py", "loader.py", "reader.py", "read_lifecycle.py", "read_instrument.py", "conditions.py"]
#: Rules that are shown on the small pack or on files alone, with the reason why not on every pack that ships.
SCALARS = "the shape of a value, the same wherever it stands: tests/engine/test_loader.py"
FILES = "about the files as such: tests/engine/test_loader.py"
ITEMS = "needs an instrument of its own: tests/engine/test_checker.py"
ELSEWHERE: dict[str, str] = {
    " is newer than this engine.": FILES,
    "” is defined in two files.": FILES,
    "” stands in a file of another name.": FILES,
    "A single word or text is expected here.": SCALARS,
    "“true” or “false” is expected here.": SCALARS,
    "A whole number is expected here.": SCALARS,
    "Names with their definitions are expected here.": SCALARS,
    "Keys are expected here.": "the shape of a value: tests/engine/test_schema_agrees.py",
    "Nothing is defined here.": SCALARS,
    "A scale needs at least two anchors.": ITEMS,
    " cannot be scored.": ITEMS,
    "” is the engine's own word.": ITEMS,
    "Two items are called “": ITEMS,
    "” the item has other points.": ITEMS,
    "The pack has no lifecycle.": "the whole pack is missing: test_an_empty_pack",
}


@pytest.mark.parametrize("what", RULES)
@pytest.mark.parametrize("name", PACKS)
def test_each_rule_has_its_message(name: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "read_yaml", read_once)
    copy = Copy(name, tmp_path)
    try:
        expected = RULES[what](copy)
    except (StopIteration, KeyError, ValueError, FileNotFoundError):
        # A pack may have no referral, or take the part over from the pack that it extends. Trim has everything.
        if name == "trim":
            raise
        pytest.skip(f"{name} holds nothing of its own to break in this way")
    found = copy.problems()
    said = "\n".join(map(str, found))
    assert sorted(one.key for one in found) == sorted(key for key, _, _ in expected), said
    for key, line, cause in expected:
        assert any(
            one.key == key and cause in one.cause and copy.says_at(one).lstrip("- {").startswith(line) for one in found
        ), said


@pytest.mark.parametrize("name", PACKS)
def test_the_unbroken_copy_is_sound(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "read_yaml", read_once)
    assert Copy(name, tmp_path).problems() == []


def _rules() -> Iterator[tuple[str, str]]:
    """Each place of the checker that notes a fault, with the longest fixed part of what it says."""
    for path in [*(ENGINE / name for name in SOURCES), *sorted((ENGINE / "checks").glob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or len(node.args) < 2:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called not in ("fault", "Problem"):
                continue
            parts = [
                one.value
                for one in ast.walk(node.args[-2])
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            if parts:
                yield f"{path.name}:{node.lineno}", max(parts, key=len)


def test_every_rule_of_the_checker_stands_in_a_table(tmp_path: Path) -> None:
    """A rule without a broken pack could be lost tomorrow without anybody seeing it."""
    said = {
        cause
        for number, breaks in enumerate(RULES.values())
        for *_, cause in breaks(Copy("trim", tmp_path / str(number)))
    }
    small = {cause for _, expected in OF_THE_SMALL_PACK.values() for _, cause in expected}
    small |= {cause for _, _, cause, _ in UNREADABLE.values()}
    rules = list(_rules())
    assert len(rules) > 80
    missing = [(place, fixed) for place, fixed in rules if not _is_among(fixed, said)]
    assert [one for one in missing if one[1] not in ELSEWHERE] == []
    assert [fixed for fixed in ELSEWHERE if fixed not in {one for _, one in missing}] == [], "named for nothing"
    assert [fixed for _, fixed in missing if not _is_among(fixed, small) and "test_" not in ELSEWHERE[fixed]] == []


def _is_among(fixed: str, causes: set[str]) -> bool:
    """Whether a cause of a table holds enough of what a rule always says: the rest are names of the pack."""
    enough = min(len(fixed.strip()), 11)
    return any(
        SequenceMatcher(None, fixed, cause, autojunk=False).find_longest_match().size >= enough for cause in causes
    )
