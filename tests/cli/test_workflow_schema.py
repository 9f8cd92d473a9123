"""`trim workflow schema` gives editors what completes a pack; a new pack points to it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from trim.cli.main import main
from trim.resources import workflows_dir

PLACES = {
    "pack.json",
    "lifecycle.json",
    "part.json",
    "instrument.json",
    "extends/lifecycle.json",
    "extends/part.json",
    "extends/instrument.json",
    "scenario.json",
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["workflow", *map(str, arguments)])


def written(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.json")}


def test_is_printed_as_one_json_object() -> None:
    for done in (run("schema"), run("schema", "--json")):
        assert done.exit_code == 0
        assert json.loads(done.stdout).keys() == PLACES


def test_is_written_as_it_ships(tmp_path: Path) -> None:
    done = run("schema", "--into", tmp_path / "some" / "schema")
    assert done.exit_code == 0
    assert written(tmp_path / "some" / "schema") == written(workflows_dir() / "schema")
    assert len(done.stdout.splitlines()) == len(PLACES)
    again = json.loads(run("schema", "--into", tmp_path / "some" / "schema", "--json").stdout)
    assert len(again) == len(PLACES)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused = run("schema", "--into", tmp_path / "file" / "schema")
    assert refused.exit_code == 1
    assert "cannot be written" in refused.stderr


def test_a_new_pack_points_editors_to_it(tmp_path: Path) -> None:
    assert run("new", "harbour", tmp_path).exit_code == 0
    first = (tmp_path / "harbour" / "pack.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schema/pack.json"
    assert (tmp_path / "harbour" / "../schema/pack.json").resolve().is_file()
    assert written(tmp_path / "schema").keys() == PLACES


def test_schemas_that_stand_there_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "schema").mkdir()
    assert run("new", "harbour", tmp_path).exit_code == 0
    assert list((tmp_path / "schema").iterdir()) == []


def test_the_packs_that_ship_point_editors_to_it() -> None:
    for path in sorted(workflows_dir().glob("*/**/*.yaml")):
        if path.parent.name == "scenarios":
            continue
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema="), path
        assert (path.parent / first.partition("=")[2]).is_file(), path
