"""The first command works from a clean clone with an empty HOME and no .venv; a second start keeps the data."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.large
def test_make_run_serves_from_a_fresh_clone() -> None:
    done = subprocess.run(
        [ROOT / "scripts" / "prove_fresh_clone.sh"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=os.environ,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Proved:" in done.stdout
