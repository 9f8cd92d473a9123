"""The guide for newcomers: every file it has them write and every command it has them type, tried as they would."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from trim.cli.main import main
from trim.domain.vocabulary import VOCABULARY
from trim.engine.durations import Duration
from trim.engine.loader import load_pack
from trim.resources import workflows_dir

GUIDE = Path(__file__).parents[2] / "docs" / "your-own-pack.md"
BLOCK = re.compile(r"```(yaml|sh)\n(.*?)```", re.DOTALL)


def test_whoever_follows_it_has_a_pack_that_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = []
    for kind, text in BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
        if kind == "yaml":
            place = Path(text.splitlines()[0].removeprefix("# "))
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
            continue
        for line in text.splitlines():
            done = CliRunner().invoke(main, shlex.split(line)[1:])
            # A difference is what `diff` is for: it says so with its status.
            assert done.exit_code == (1 if " diff " in line else 0), f"{line}: {done.output}"
            said.append(done.output)
    written = "\n".join(said)
    assert "trim: sound" in written
    assert "! lifecycles › case › actions › note_visit: added" in written
    assert (tmp_path / "pictures" / "trim-case.svg").is_file()
    assert "The chaplain is asked for and has been" not in written, "a scenario of one's own does not hold"
    pack = load_pack(tmp_path / "my-packs" / "trim", VOCABULARY, [workflows_dir()])
    assert pack.lifecycles["case"].steps["follow_up"].window.due == Duration.parse("P21D")


def test_the_slip_it_proposes_to_try_is_told(tmp_path: Path) -> None:
    yaml = next(text for kind, text in BLOCK.findall(GUIDE.read_text(encoding="utf-8")) if kind == "yaml")
    folder = tmp_path / "trim"
    CliRunner().invoke(main, ["workflow", "new", "trim", str(tmp_path)])
    (folder / "lifecycles").mkdir()
    (folder / "lifecycles" / "case.yaml").write_text(yaml.replace("completes: visit", "completes: visits"))
    done = CliRunner().invoke(main, ["workflow", "check", str(folder)])
    assert done.exit_code == 1
    assert "lifecycles/case.yaml:" in done.output
    assert "visits" in done.output
