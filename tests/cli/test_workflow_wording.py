"""`trim workflow confirm-wording` shows both languages and keeps what was confirmed; `check` asks for it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from trim.cli.main import main

TEXTS = """\
texts:
  neutral_message: {en: Leave your name., fr: Laissez votre nom.}
  decline: {en: That is fine., fr: C'est très bien.}
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["workflow", *map(str, arguments)])


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack that was begun with `new`, and then given two texts that nobody has confirmed."""
    folder = tmp_path_factory.mktemp("begun")
    assert run("new", "harbour", folder).exit_code == 0
    with (folder / "harbour" / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write(TEXTS)
    return folder / "harbour"


@pytest.fixture
def pack(begun: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(begun, tmp_path / "harbour"))


def keys(result: Result) -> list[str]:
    return [one["key"] for one in json.loads(result.stdout)["texts"]]


def test_a_new_pack_has_a_lock_that_fits(tmp_path: Path) -> None:
    run("new", "harbour", tmp_path)
    assert run("check", tmp_path / "harbour").exit_code == 0
    (tmp_path / "harbour" / "wording.lock").unlink()
    refused = run("check", tmp_path / "harbour")
    assert refused.exit_code == 1
    assert f"trim workflow confirm-wording {tmp_path / 'harbour'}" in refused.stderr


def test_check_names_what_nobody_confirmed_and_confirming_cures_it(pack: Path) -> None:
    (answer,) = json.loads(run("check", pack, "--json").stdout)
    assert [one["key"] for one in answer["problems"]] == ["texts.neutral_message", "texts.decline"]
    assert {one["file"] for one in answer["problems"]} == {"pack.yaml"}
    assert all(one["line"] > 1 and one["cause"] and one["key"] in one["cure"] for one in answer["problems"])
    said = run("confirm-wording", pack)
    assert said.exit_code == 0
    assert "texts.decline (new)\n  en  That is fine.\n  fr  C'est très bien.\n" in said.stdout
    assert said.stdout.endswith("2 confirmed.\n")
    assert run("check", pack).exit_code == 0


def test_french_gone_stale_is_refused_until_somebody_has_read_it(pack: Path) -> None:
    run("confirm-wording", pack)
    path = pack / "pack.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("your name.", "no name."), encoding="utf-8")
    refused = run("check", pack)
    assert refused.exit_code == 1
    assert "texts.neutral_message: The English was changed since the French was confirmed" in refused.stderr
    said = run("confirm-wording", pack)
    assert "texts.neutral_message (English changed)\n  en  Leave no name.\n  fr  Laissez votre nom.\n" in said.stdout
    assert run("check", pack).exit_code == 0


def test_looking_writes_nothing_and_says_by_its_status_whether_something_waits(pack: Path) -> None:
    before = (pack / "wording.lock").read_text(encoding="utf-8")
    looked = run("confirm-wording", pack, "--look")
    assert (looked.exit_code, "2 to confirm. Nothing was written." in looked.stdout) == (1, True)
    assert (pack / "wording.lock").read_text(encoding="utf-8") == before
    assert run("confirm-wording", pack).exit_code == 0
    again = run("confirm-wording", pack, "--look")
    assert (again.exit_code, again.stdout.startswith("Nothing to confirm")) == (0, True)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ([], ["texts.neutral_message", "texts.decline"]),
        (["texts"], ["texts.neutral_message", "texts.decline"]),
        (["texts.decline"], ["texts.decline"]),
    ],
)
def test_some_keys_or_all_are_confirmed_and_given_as_json(pack: Path, named: list[str], expected: list[str]) -> None:
    done = run("confirm-wording", pack, *named, "--json")
    assert done.exit_code == 0
    assert keys(done) == expected
    answer = json.loads(done.stdout)
    assert (answer["pack"], answer["confirmed"]) == (str(pack), True)
    assert answer["texts"][0].keys() == {"file", "line", "key", "en", "fr", "because"}
    left = run("confirm-wording", pack, "--look", "--json")
    assert (len(keys(left)), left.exit_code) == (2 - len(expected), int(len(expected) < 2))


def test_what_was_not_named_is_said_to_wait(pack: Path) -> None:
    said = run("confirm-wording", pack, "texts.decline").stdout
    assert said.endswith("1 confirmed.\n1 more, which you did not name, wait to be confirmed.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "There is no pack nowhere."),
        (["PACK", "texts.declin"], "Did you mean texts.decline"),
        (["PACK", "case.actions.make_offer"], "in files of its own"),
    ],
)
def test_what_cannot_be_confirmed_is_said(pack: Path, arguments: list[str], said: str) -> None:
    refused = run("confirm-wording", *[str(pack) if one == "PACK" else one for one in arguments])
    assert refused.exit_code == 1
    assert said in refused.stderr


def test_a_pack_that_cannot_be_read_is_not_confirmed(pack: Path) -> None:
    (pack / "pack.yaml").write_text("pack: [", encoding="utf-8")
    refused = run("confirm-wording", pack)
    assert refused.exit_code == 1
    assert "harbour cannot be read. pack.yaml:" in refused.stderr
