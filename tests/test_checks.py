"""The checks of `make check` that are our own find what they are there to find."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"


def script(name: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """One of the scripts, looking at the checkout in `root`."""
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", root)
    return module


def test_a_link_that_leads_nowhere_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "start.md").write_text("# First steps\n\n## A case's way\n")
    page = tmp_path / "README.md"
    page.write_text(
        "[good](docs/start.md) [good](docs/start.md#a-cases-way) [elsewhere](https://example.org/x)\n"
        "`[no link](in-code.md)`\n```\n[no link](in-fence.md)\n```\n"
    )
    check = script("check_docs", tmp_path, monkeypatch)
    assert check.main() == 0
    page.write_text("[gone](docs/gone.md) [heading](docs/start.md#never) ![picture](a.png)")
    assert check.main() == 1
    assert [line.split()[1] for line in capsys.readouterr().err.splitlines()] == [
        "docs/gone.md",
        "docs/start.md#never",
        "a.png",
    ]


def test_a_file_that_is_too_long_fails_before_its_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / "short.py").write_text("x = 1\n" * 400)
    built = tmp_path / "trim" / "web" / "static" / "dist"
    built.mkdir(parents=True)
    (built / "built.css").write_text("a {}\n" * 900)
    check = script("check_sizes", tmp_path, monkeypatch)
    assert check.main() == 0
    assert "400 short.py" in capsys.readouterr().out
    (tmp_path / "long.html").write_text("<p>\n" * 401)
    assert check.main() == 1
    assert "long.html has 401 lines" in capsys.readouterr().err
