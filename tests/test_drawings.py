"""Pictures and tables in the documents are drawn from the program: a stale one fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_no_drawing_is_stale():
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "draw.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
