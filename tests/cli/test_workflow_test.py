"""`trim workflow test` plays the scenarios of a pack and says which do not hold."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from trim.cli.workflow_test import play_scenarios
from trim.resources import workflows_dir

WRONG = """\
scenario: The offer is there at once
lifecycle: case
given: {now: 2026-03-03T09:00}
steps:
  - expect: {state: offered}
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(play_scenarios, [str(one) for one in arguments])


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    folder = tmp_path / "packs" / "harbour"
    (folder / "scenarios").mkdir(parents=True)
    (folder / "lifecycles").mkdir()
    (folder / "pack.yaml").write_text("pack: harbour\nversion: '1'\nlanguage: 1\nextends: trim\n", encoding="utf-8")
    (folder / "lifecycles" / "case.yaml").write_text("steps: {follow_up: {window: {due: P30D}}}\n", encoding="utf-8")
    return folder


def test_packs_that_ship_are_tested_without_a_name() -> None:
    said, named = run(), run("trim")
    assert (said.exit_code, named.exit_code) == (0, 0)
    assert "scenarios hold" in named.output


def test_what_a_pack_changes_is_shown_and_is_no_failure(harbour: Path) -> None:
    said = run(harbour)
    assert said.exit_code == 0
    assert "turns out differently from trim" in said.stdout
    assert "trim/scenarios/follow-up-at-28-days.yaml:" in said.stdout


def test_a_scenario_that_fails_is_told_on_standard_error(harbour: Path) -> None:
    (harbour / "scenarios" / "offer.yaml").write_text(WRONG, encoding="utf-8")
    said = run(harbour.parent)
    assert said.exit_code == 1
    assert "harbour: “The offer is there at once” fails" in said.stderr
    assert "scenarios/offer.yaml:5: steps.1.expect.state: expected offered; came offer_to_make." in said.stderr
    (one,) = [one for one in json.loads(run(harbour, "--json").stdout) if one["verdict"] == "fails"]
    assert one["findings"] == [
        {
            "file": "scenarios/offer.yaml",
            "line": 5,
            "key": "steps.1.expect.state",
            "expected": "offered",
            "came": "offer_to_make",
        }
    ]
    assert one.keys() == {"pack", "file", "scenario", "from", "binding", "verdict", "problems", "findings"}


def test_a_pack_without_a_scenario_says_so(tmp_path: Path) -> None:
    shutil.copytree(workflows_dir() / "trim", tmp_path / "trim", ignore=shutil.ignore_patterns("scenarios"))
    said = run(tmp_path / "trim")
    assert (said.exit_code, said.output) == (0, "trim: no scenario\n")


def test_a_pack_that_is_not_sound_or_not_there_says_so(harbour: Path, tmp_path: Path) -> None:
    assert "There is no pack" in run(tmp_path / "nowhere").output
    (harbour / "lifecycles" / "case.yaml").write_text("step: {}\n", encoding="utf-8")
    said = run(harbour)
    assert said.exit_code == 1
    assert "harbour cannot be used. lifecycles/case.yaml:1: case.step" in said.output
