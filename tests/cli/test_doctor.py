"""`trim doctor` names what is missing with its cure, and finds nothing wrong in a sound instance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from trim.cli import examine
from trim.cli.main import main
from trim.vault.vault import Vault


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """A sound instance: migrated, with keys."""
    folder = tmp_path / "instance"
    assert CliRunner(env={"TRIM_INSTANCE": str(folder)}).invoke(main, ["db", "upgrade"]).exit_code == 0
    (folder / "keys").mkdir(mode=0o700)
    Vault(folder / "keys", create=True).create_key("case:1")
    return folder


@pytest.fixture(autouse=True)
def _complete_system(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Libraries and fonts are there, whatever this machine has."""
    fonts = tmp_path_factory.mktemp("fonts")
    (fonts / "a.ttf").touch()
    monkeypatch.setattr(examine, "_LIBRARIES", {})
    monkeypatch.setattr(examine, "_FONT_FOLDERS", (str(fonts),))


def doctor(folder: Path, *arguments: str) -> Result:
    return CliRunner(env={"TRIM_INSTANCE": str(folder)}).invoke(main, ["doctor", *arguments])


def missing(folder: Path) -> dict[str, str]:
    result = doctor(folder, "--json")
    found = {one["name"]: one["cure"] for one in json.loads(result.stdout) if not one["ok"]}
    assert result.exit_code == (1 if found else 0)
    assert all(found.values()), "each thing missing has its cure"
    return found


def without_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examine, "_LIBRARIES", {"Pango": ("libnowhere.so.0",)})


def test_a_sound_instance_lacks_nothing(instance: Path) -> None:
    assert missing(instance) == {}
    shown = doctor(instance)
    assert "OK      Key ring: opens; 1 keys" in shown.output
    assert "no demonstration" in shown.output


def test_a_folder_without_anything_is_told_how_to_begin(tmp_path: Path) -> None:
    found = missing(tmp_path / "nowhere")
    assert set(found) == {"Database", "Keys"}
    assert "trim init" in found["Database"]
    assert not (tmp_path / "nowhere").exists(), "looking changes nothing"


def test_missing_pango_names_the_packages(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_pango(monkeypatch)
    assert "apt-get install -y libpango-1.0-0" in missing(instance)["Pango"]
    assert "MISSING Pango" in doctor(instance).output


def test_a_system_without_fonts_is_named(instance: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(examine, "_FONT_FOLDERS", (str(tmp_path), str(tmp_path / "nowhere")))
    assert "fonts-dejavu-core" in missing(instance)["Fonts"]


def test_keys_that_others_may_read_are_named(instance: Path) -> None:
    (instance / "keys" / "master.key").chmod(0o644)
    (instance / "keys").chmod(0o755)
    found = missing(instance)
    assert set(found) == {"Key permissions"}
    assert "chmod 600" in found["Key permissions"]


def test_a_lost_key_is_named_and_not_made_anew(instance: Path) -> None:
    (instance / "keys" / "keyring.sqlite3").unlink()
    assert set(missing(instance)) == {"Keys"}
    assert not (instance / "keys" / "keyring.sqlite3").exists()


def test_a_master_key_of_another_instance_does_not_open(instance: Path) -> None:
    (instance / "keys" / "master.key").write_bytes(bytes(32))
    assert set(missing(instance)) == {"Key ring"}


def test_a_full_disk_is_named(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examine, "ENOUGH_SPACE", 2**80)
    assert set(missing(instance)) == {"Disk"}
