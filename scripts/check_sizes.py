"""Fail when a file of ours is longer than 400 lines: long files are where a code base stops being readable.

Prints the longest files, so that the next one to split is known before it fails. Run: python scripts/check_sizes.py
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 400
SHOWN = 5
SUFFIXES = {".py", ".html", ".yaml", ".yml", ".css", ".scss", ".js", ".sh"}

# Not written by hand, or not by us: built style sheets and scripts, and generated migrations.
EXEMPT = ("trim/web/static/dist/", "trim/web/static/vendor/", "trim/store/migrations/versions/")


def our_files() -> list[Path]:
    """Files of the checkout that git knows or would take up (so that a new file is measured before its commit)."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - git is where PATH says
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = {name for name in listed.split("\0") if name and not name.startswith(EXEMPT)}
    return [ROOT / name for name in sorted(names) if Path(name).suffix in SUFFIXES and (ROOT / name).is_file()]


def main() -> int:
    """Measure and report; 1 when a file is too long."""
    sizes = sorted(
        ((len(path.read_bytes().splitlines()), str(path.relative_to(ROOT))) for path in our_files()), reverse=True
    )
    for lines, name in sizes[:SHOWN]:
        sys.stdout.write(f"        {lines:4d} {name}\n")
    too_long = [(lines, name) for lines, name in sizes if lines > LIMIT]
    for lines, name in too_long:
        sys.stderr.write(f"{name} has {lines} lines; {LIMIT} is the limit. Split it by step of the work.\n")
    return 1 if too_long else 0


if __name__ == "__main__":
    sys.exit(main())
