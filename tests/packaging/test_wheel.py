"""The wheel carries everything and works in an empty folder, installed as a stranger would install it."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests.support.processes import clean_environment, free_port, get, serving

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = [pytest.mark.large, pytest.mark.xdist_group("packaging")]


def run(*command: str | Path, cwd: Path, environ: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return clean_environment(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, environ: dict[str, str]) -> Path:
    """Folder with the source archive, and the wheel that was built out of it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder, environ=environ)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, wheel: Path, environ: dict[str, str]) -> Path:
    """The `trim` of a fresh virtual environment with the locked requirements and the wheel."""
    folder = tmp_path_factory.mktemp("installed")
    # Without a pip of its own: Debian's Python may lack ensurepip, and the pip of this environment does as well.
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    python = folder / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-input"]
    locks = ROOT / "requirements"
    run(*pip, "--require-hashes", "-r", locks / "build.txt", cwd=folder, environ=environ)
    run(*pip, "--require-hashes", "--no-build-isolation", "-r", locks / "run.txt", cwd=folder, environ=environ)
    run(*pip, "--no-deps", "--no-index", wheel, cwd=folder, environ=environ)
    return folder / "venv" / "bin" / "trim"


def ours(folder: str) -> set[str]:
    """Files of the checkout under `folder` that git knows."""
    listed = subprocess.run(["git", "ls-files", "-z", folder], cwd=ROOT, capture_output=True, text=True, check=True)
    return {name for name in listed.stdout.split("\0") if name}


def test_the_wheel_carries_pages_packs_examples_and_assets(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("templates", "workflows", "examples"):
        wanted = {f"trim/_resources/{name}" for name in ours(folder)}
        assert wanted
        assert wanted <= inside, sorted(wanted - inside)[:5]
    assert ours("trim") <= inside, sorted(ours("trim") - inside)[:5]
    assert any(name.startswith("trim/web/static/") and name.endswith(".css") for name in inside)
    assert any(name.startswith("trim/translations/fr/") and name.endswith(".mo") for name in inside)


def test_nothing_else_slips_into_what_is_published(built: Path, wheel: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = [name.partition("/")[2] for name in opened.getnames()]
    for name in [*names, *zipfile.ZipFile(wheel).namelist()]:
        assert not name.startswith(("instance/", "tests/", ".venv/")), name
        assert not name.endswith((".sqlite3", ".key", ".pyc")), name


def test_the_installed_command_helps_and_its_packs_are_sound(
    installed: Path, tmp_path: Path, environ: dict[str, str]
) -> None:
    assert "trim demo" in run(installed, "--help", cwd=tmp_path, environ=environ)
    assert "trim: sound" in run(installed, "workflow", "check", cwd=tmp_path, environ=environ)
    assert "scenarios hold" in run(installed, "workflow", "test", cwd=tmp_path, environ=environ)
    assert list(tmp_path.iterdir()) == [], "asking leaves nothing behind"


def test_demo_and_serve_work_in_an_empty_folder(installed: Path, tmp_path: Path, environ: dict[str, str]) -> None:
    run(installed, "demo", cwd=tmp_path, environ=environ)
    assert (tmp_path / "instance" / "trim.sqlite3").is_file()
    port = str(free_port())
    with serving([installed, "serve"], cwd=tmp_path, environ=environ | {"PORT": port}, log=tmp_path / "log"):
        status, page = get(port, "/", **{"Accept-Language": "fr"})
        assert status == 200
        assert '<html lang="fr"' in page, "the wheel serves French"
    run(installed, "doctor", cwd=tmp_path, environ=environ)
