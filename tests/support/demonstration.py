"""The smallest demonstration, built once a run by the command itself: tests look at it or copy it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner, Result

from trim.cli.demo import FEWEST_CASES
from trim.cli.main import main
from trim.usecases.opening import open_backend
from trim.usecases.unit_of_work import Backend


def demo(folder: Path, *arguments: str, **environ: str) -> Result:
    """`trim demo` on the instance in `folder`."""
    return CliRunner(env={"TRIM_INSTANCE": str(folder), **environ}).invoke(main, ["demo", *arguments])


def smallest(shared: Path) -> Path:
    """The instance folder of a finished demonstration below `shared`; whoever comes first builds it."""
    folder, done = shared / "demonstration", shared / "demonstration.done"
    with _alone(shared / "demonstration.lock"):
        if not done.exists():
            result = demo(folder, "--cases", str(FEWEST_CASES))
            assert result.exit_code == 0, result.output
            done.touch()
    return folder


def copied(folder: Path, to: Path) -> Path:
    """A copy that a test may change."""
    shutil.copytree(folder, to)
    return to


@contextmanager
def opened(folder: Path) -> Iterator[Backend]:
    """The demonstration's backend."""
    backend = open_backend(f"sqlite:///{folder / 'trim.sqlite3'}", folder / "keys")
    try:
        yield backend
    finally:
        backend.close()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One test process at a time: several workers share the folder of a run."""
    try:
        import fcntl
    except ImportError:  # Windows: its suite runs in one process
        yield
        return
    handle = os.open(lock, os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
