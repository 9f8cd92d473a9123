"""A look at a page of a browser waits for what it expects: a look at an instant fails on a busy machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
AT_ONCE = re.compile(r"assert .*\.(count|is_visible|is_hidden|is_checked|is_enabled|input_value|inner_text|all)\(\)")


@pytest.mark.parametrize("path", sorted(HERE.glob("test_*.py")), ids=lambda path: path.name)
def test_a_look_at_a_page_waits(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    hurried = [f"{path.name}:{number}: {line.strip()}" for number, line in enumerate(lines, 1) if AT_ONCE.search(line)]
    assert hurried == [], "use expect(...), which waits"
