"""The repository can be built by anybody anywhere: locks are whole, and nothing names one machine or one registry."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))

# Put together here so that this file does not find itself.
REGISTRIES = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "deb.debian" + ".org")
MACHINE_PATHS = tuple(f"/{folder}/" for folder in ("root", "home", "work" + "/main", "work" + "/shared"))


def pinned(lock: Path) -> dict[str, str]:
    """Version by name; the part after `;` says on which systems."""
    lines = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", lock.read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in lines}


def tracked_texts() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8000]]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_requirement_has_its_hashes(lock: Path) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", lock.read_text().strip())
    assert blocks
    for block in blocks:
        assert "--hash=sha256:" in block, block


def test_every_requirement_of_the_project_is_locked_to_run() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = pinned(ROOT / "requirements" / "run.txt")
    for text in project["dependencies"]:
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        assert name in locked, f"{name} is not locked: run `make lock`"
        assert locked[name] in requirement.specifier, f"{name} is locked to {locked[name]}: run `make lock`"


def test_what_is_tested_is_what_runs() -> None:
    dev = pinned(ROOT / "requirements" / "dev.txt")
    for name in ("run.txt", "build.txt"):
        lock = pinned(ROOT / "requirements" / name)
        assert {package: dev.get(package) for package in lock} == lock


def test_nothing_names_a_registry_or_a_folder_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked_texts()
        for word in (*REGISTRIES, *MACHINE_PATHS)
        if word in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert found == []


def test_help_is_the_default_and_lists_the_documented_targets() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for target in ("setup", "run", "test", "test-all", "check", "pictures", "bench", "lock", "wheel", "clean"):
        assert f"make {target} " in shown
