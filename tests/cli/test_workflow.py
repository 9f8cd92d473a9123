"""`trim workflow check` names each fault of a pack with file and line."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from trim.cli.main import main
from trim.domain.vocabulary import VOCABULARY
from trim.engine.definition import Pack
from trim.engine.loader import load_pack
from trim.resources import workflows_dir


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


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["workflow", *map(str, arguments)])


def begun(folder: Path) -> Path:
    """A pack that was begun with `new`, with another window for the follow-up."""
    assert run("new", "harbour", folder).exit_code == 0
    (folder / "harbour" / "lifecycles").mkdir()
    change = "steps:\n  follow_up: {window: {due: P30D}}\n"
    (folder / "harbour" / "lifecycles" / "case.yaml").write_text(change, encoding="utf-8")
    return folder / "harbour"


def test_a_new_pack_is_sound_from_the_start(tmp_path: Path) -> None:
    said = run("new", "harbour", tmp_path)
    assert "extends trim" in said.output
    assert "trim workflow check" in said.output
    assert run("check", tmp_path / "harbour").exit_code == 0
    again = run("new", "harbour", tmp_path)
    assert (again.exit_code, "There is a folder" in again.output) == (1, True)


def test_a_new_pack_leaves_nothing_behind_when_it_cannot_be(tmp_path: Path) -> None:
    assert "is no name for a pack" in run("new", "../harbour", tmp_path).output
    refused = run("new", "harbour", tmp_path, "--extends", "nothing")
    assert refused.exit_code == 1
    assert "There is no pack “nothing” to extend." in refused.output
    assert list(tmp_path.iterdir()) == []


def test_two_packs_are_compared_in_words_and_as_json(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    said = run("diff", "trim", folder)
    assert said.exit_code == 1
    assert "  lifecycles › case › steps › follow_up › window › due: P28D → P30D" in said.output.splitlines()
    assert said.output.endswith("3 differences, 0 of who acts, is told or is asked what, 0 of words alone.\n")
    as_json = json.loads(run("diff", "trim", folder, "--json").output)
    assert as_json[-1] == {
        "path": ["lifecycles", "case", "steps", "follow_up", "window", "due"],
        "kind": "changed",
        "before": "P28D",
        "after": "P30D",
        "access": False,
        "wording": False,
    }
    same = run("diff", "trim", "trim")
    assert (same.exit_code, same.output) == (0, "They decide and say the same.\n")


def test_a_pack_is_shown_in_words_and_as_servers_load_it(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    said = run("show", folder).output
    assert (
        "follow_up                    Follow-up interview: from P21D due P30D latest P42D after previous_interview.at"
        in said
    )
    compiled = Pack.from_json(run("show", folder, "--json").output)
    assert compiled == load_pack(folder, VOCABULARY, [workflows_dir()])
    broken = folder / "lifecycles" / "case.yaml"
    broken.write_text("steps:\n  follow_up: {window: {due: soon}}\n", encoding="utf-8")
    refused = run("show", folder)
    assert refused.exit_code == 1
    assert "lifecycles/case.yaml:2" in refused.output
    assert "There is no pack nowhere." in run("show", "nowhere").output


def test_a_pack_is_drawn_to_the_screen_and_into_files(tmp_path: Path) -> None:
    assert run("draw", "trim", "--lifecycle", "case").output.startswith("stateDiagram-v2\n")
    assert "Proposition faite" in run("draw", "trim", "--lifecycle", "case", "--language", "fr").output
    written = run("draw", "trim", "--svg", "--into", tmp_path / "pictures")
    assert written.exit_code == 0
    made = sorted(path.name for path in (tmp_path / "pictures").iterdir())
    lives = ("case", "escalation", "group_session", "incident", "periodic_check", "referral")
    assert made == [f"trim-{name}.svg" for name in lives]
    assert json.loads(run("draw", "trim", "--json").output).keys() == set(lives)
    assert "There is no lifecycle nothing." in run("draw", "trim", "--lifecycle", "nothing").output
