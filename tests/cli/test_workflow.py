"""`trim workflow check` names each fault of a pack with file and line."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from trim.cli.main import main


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["workflow", "check", *arguments])


def test_a_faulty_pack_is_named_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "pack.yaml").write_text("pack: odd\nversion: '1.0'\ntitle: Odd\n")
    result = check(str(tmp_path))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "pack.yaml" in result.stderr
    (answer,) = json.loads(check(str(tmp_path), "--json").stdout)
    assert answer["problems"][0].keys() == {"file", "line", "key", "cause", "cure"}


def test_a_folder_without_a_pack_says_so(tmp_path: Path) -> None:
    assert "There is no pack in" in check(str(tmp_path)).stderr
    nowhere = check(str(tmp_path / "nowhere"))
    assert nowhere.exit_code == 1
    assert "There is no folder" in nowhere.stderr
