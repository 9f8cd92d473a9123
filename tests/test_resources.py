"""The folders that ship beside the code are found in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

import pytest

from trim import resources


def test_a_checkout_finds_its_templates_and_workflows() -> None:
    checkout = Path(resources.__file__).parent.parent
    assert resources.templates_dir() == checkout / "templates"
    assert resources.workflows_dir() == checkout / "workflows"


def test_an_installed_wheel_reads_only_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "site-packages" / "trim" / "_resources"
    (installed / "templates").mkdir(parents=True)
    (tmp_path / "site-packages" / "workflows").mkdir()
    monkeypatch.setattr(resources, "_IN_WHEEL", installed)
    monkeypatch.setattr(resources, "_CHECKOUT", tmp_path / "site-packages")
    assert resources.templates_dir() == installed / "templates"
    with pytest.raises(resources.ResourceMissing):
        resources.workflows_dir()
