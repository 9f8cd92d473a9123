"""Time is handed in, never slept: no test and nothing that tests lean on sleeps for longer than a second."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
#: How many of its unit each call that sleeps may be given: seconds, and milliseconds of a browser.
MOST = {"sleep": 1.0, "pause": 0.0, "sigtimedwait": 0.0, "wait_for_timeout": 1000.0}


def sleeps(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every call that sleeps for longer, or for as long as something says that is not read here."""
    if not any(name in source for name in MOST):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            # Under another name it would not be found below.
            yield from ((node.lineno, ast.unparse(node)) for one in node.names if one.name in MOST and one.asname)
        elif isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if name in MOST and not _is_short(node, MOST[name]):
                yield node.lineno, ast.unparse(node)


def _is_short(call: ast.Call, most: float) -> bool:
    [*given] = [*call.args, *(one.value for one in call.keywords)]
    value = given[0].value if given and isinstance(given[0], ast.Constant) else None
    return isinstance(value, int | float) and 0 <= value <= most


def test_no_test_sleeps_for_longer_than_a_second() -> None:
    files = sorted(TESTS.rglob("*.py"))
    assert len(files) > 300
    found = [
        f"{path.relative_to(TESTS)}:{line}: {text}"
        for path in files
        for line, text in sleeps(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "Hand the time in, or wait for what is to come with tests.support.eventually."


@pytest.mark.parametrize(
    "source",
    [
        "time.sleep(1.01)",
        "import time as t\nt.sleep(60)",
        "from time import sleep\nsleep(2)",
        "from time import sleep as nap\nnap(2)",
        "async def f():\n    await asyncio.sleep(5)",
        "time.sleep(seconds)",
        "time.sleep(PAUSE * 2)",
        "time.sleep(secs=3)",
        "page.wait_for_timeout(1500)",
        "signal.pause()",
    ],
)
def test_a_long_sleep_is_found(source: str) -> None:
    assert len(list(sleeps(source))) == 1


@pytest.mark.parametrize("source", ["time.sleep(1)", "time.sleep(0.05)", "page.wait_for_timeout(200)", "sleep = 3"])
def test_a_short_one_is_let_be(source: str) -> None:
    assert list(sleeps(source)) == []
